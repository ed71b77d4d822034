"""What a cluster may have beside what every cluster here has."""
