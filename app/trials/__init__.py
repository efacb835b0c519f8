"""Trial runs: the questionnaire of a wave that has not opened, answered by those who decide about it."""
