"""Consultants sign in; which organisations they may see."""
