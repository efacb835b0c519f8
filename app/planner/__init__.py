"""The year of an assessment: its waves open, remind and close by themselves."""
