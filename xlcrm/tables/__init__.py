"""The data model: the single source of column ids, labels, types, units and links."""
