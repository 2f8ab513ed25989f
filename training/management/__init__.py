"""What is started by hand or by the server: see commands."""
