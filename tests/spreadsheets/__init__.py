"""Tests of lists in files: reading, writing, and what stands between values."""
