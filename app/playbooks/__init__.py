"""Playbooks: what to do when a score is low or a control is missing, and which guardrails apply. A library of files."""
