"""Results that were shared with the client: by role with sponsors and leads, by link, and on a page for all staff."""
