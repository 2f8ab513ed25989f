"""What a person would write instead of using the platform: one script each."""
