"""Questionnaires as data, and the code that reads, checks, arranges and encodes them. Knows neither app nor scoring."""
