"""A release as a document, and the words for what it says: printed values only."""
