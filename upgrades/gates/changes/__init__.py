"""Gates on what a new version takes away or brings along."""
