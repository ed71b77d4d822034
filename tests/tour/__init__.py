"""docs/tour.md, walked: its commands and edits as they stand, and what it says comes of them."""
