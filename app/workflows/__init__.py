"""Workflows: the pieces of work that the people of a department do, and are asked to rate."""
