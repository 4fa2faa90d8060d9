"""Models that are fitted: what a customer is worth, who is about to leave. Numbers in, numbers out; they know no workbook."""
