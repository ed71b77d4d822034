"""What a stack says, has and is about to change."""
