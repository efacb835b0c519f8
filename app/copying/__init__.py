"""Copying: a new client that begins with the set-up of another one, and with nothing of its people and results."""
