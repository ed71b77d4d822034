"""What several components are made of."""
