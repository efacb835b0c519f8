"""The papers of a wave for the privacy officer and the works council, and the link with which they are read."""
