"""What no single section can see: each check takes a draft of the stack file and yields what it finds."""
