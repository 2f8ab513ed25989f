"""What: uploads, datasets and their immutable versions."""
