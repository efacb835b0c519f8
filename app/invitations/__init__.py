"""The right to answer: personal and shared links, made from a key that is not in the database."""
