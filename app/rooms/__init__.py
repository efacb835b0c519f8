"""Rooms: people of a workshop join a survey with a short code, for some hours."""
