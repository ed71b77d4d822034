"""When each cluster's plan runs."""
