"""Organisations and their department tree."""
