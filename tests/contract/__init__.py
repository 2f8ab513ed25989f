"""The REST API and the sockets, held to their contract as a program from outside sees them."""
