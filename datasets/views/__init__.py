"""The pages of datasets: find, one call, answer."""
