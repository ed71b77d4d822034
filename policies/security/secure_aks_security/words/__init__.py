"""What the rules say of themselves: the generated pages and `explain`."""
