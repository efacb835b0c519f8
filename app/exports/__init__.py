"""A release as files beside the PDF: each format is a module with a pure function, and `makers` knows all of them."""
