"""Gates on what runs on the nodes of a pool, and on the nodes themselves."""
