"""`python -m components.azure_api` writes the shape of the API in use to settings/facts/data/azure_api.json."""

import json
import sys
from importlib.metadata import version
from typing import Any

from secure_aks_lifecycle.ending import run

from settings.facts.azure_api import FILE
from settings.whole_file import write_whole

from .sdk_types import described, inner, type_name

CONTAINER_SERVICE, NETWORK = "2025-09-01", "2024-05-01"
"""The API versions that azure-native uses for these resources; a test reads them off the installed SDK."""


def shape() -> dict[str, Any]:
    """Return the whole content of the file."""
    # Seconds, and only here.
    from pulumi_azure_native.containerservice import agent_pool, managed_cluster  # noqa: PLC0415
    from pulumi_azure_native.network import virtual_network  # noqa: PLC0415

    network_args: Any = virtual_network.VirtualNetworkArgs  # pyright: ignore[reportPrivateImportUsage]

    # What is a resource of its own is a name alone: its type would bring half of the network API along.
    roots: dict[str, tuple[type, tuple[str, ...]]] = {
        "cluster": (managed_cluster.ManagedClusterArgs, ()),
        "pool": (agent_pool.AgentPoolArgs, ()),
        "network": (network_args, ("subnets", "virtualNetworkPeerings")),
    }
    types: dict[str, Any] = {}
    for type_, without in roots.values():
        waiting = list(inner(type_, without))
        while waiting:
            found = waiting.pop()
            name = type_name(found)
            if name not in types:
                types[name] = described(found)
                waiting += inner(found)
    return {
        "source": f"pulumi-azure-native {version('pulumi-azure-native')}, its input types",
        "api": {"cluster": CONTAINER_SERVICE, "pool": CONTAINER_SERVICE, "network": NETWORK},
        "resources": {
            kind: described(type_, without)
            | {name: {"python": "", "kind": "any", "meaning": ""} for name in without}
            for kind, (type_, without) in roots.items()
        },
        "types": dict(sorted(types.items())),
    }


def render() -> str:
    """Return the file's text."""
    return json.dumps(shape(), indent=1, sort_keys=False) + "\n"


def main() -> None:
    """Write the file."""
    write_whole(FILE, render())
    sys.stdout.write(f"{FILE.name} written\n")


if __name__ == "__main__":
    run(lambda: main)
