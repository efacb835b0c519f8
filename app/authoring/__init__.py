"""Authoring: the pages on which a client's questionnaire is changed, looked at, remarked on and published."""
