"""Effects: what was done quarter by quarter, and what the next wave shows of it beside cells that nobody acted on."""
