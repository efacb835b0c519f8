"""Effects: what was planned and done, and what the next wave shows of it."""
