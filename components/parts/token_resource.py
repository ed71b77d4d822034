"""Resources registered by their type token.

Importing the generated modules `network`, `monitor` and `authorization` of azure-native, `core.v1` of kubernetes and
azuread takes more than three seconds of every preview, for a handful of resources (docs/components.md has the figures).
So these are registered by token, with the property names of the provider's schema. The engine and the provider check them
as they check any other; only the argument classes are missing.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import pulumi


class TokenResource(pulumi.CustomResource):
    """A resource given by its type token, such as `azure-native:network:Subnet`, and its properties in camelCase.

    The provider's version is that of the installed SDK, so that typed and untyped resources share one provider.
    """

    def __init__(
        self, token: str, name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        provider = pulumi.ResourceOptions(version=sdk_version(token.partition(":")[0]))
        super().__init__(token, name, properties, pulumi.ResourceOptions.merge(provider, opts))


PATCH_FORCE = "pulumi.com/patchForce"
"""Annotation by which the Kubernetes provider applies an object with force."""


def owned(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of an object whose fields this program takes back from whoever changed them.

    Without the annotation, an `up` that would put back what somebody else patched ends in a conflict of field managers.
    """
    metadata = manifest["metadata"]
    annotations = {**metadata.get("annotations", {}), PATCH_FORCE: "true"}
    return {**manifest, "metadata": {**metadata, "annotations": annotations}}


class KubernetesObject(TokenResource):
    """A Kubernetes object, given by its manifest as YAML would say it; its fields are `owned`."""

    def __init__(
        self, name: str, manifest: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        group_version = manifest["apiVersion"]
        module = group_version if "/" in group_version else f"core/{group_version}"
        super().__init__(f"kubernetes:{module}:{manifest['kind']}", name, owned(manifest), opts)


@cache
def sdk_version(package: str) -> str:
    """Return the version of a provider's installed SDK."""
    return version(f"pulumi-{package}")
