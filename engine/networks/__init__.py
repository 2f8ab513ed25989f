"""Neural networks for tables, written against the Keras 3 API alone."""
