"""From the file to the models, and from a fault to its message."""
