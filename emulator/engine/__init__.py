"""The real Pulumi engine: its CLI and the Kubernetes provider, found or built, and a host for Python programs."""
