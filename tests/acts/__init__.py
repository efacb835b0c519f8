"""Tests of the log of who did what."""
