"""The pages of experiments and runs: find, one call, answer."""
