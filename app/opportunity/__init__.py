"""The opportunity map: which work is wanted and possible, from a release and the facts of workflows as of a date."""
