"""Lists in files: reading and writing CSV and workbooks, whichever program they come from or go to. Pure."""
