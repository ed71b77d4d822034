"""One stack with everything that a command needs of it."""
