"""Resources registered by their type token.

Importing the generated modules `network`, `monitor` and `authorization` of azure-native and `core.v1` of kubernetes
takes three seconds of every preview, for a handful of resources (docs/components.md has the figures). So these are
registered by token, with the property names of the provider's schema. The engine and the provider check them as they
check any other; only the argument classes are missing.
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
        provider = pulumi.ResourceOptions(version=_sdk_version(token.partition(":")[0]))
        super().__init__(token, name, properties, pulumi.ResourceOptions.merge(provider, opts))


class KubernetesObject(TokenResource):
    """A Kubernetes object, given by its manifest as YAML would say it."""

    def __init__(
        self, name: str, manifest: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        group_version = manifest["apiVersion"]
        module = group_version if "/" in group_version else f"core/{group_version}"
        super().__init__(f"kubernetes:{module}:{manifest['kind']}", name, manifest, opts)


@cache
def _sdk_version(package: str) -> str:
    return version(f"pulumi-{package}")
