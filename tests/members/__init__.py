"""Tests of who has access to a client."""
