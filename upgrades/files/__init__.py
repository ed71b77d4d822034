"""The files of a stack: the one-line edit, and digests."""
