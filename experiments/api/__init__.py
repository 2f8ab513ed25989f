"""The API of experiments and runs: find, one call, answer."""
