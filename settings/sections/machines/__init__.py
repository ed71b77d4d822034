"""What the machines of a pool may have beside what every pool here has."""
