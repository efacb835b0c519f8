"""Comments: the queue in which the client's reviewer decides what is published, and the supplement made of it."""
