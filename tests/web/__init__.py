"""What the doors of every chapter share."""
