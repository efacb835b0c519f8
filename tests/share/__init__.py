"""Tests of what is shared with the client."""
