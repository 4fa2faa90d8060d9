"""What a button or a verb does: read everything, compute, write once."""
