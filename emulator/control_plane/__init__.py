"""A real Kubernetes control plane, built from Go modules, for tests and for the emulator."""
