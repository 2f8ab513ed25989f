"""What people see when parts of a running installation break."""
