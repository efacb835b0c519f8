"""Respond: the pages on which staff answer, from the link to the thanks."""
