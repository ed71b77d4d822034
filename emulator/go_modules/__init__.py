"""Programs built once from Go modules into the cache: the control plane, the Pulumi CLI, the Kubernetes provider."""

from emulator.go_modules.module import BuildError, GoModule, cache_folder

__all__ = ["BuildError", "GoModule", "cache_folder"]
