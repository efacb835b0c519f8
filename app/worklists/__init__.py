"""Lists of workflows: the inventory as a file to take away, to change and to send back."""
