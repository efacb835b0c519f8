"""Writing: consultants copy, change and write actions of a client's own, look at them on its data, and share them."""
