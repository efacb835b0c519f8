"""Documents: the papers with which work is reorganised, filled from data, changed by people, in versions."""
