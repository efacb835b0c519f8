"""Owners: who answers for a workflow says its facts through a link, without an account."""
