"""Images that nodes may not pull: those in a registry of the subscription on which the kubelet's identity has no AcrPull.

Source: AKS documentation, "Authenticate with Azure Container Registry", and its troubleshooting of `ImagePullBackOff` (401). Of a registry
that the emulated Azure does not have, nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.arm.authorization import require
from emulator.azure.errors import ArmError
from emulator.azure.shapes import at, rows
from emulator.entra.tokens import Caller
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from emulator.cloud.state import State
    from emulator.properties.values import Props

_REGISTRY, _CLUSTER = "Microsoft.ContainerRegistry/registries", "Microsoft.ContainerService/managedClusters"
_PULL = "Microsoft.ContainerRegistry/registries/pull/read"
_PODS = ("spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec")


def refuse_pulls(state: State, cluster_id: str, manifest: Props) -> None:
    """Raise ProviderError, as the provider does when pods do not become ready, for the first image that cannot be pulled."""
    cluster = state.get(cluster_id)
    kubelet = str(at(cluster.properties, "identityProfile.kubeletidentity.objectId")) if cluster else ""
    registries = {str(one.properties.get("loginServer")): one for one in state.of_type(_REGISTRY)}
    for image in _images(manifest):
        registry = registries.get(image.partition("/")[0].lower())
        if registry is None or cluster is None:
            continue
        try:
            require(state, Caller(kubelet, kubelet), _PULL, registry.id)
        except ArmError:
            raise ProviderError(
                f"{manifest.get('kind')} {at(manifest, 'metadata.name')}: its pods are not ready: ImagePullBackOff: Back-off pulling "
                f'image "{image}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to '
                f"https://{registry.properties['loginServer']}/oauth2/token: 401 Unauthorized"
            ) from None


def _images(manifest: Props) -> list[str]:
    pods: list[Any] = [at(manifest, path) for path in _PODS]
    return [
        str(container.get("image"))
        for pod in pods
        for key in ("initContainers", "containers")
        for container in rows({"pod": pod}, f"pod.{key}")
    ]
