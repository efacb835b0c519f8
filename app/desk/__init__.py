"""The desk: all clients of a consultant at a glance, and putting one of them away."""
