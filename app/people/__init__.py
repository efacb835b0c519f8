"""The list of people of a wave: importing it, seeing what would change, taking people on and off."""
