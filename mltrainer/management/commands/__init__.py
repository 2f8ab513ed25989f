"""One door for each way to start."""
