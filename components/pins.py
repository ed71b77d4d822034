"""The versions of what runs in the cluster and comes from elsewhere; they are pinned here and nowhere else."""

KURED_CHART = "6.1.0"
"""Version of the kured chart (kured 1.23.0)."""
KURED_REPOSITORY = "https://kubereboot.github.io/charts"
"""Helm repository of the kured chart."""
SHELL_IMAGE = "mcr.microsoft.com/azurelinux/busybox:1.36"
"""Image with a shell, from the registry that every AKS node reaches anyway."""
