"""Azure's own shape of what a stack file may add to, read off the installed SDK and kept as data for the settings."""
