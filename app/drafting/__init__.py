"""Consultants write a client's own templates of documents, and see them filled with that client's data."""
