"""Retention: answers, rosters and clients are deleted when it was promised, with a record of it."""
