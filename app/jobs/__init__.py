"""Work in the background: rows with leases, taken by one loop, retried, handed on when a worker dies."""
