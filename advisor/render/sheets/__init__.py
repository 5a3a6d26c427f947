"""What the table prints of each report: one file a report."""
