"""Kubernetes without a cluster: every resource is accepted as it is written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.errors import ProviderError
from emulator.plugins.base import CheckFailure, Construction, Diff, Provider, diff_values
from emulator.plugins.manifests import UNREAD, children, decoded
from emulator.properties.urns import name_of, type_of
from emulator.properties.values import UNKNOWN, is_object, reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.cloud.cloud import Cloud
    from emulator.properties.values import Props

_SETTINGS = {
    "clusterIdentifier": "string",
    "context": "string",
    "enableConfigMapMutable": "boolean",
    "enableSecretMutable": "boolean",
    "enableServerSideApply": "boolean",
    "kubeconfig": "string",
}
_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_IMMUTABLE = {
    "Deployment": ("spec.selector",),
    "DaemonSet": ("spec.selector",),
    "StatefulSet": ("spec.selector", "spec.serviceName"),
    "Job": ("spec.template", "spec.selector"),
    "RoleBinding": ("roleRef",),
    "ClusterRoleBinding": ("roleRef",),
    "Secret": ("type",),
}
"""What the API server does not let one change, by kind (Kubernetes API reference: "immutable" fields)."""


class KubernetesProvider(Provider):
    """Accepts manifests; a name that the program leaves out is made up, as the real provider does."""

    package = "kubernetes"
    settings = _SETTINGS

    def __init__(self, cloud: Callable[[], Cloud] | None = None) -> None:
        """Take what returns the cloud that the cluster is in, where there is one."""
        self._cloud = cloud
        self._cluster = ""

    @override
    def configure(self, config: Props) -> None:
        """Take `clusterIdentifier`, the resource id of the cluster in Azure; its nodes pull what is applied."""
        self._cluster = str(config.get("clusterIdentifier") or "")

    @override
    def check(self, urn: str, olds: Props | None, news: Props) -> tuple[Props, list[CheckFailure]]:
        """Fill in `metadata.name`; an object without a kind is refused."""
        if _is_chart(urn):
            return news, []
        failures = [CheckFailure(f, "is required") for f in ("apiVersion", "kind") if not news.get(f)]
        metadata: Any = news.get("metadata", {})
        if not is_object(metadata) or metadata.get("name") or metadata.get("generateName"):
            return news, failures
        old: Any = (olds or {}).get("metadata", {})
        name = old.get("name") if is_object(old) else None
        return {**news, "metadata": {**metadata, "name": name or _made_up(urn)}}, failures

    @override
    def diff(self, urn: str, old_inputs: Props, news: Props) -> Diff:
        """Replace what the API server does not let one change; under the same name the old one has to go first."""
        diffs = diff_values(old_inputs, news)
        fixed = [*_IDENTITY, *_IMMUTABLE.get(str(news.get("kind")), ())]
        replaces = [p for p in diffs if any(p == f or p.startswith((f"{f}.", f"{f}[")) for f in fixed)]
        same_place = not any(p in diffs for p in ("metadata.name", "metadata.namespace"))
        return Diff(bool(diffs), diffs, replaces, delete_before_replace=bool(replaces) and same_place)

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Give the id that the real provider gives, "<namespace>/<name>". Raises ProviderError where an image cannot be pulled."""
        if not preview:
            self._pull(inputs)
        return ("" if preview else _id(urn, inputs)), dict(inputs)

    @override
    def update(self, urn: str, id_: str, old_outputs: Props, news: Props, *, preview: bool) -> Props:
        """Take the new manifest. Raises ProviderError where an image cannot be pulled."""
        if not preview:
            self._pull(news)
        return dict(news)

    def _pull(self, manifest: Props) -> None:
        if self._cloud is not None and self._cluster and "spec" in manifest:
            from emulator.plugins.pulls import refuse_pulls  # noqa: PLC0415 - only in an `up`

            refuse_pulls(self._cloud().view(), self._cluster, manifest)

    @override
    def construct(self, urn: str, type_: str, inputs: Props, *, preview: bool) -> Construction:
        """Return the objects in the inputs of `yaml.v2`; say what is not known of files, folders and charts.

        Rendering those takes helm, kustomize or the network.
        """
        stated: Props = reveal(inputs)
        if type_ == "kubernetes:helm.sh/v4:Chart":
            chart, version = stated.get("chart", "?"), stated.get("version", "?")
            note = f"what the chart {chart} {version} renders to is not known here: its resources are not checked"
            return Construction(stated, note)
        found = children(name_of(urn), inputs)
        given = {k: v for k, v in stated.items() if v is UNKNOWN or v}
        unread = {k: v for k, v in given.items() if k in UNREAD or found is None}
        if found is not None and not unread and ("yaml" in stated or "objs" in stated):
            return Construction(stated, children=tuple(found))
        note = f"what is inside {type_} is not known here: {', '.join(sorted(unread)) or 'it is not read'}"
        return Construction(stated, note, tuple(found or ()), unread)

    @override
    def invoke(self, tok: str, args: Props) -> Props:
        """Decode YAML, which `yaml.ConfigGroup` and `yaml.ConfigFile` of the first version ask for."""
        if tok == "kubernetes:yaml:decode":
            return {"result": decoded(str(args.get("text") or ""))}
        if tok == "kubernetes:kustomize:directory":
            raise ProviderError(
                f"what kustomize makes of {args.get('directory')} is not known here; it takes the real Kubernetes provider "
                "(--control-plane), or kubernetes.yaml.v2.ConfigGroup with what `kubectl kustomize` prints"
            )
        return super().invoke(tok, args)


def _is_chart(urn: str) -> bool:
    return ":helm.sh/" in type_of(urn)


def _made_up(urn: str) -> str:
    """Return the logical name with a suffix that is the same in every run, where the real one is random."""
    return f"{name_of(urn).lower()}-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"


def _id(urn: str, inputs: Props) -> str:
    metadata: Any = inputs.get("metadata")
    found: Props = metadata if is_object(metadata) else {}
    name = found.get("name") or inputs.get("name") or name_of(urn)
    namespace = found.get("namespace") or inputs.get("namespace")
    return f"{namespace}/{name}" if namespace else str(name)
