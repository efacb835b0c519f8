"""Scoring: pure functions, arrays in, frozen dataclasses out. No file, no web, no database."""
