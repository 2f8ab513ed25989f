"""What people fill in: settings from the learners' own schemas, columns, the steps of the wizard."""
