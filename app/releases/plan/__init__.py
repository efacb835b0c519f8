"""The plan of a release: which sets of people may be told of, and the ledger of those that were."""
