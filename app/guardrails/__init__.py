"""The guardrails of a client: which count in which department, how each stands as of a day, and what counsel said."""
