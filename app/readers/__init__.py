"""Readers: the links with which somebody without an account reads papers or a draft, or tries a questionnaire."""
