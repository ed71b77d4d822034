"""The versions of what runs in the cluster and comes from elsewhere; they are pinned here and nowhere else."""

KURED_CHART = "6.1.0"
"""Version of the kured chart (kured 1.23.0)."""
KURED_REPOSITORY = "https://kubereboot.github.io/charts"
"""Helm repository of the kured chart."""
POD_SECURITY_VERSION = "v1.35"
"""Version of the Pod Security Standards that namespaces enforce: an upgrade of Kubernetes does not change what a pod may be."""
