"""What people fill in: settings made from the learners' own schemas, columns, and the four steps of the wizard."""
