"""The audit log on screen and as a file: who did what at a client, and when."""
