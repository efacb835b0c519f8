"""A release as files: the PDF report."""
