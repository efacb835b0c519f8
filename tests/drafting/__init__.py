"""Templates of a client's own: written, looked at, used, taken over."""
