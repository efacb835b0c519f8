"""Plan records: what is planned and how guardrails stand as of a day, fixed so that files print the same again."""
