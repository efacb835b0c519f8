"""Mail to the people on a wave's list: what is planned, what has to be sent, and sending it."""
