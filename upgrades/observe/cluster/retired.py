"""What a cluster runs that is retired, by the names in the lifecycle pack's `data/changes.yaml`.

Sources: the charts of ingress-nginx and the application routing operator of AKS, for controllers and images.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from upgrades.observe.json_parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .api_reader import Lists

COMMUNITY, MANAGED = "ingress-nginx", "application-routing-nginx"
KNOWN = {COMMUNITY, MANAGED}
"""Every name that can be found here."""
CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
CONTROLLER = re.compile(r"(?:(k8s\.io/ingress-nginx)|(?:web)?approuting\.kubernetes\.azure\.com)(?:/.*)?")
"""What an IngressClass names as its controller; a further one of the add-on has its name behind a slash."""
IMAGE = re.compile(r"(?:^|/)(?:ingress-nginx/controller(?:-chroot)?|nginx-ingress-controller)(?:[:@]|$)")
"""The controller's image, in whatever registry; that of F5's is nginx-ingress."""
NAMESPACE = "app-routing-system"
"""Where the add-on has its controllers."""


def retired(reader: Lists) -> frozenset[str]:
    """Return what the API server tells of. Raises ApiException for what may not be read."""
    return frozenset((*_by_class(reader), *_by_image(reader)))


def retired_in_azure(cluster: Mapping[str, Any]) -> frozenset[str]:
    """Return what Azure tells of a managed cluster: the add-on, unless it was told to make no NGINX by itself."""
    routing = part(cluster, "properties", "ingressProfile", "webAppRouting")
    kind = str(part(routing, "nginx").get("defaultIngressControllerType") or "")
    return frozenset({MANAGED} if routing.get("enabled") is True and kind.lower() != "none" else ())


def _by_class(reader: Lists) -> Iterator[str]:
    for item in reader.items(CLASSES):
        if found := CONTROLLER.fullmatch(str(part(item, "spec").get("controller") or "")):
            yield COMMUNITY if found[1] else MANAGED


def _by_image(reader: Lists) -> Iterator[str]:
    for plural in ("deployments", "daemonsets"):
        for item in reader.items(f"/apis/apps/v1/{plural}"):
            pod = part(item, "spec", "template", "spec")
            if any(IMAGE.search(str(one.get("image") or "")) for one in pod.get("containers") or ()):
                yield MANAGED if item["metadata"].get("namespace") == NAMESPACE else COMMUNITY
