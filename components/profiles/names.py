"""Names that the loaders and the workloads share."""

from ..args.profiles import Kind

KINDS: tuple[Kind, ...] = ("seccomp", "apparmor")
"""The kinds of profiles."""

NAMESPACE = "security-profiles"
"""Namespace of the loaders."""
SAMPLES_NAMESPACE = "security-profiles-samples"
"""Namespace of the sample pods."""
SERVICE_ACCOUNT = "loader"
"""The loaders' service account, which may label the node that each runs on."""
SECCOMP_FOLDER = "/var/lib/kubelet/seccomp"
"""Where the kubelet looks for the profiles that pods name as `localhostProfile`."""
SECURITYFS = "/sys/kernel/security"
"""Where the kernel shows AppArmor."""
RECORDS_FOLDER = "/run/secure-aks-apparmor"
"""Where the AppArmor loader remembers what it loaded; it goes when the node restarts, as loaded profiles do."""


def label_domain(kind: Kind) -> str:
    """Return the prefix of the node labels that say which profiles of a kind are loaded."""
    return f"{kind}.secure-aks"


def node_label(kind: Kind, profile: str) -> str:
    """Return the label that a node has while a profile is loaded on it; its value is a hash of the profile's file."""
    return f"{label_domain(kind)}/{profile}"
