"""The end of a wave as one walk: what a person has to settle before it closes, while it does, and afterwards."""
