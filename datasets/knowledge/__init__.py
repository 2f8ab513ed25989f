"""What is in a table beyond its columns one by one: copies, ties, disguises, and what tells the answer."""
