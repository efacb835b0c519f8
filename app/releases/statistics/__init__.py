"""The statistics of a release: from answer sheets to the printed numbers of the sets that the plan allows."""
