"""Assessments and their waves: planned, opened, watched, closed."""
