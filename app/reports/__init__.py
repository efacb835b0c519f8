"""A release as files: one queue for every format, and the PDF report."""
