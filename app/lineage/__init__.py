"""Which department came from which: every change of the tree with the day on which it counts, planned or done."""
