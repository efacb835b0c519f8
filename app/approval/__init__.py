"""Approval: what the privacy officer and the works council read before a wave opens, and what they decided."""
