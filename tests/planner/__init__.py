"""The year of an assessment: planned on a page, done by workers."""
