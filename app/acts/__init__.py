"""The audit log: one row for each act at a client, written with it, never changed, and deleted after three years."""
