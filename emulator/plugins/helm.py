"""Helm charts: rendered with the helm of this machine where the chart is in reach."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from emulator.plugins.base import Child, Construction
from emulator.properties.values import has_unknown, is_object

if TYPE_CHECKING:
    from emulator.plugins.base import Props

CHART = "kubernetes:helm.sh/v4:Chart"
_SECONDS = 60
_OF_NO_NAMESPACE = ("Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass", "APIService")
"""Kinds that lie in no namespace, besides those named Cluster... and those of admission."""


def render(name: str, inputs: Props) -> Construction:
    """Return a chart's resources as children; a note instead, in one line, where they cannot be known."""
    chart = f"the chart {inputs.get('chart', '?')} {inputs.get('version', '')}".strip()
    helm = shutil.which("helm")
    if has_unknown(inputs):
        return Construction(dict(inputs), note=f"{chart} is rendered once its values are known")
    if helm is None:
        return Construction(
            dict(inputs), note=f"{chart} is not applied: helm is not on PATH, so it is not rendered"
        )
    command, values = _command(helm, name, inputs)
    try:
        done = subprocess.run(
            command, input=values, capture_output=True, text=True, check=True, timeout=_SECONDS
        )
        manifests: list[Any] = [m for m in yaml.safe_load_all(done.stdout) if is_object(m)]
    except subprocess.CalledProcessError as error:
        why = " ".join(str(error.stderr).split())
    except (subprocess.TimeoutExpired, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
    else:
        return Construction(dict(inputs), [_child(name, m, inputs) for m in manifests])
    return Construction(dict(inputs), note=f"{chart} is not applied: {why[:300]}")


def _command(helm: str, name: str, inputs: Props) -> tuple[list[str], str]:
    """Return what renders a chart, and the values that it reads from stdin."""
    command = [helm, "template", str(inputs.get("name") or name), str(inputs.get("chart")), "--no-hooks"]
    repository: Any = inputs.get("repositoryOpts")
    options = {
        "--namespace": inputs.get("namespace"),
        "--version": inputs.get("version"),
        "--repo": repository.get("repo") if is_object(repository) else None,
    }
    for option, value in options.items():
        command += [option, str(value)] if value else []
    if not inputs.get("skipCrds"):
        command.append("--include-crds")
    return [*command, "--values", "-"], json.dumps(inputs.get("values") or {})


def _child(chart: str, manifest: Props, inputs: Props) -> Child:
    """Return one rendered manifest as a resource, named as pulumi-kubernetes names it: chart:namespace/name."""
    api = str(manifest.get("apiVersion"))
    metadata: Props = manifest.get("metadata") or {}
    kind = str(manifest.get("kind"))
    anywhere = kind.startswith(("Cluster", "Validating", "Mutating")) or kind in _OF_NO_NAMESPACE
    namespace = None if anywhere else metadata.get("namespace") or inputs.get("namespace")
    if namespace:  # charts often leave it to the client
        manifest = {**manifest, "metadata": {**metadata, "namespace": namespace}}
    where = f"{namespace}/{metadata.get('name')}" if namespace else str(metadata.get("name"))
    token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{kind}"
    return Child(token, f"{chart}:{where}", manifest)
