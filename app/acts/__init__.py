"""The audit log: one row for each thing that somebody did at a client, written with it and never changed."""
