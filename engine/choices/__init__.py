"""What a person may choose, as frozen values with titles, bounds and help."""
