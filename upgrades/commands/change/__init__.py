"""Commands that change a cluster, and what these share."""
