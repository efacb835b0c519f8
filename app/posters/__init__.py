"""Posters: a department's shared link as a QR code, on screen and printed, in the languages of the wave."""
