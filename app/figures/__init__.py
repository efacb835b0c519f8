"""A release drawn: where dots, lines and bars stand, for the screen and for paper, from printed values alone."""
