"""Kubernetes on a real control plane: server-side apply, dry runs at preview, drift by field ownership."""

from __future__ import annotations

import base64
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from typing_extensions import override

from emulator.control_plane.client import APPLY, ApiError
from emulator.plugins import helm
from emulator.plugins.base import Construction, Diff, PartialError, ProviderError
from emulator.plugins.kubernetes import KubernetesProvider
from emulator.plugins.kubernetes_drift import as_it_is
from emulator.plugins.kubernetes_waits import not_ready
from emulator.properties.urns import name_of, type_of
from emulator.properties.values import has_unknown, is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.control_plane.client import ApiClient, Resource
    from emulator.control_plane.stack_cluster import StackCluster
    from emulator.plugins.base import Props

MANAGER = "pulumi-kubernetes"
_POLL = 0.1
_WAIT_SECONDS = 120.0
"""How long a workload may take to be ready and an object to be gone; `pulumi.com/timeoutSeconds` says otherwise."""
_ACCOUNT_SECONDS = 20.0
"""How long what a Patch changes may take to appear: controllers make it (a namespace's default service account)."""


class ClusterKubernetesProvider(KubernetesProvider):
    """Applies manifests to the stack's control plane, whatever cluster their kubeconfig names."""

    def __init__(self, cluster: StackCluster, on_attach: Callable[[Props], None]) -> None:
        """Take the control plane; `on_attach` gets the provider's configuration once it runs."""
        self._cluster, self._on_attach = cluster, on_attach
        self._namespace = "default"
        self._known: dict[tuple[str, str], Resource] = {}
        self._fresh = False

    @override
    def configure(self, config: Props) -> None:
        """Start the control plane when it does not run. Raises ProviderError when it cannot be."""
        self._namespace = str(config.get("namespace") or "default")
        self._fresh = self._cluster.is_fresh
        self._client: ApiClient = self._cluster.ensure().client()
        self._on_attach(config)

    @override
    def close(self) -> None:
        """Close the connection."""
        client = getattr(self, "_client", None)
        if client is not None:
            client.close()

    @override
    def diff(
        self,
        urn: str,
        id_: str,
        old_inputs: Props,
        old_outputs: Props,
        news: Props,
        ignore_changes: list[str],
    ) -> Diff:
        """Compare inputs; on a new control plane what is not there yet is applied again."""
        diff = super().diff(urn, id_, old_inputs, old_outputs, news, ignore_changes)
        if self._fresh and not diff.changes and not has_unknown(news) and self._live(news) is None:
            return Diff(changes=True, diffs={"metadata": "update"})
        return diff

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Apply a manifest; at preview only ask the server whether it would take it."""
        id_, _ = super().create(urn, inputs, preview=preview)
        return id_, self._apply(urn, id_, inputs, preview=preview)

    @override
    def update(
        self, urn: str, id_: str, old_outputs: Props, old_inputs: Props, news: Props, *, preview: bool
    ) -> Props:
        """Apply the new manifest; what it no longer names is given up, and goes unless others hold it."""
        return self._apply(urn, id_, news, preview=preview)

    @override
    def read(self, urn: str, id_: str, inputs: Props | None) -> tuple[str, Props, Props] | None:
        """Get an object; of one that the stack manages, only what the stack applied."""
        inputs = inputs or _identity(type_of(urn), id_)
        live = self._live(inputs)
        if live is None:
            return None
        now = as_it_is(inputs, live, _manager(urn, inputs))
        return id_, now, _outputs(now, live)

    @override
    def delete(self, urn: str, id_: str, outputs: Props) -> None:
        """Delete an object and wait until it is gone; a Patch only lets go of its fields."""
        try:
            live = self._live(outputs)
        except ProviderError:
            return  # its kind is gone, and it with it
        if live is None:
            return
        path = self._path(outputs)
        if _is_patch(urn):
            bare = {k: outputs[k] for k in ("apiVersion", "kind")}
            metadata = {k: live["metadata"][k] for k in ("name", "namespace") if k in live["metadata"]}
            self._ask("PATCH", f"{path}?{_query(_manager(urn, outputs))}", {**bare, "metadata": metadata})
            return
        self._ask("DELETE", f"{path}?propagationPolicy=Foreground", missing_ok=True)
        left = self._wait(lambda: self._left(outputs, live["metadata"]["uid"]), _timeout(outputs))
        if left:
            raise ProviderError(f"{outputs['kind']} {id_} is not gone: {left}")

    @override
    def construct(self, urn: str, type_: str, inputs: Props, *, preview: bool) -> Construction:
        """Render a chart where helm and the chart are in reach; say so where they are not."""
        if type_ != helm.CHART:
            return super().construct(urn, type_, inputs, preview=preview)
        return helm.render(name_of(urn), inputs)

    def _apply(self, urn: str, id_: str, inputs: Props, *, preview: bool) -> Props:
        if preview and has_unknown(inputs):
            return dict(inputs)
        resource = self._resource(inputs, preview=preview)
        if resource is None:
            self.report(
                urn,
                f"the API server does not know {inputs['apiVersion']} {inputs['kind']} yet: not checked at preview",
            )
            return dict(inputs)
        if _is_patch(urn) and not self._appears(inputs, 0.0 if preview else _ACCOUNT_SECONDS):
            if preview:
                return dict(inputs)
            raise ProviderError(f"{inputs['kind']} {id_} does not exist: a Patch changes what is there")
        manager = _manager(urn, inputs)
        forced = _annotation(inputs, "patchForce") == "true"
        query = _query(manager, force=forced, dry_run=preview)
        try:
            body = _body(inputs)
            if not resource.namespaced:
                body["metadata"].pop("namespace", None)
            live = self._ask("PATCH", f"{self._path(inputs)}?{query}", body)
        except NotFoundError:
            if preview:  # its namespace comes with this update
                return dict(inputs)
            raise
        outputs = _outputs(inputs, live)
        if not preview and not _is_patch(urn):
            self._await(id_, inputs, outputs)
        return outputs

    def _await(self, id_: str, inputs: Props, outputs: Props) -> None:
        """Wait until an object is ready. Raises PartialError: it is there, and not what it should be."""
        if _annotation(inputs, "skipAwait") == "true":
            return
        why = self._wait(lambda: not_ready(self._live(inputs) or {}), _timeout(inputs))
        if why:
            raise PartialError(f"{inputs['kind']} {id_} is not ready: {why}", id_, outputs)

    def _appears(self, inputs: Props, seconds: float) -> bool:
        return not self._wait(lambda: "" if self._live(inputs) else "missing", seconds)

    def _wait(self, why: Callable[[], str], seconds: float) -> str:
        """Poll until `why` returns "", for `seconds` at most; return its last answer."""
        end = time.monotonic() + seconds
        while (answer := why()) and time.monotonic() < end:
            time.sleep(_POLL)
        return answer

    def _left(self, inputs: Props, uid: str) -> str:
        live = self._live(inputs)
        if live is None or live["metadata"]["uid"] != uid:
            return ""
        finalizers = live["metadata"].get("finalizers") or live.get("spec", {}).get("finalizers")
        return f"finalizers {', '.join(finalizers)} hold it" if finalizers else "it is being deleted"

    def _live(self, inputs: Props) -> Props | None:
        if self._resource(inputs, preview=True) is None:
            return None
        try:
            return self._ask("GET", self._path(inputs))
        except NotFoundError:
            return None

    def _path(self, inputs: Props) -> str:
        resource = self._resource(inputs, preview=False)
        metadata = inputs["metadata"]
        assert resource is not None  # noqa: S101 - not at preview: it raises
        return resource.path(metadata.get("namespace") or self._namespace, metadata["name"])

    def _resource(self, inputs: Props, *, preview: bool) -> Resource | None:
        """Return the kind as the server knows it; when it does not, None at preview, else ProviderError."""
        key = (str(inputs["apiVersion"]), str(inputs["kind"]))
        if key not in self._known:
            try:
                self._known[key] = self._client.resource_of(*key)
            except (LookupError, ApiError) as error:
                if isinstance(error, ApiError) and error.status != HTTPStatus.NOT_FOUND:
                    raise ProviderError(str(error)) from None
                if preview:
                    return None
                raise ProviderError(
                    f"the API server does not know {key[0]} {key[1]}: its CustomResourceDefinition has to come first"
                ) from None
        return self._known[key]

    def _ask(self, method: str, path: str, body: Props | None = None, *, missing_ok: bool = False) -> Props:
        try:
            return self._client.call(method, path, body, content_type=APPLY)
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                if missing_ok:
                    return {}
                raise NotFoundError(str(error)) from None
            raise ProviderError(_explained(error)) from None
        except OSError as error:
            raise ProviderError(f"the control plane does not answer: {error}") from None


class NotFoundError(ProviderError):
    """There is no such object, or no such namespace."""


def _explained(error: ApiError) -> str:
    text = " ".join(str(error).split())
    if error.status != HTTPStatus.CONFLICT:
        return text
    return (
        f"{text}. Somebody else manages these fields: undo that there, take them out of the program, "
        'or take them over with the annotation pulumi.com/patchForce: "true"'
    )


def _query(manager: str, *, force: bool = False, dry_run: bool = False) -> str:
    query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"}
    return urlencode(query | ({"dryRun": "All"} if dry_run else {}))


def _is_patch(urn: str) -> bool:
    return type_of(urn).endswith("Patch")


def _manager(urn: str, inputs: Props) -> str:
    """Return the field manager: Patches have one each, since several may change one object."""
    if not _is_patch(urn):
        return MANAGER
    return _annotation(inputs, "patchFieldManager") or f"{MANAGER}-{name_of(urn)}"[:128]


def _annotation(inputs: Props, name: str) -> str:
    annotations = inputs.get("metadata", {}).get("annotations")
    return str(annotations.get(f"pulumi.com/{name}", "")) if is_object(annotations) else ""


def _timeout(inputs: Props) -> float:
    text = _annotation(inputs, "timeoutSeconds")
    return float(text) if text.isdecimal() else _WAIT_SECONDS


def _identity(type_: str, id_: str) -> Props:
    """Return what an id and a type token ("kubernetes:apps/v1:Deployment") say of an object."""
    _, api, kind = type_.split(":")
    namespace, _, name = id_.rpartition("/")
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": api.removeprefix("core/"),
        "kind": kind.removesuffix("Patch"),
        "metadata": metadata,
    }


def _body(inputs: Props) -> Props:
    """Return the manifest to apply: whole numbers whole (Pulumi has floats only), nulls out, text data encoded."""
    body = _plain(inputs)
    text: Any = body.pop("stringData", None) if body.get("kind") == "Secret" else None
    if is_object(text):
        body["data"] = {
            **body.get("data", {}),
            **{k: base64.b64encode(str(v).encode()).decode() for k, v in text.items()},
        }
    return body


def _plain(value: Any) -> Any:
    if is_object(value):
        return {k: _plain(v) for k, v in value.items() if v is not None and k != "__fieldManager"}
    if is_list(value):
        return [_plain(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _outputs(inputs: Props, live: Props) -> Props:
    """Return the inputs with what the server says of the object's identity; its status is no part of them."""
    metadata = {k: live["metadata"][k] for k in ("name", "namespace", "uid") if k in live["metadata"]}
    return {**inputs, "metadata": {**inputs.get("metadata", {}), **metadata}}
