"""Lists of people: importing them, and what follows while a wave is open."""
