"""Why: the question asked of a dataset version, and the runs that try to answer it."""
