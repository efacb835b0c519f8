"""The auditor: counts and proves by itself what a release may tell; shares no code with what planned it."""
