"""Organisations: their department tree, brand, calendar and settings."""
