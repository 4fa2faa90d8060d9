"""The buttons: one catalogue; each reads everything, computes, writes once and says what changed."""
