"""The quarterly brief of a running year: progress, what is due, the quarter's values and events, who is near a line."""
