"""Questionnaires: where a wave's instrument comes from, and the clients' own, from draft to published version."""
