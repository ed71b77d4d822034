"""Charts that many clusters have, and which rules tell whoever installs them to change something."""
