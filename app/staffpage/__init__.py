"""The page for all staff: what is said there of a wave's result and of what is done next, and the link to it."""
