"""`secure-aks admission`: the security pack's rules as YAML for `kubectl apply`, for any cluster."""

from __future__ import annotations

import json
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
import yaml
from secure_aks_lifecycle.versions.version import Version
from secure_aks_security import clock
from secure_aks_security.admission.manifests import NAMESPACE, Modes, manifests
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import Configuration, configure

from settings import SettingsError
from settings.reading.source import document

FIRST = Version.parse("1.30.0")
"""ValidatingAdmissionPolicy is stable from here (Kubernetes, release notes of 1.30)."""

BINDING = "ValidatingAdmissionPolicyBinding"
_BUILT = re.compile(r"(v?\d+\.\d+\.\d+)[-+][-+.\w]+")
"""How `kubectl version` tells a version on clusters of others: v1.33.5+k3s1, v1.33.5-gke.1080000, v1.33.5-eks-ba24e9c."""
_CLUSTER = "secure-aks:cluster"
_TAKEN = {"secure-aks:policies", "secure-aks:exemptions", "secure-aks:defaults"}


class Mode(StrEnum):
    """What happens to an object that breaks a mandatory rule."""

    DENY = "Deny"
    WARN = "Warn"
    AUDIT = "Audit"


KubernetesVersion = Annotated[
    str, typer.Option("--kubernetes-version", help="Of the cluster, x.y.z: rules newer than it are left out.")
]
ModeOption = Annotated[Mode, typer.Option("--mode", help="For objects that break a mandatory rule.")]
Config = Annotated[
    Path | None,
    typer.Option(help="YAML with policies and exemptions, as under `config:` of a stack file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print them as one JSON list.")]


def admission(
    kubernetes_version: KubernetesVersion,
    *,
    mode: ModeOption = Mode.WARN,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the admission policies as YAML for `kubectl apply`, in the order to apply them."""
    try:
        version = Version.parse(_BUILT.sub(r"\1", kubernetes_version))
    except ValueError as error:
        _refuse(f"--kubernetes-version: {error}")
    if version < FIRST:
        _refuse(
            f"--kubernetes-version: {version} has no admission policies yet; they are stable from {FIRST}"
        )
    configuration = _configuration(config, str(version))
    if configuration.problems:
        _refuse("\n".join(f"--config: {config}: {problem}" for problem in configuration.problems))
    try:
        made = documents(configuration, mode, str(version))
    except ValueError as error:
        _refuse(str(error))
    if as_json:
        typer.echo(json.dumps({"apiVersion": "v1", "kind": "List", "items": made}, indent=2))
        return
    yaml.safe_dump_all(made, sys.stdout, sort_keys=False)


def documents(configuration: Configuration, mode: Mode, version: str) -> list[dict[str, Any]]:
    """Return every object, the namespace of the parameters first. Raises ValueError for a clock that is set to no day."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    made = manifests(configuration, Modes(mode.value), version, clock.today())
    for one in made:  # a binding that the mode named would hold on beside that of another mode
        if one["kind"] == BINDING:
            one["metadata"]["name"] = one["spec"]["policyName"]
    # Plain copies: YAML would write a value that stands in two places as an anchor, which kubectl takes and people do not.
    return json.loads(json.dumps([namespace, *made]))


def _configuration(path: Path | None, version: str) -> Configuration:
    """Return what is said to the rules, of a cluster of this version, whatever the file has."""
    said_of_it = {"kubernetesVersion": version}
    if path is None:
        return configure(load_rules(), {_CLUSTER: said_of_it})
    try:
        said: Any = document(path)
    except SettingsError as error:
        _refuse(f"--config: {error}")
    if isinstance(said, dict) and "config" in said:  # a whole stack file
        said = cast("dict[str, Any]", said)["config"]
    keys = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if not keys.keys() & _TAKEN:
        _refuse(
            f"--config: {path} says nothing of the rules; write one of {', '.join(sorted(_TAKEN))}, as in a stack file"
        )
    cluster = keys.get(_CLUSTER)
    known = cast("dict[str, Any]", cluster) if isinstance(cluster, dict) else {}
    return configure(load_rules(), {**keys, _CLUSTER: {**known, **said_of_it}})


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
