"""A release on screen: the heatmap, and one page for each row of it."""
