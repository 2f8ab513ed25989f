"""Template tags that know the chapter."""
