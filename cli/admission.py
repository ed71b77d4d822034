"""`secure-aks admission`: the security pack's rules as YAML for `kubectl apply`, for any cluster."""

from __future__ import annotations

import json
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

FIRST = Version.parse("1.30.0")
"""ValidatingAdmissionPolicy is stable from here (Kubernetes, release notes of 1.30)."""


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


def admission(
    kubernetes_version: KubernetesVersion, mode: ModeOption = Mode.WARN, config: Config = None
) -> None:
    """Print the admission policies as YAML, in the order to apply them."""
    try:
        version = Version.parse(kubernetes_version)
    except ValueError as error:
        _refuse(f"--kubernetes-version: {error}")
    if version < FIRST:
        _refuse(
            f"--kubernetes-version: {version} has no admission policies yet; they are stable from {FIRST}"
        )
    configuration = _configuration(config)
    if configuration.problems:
        _refuse("\n".join(configuration.problems))
    yaml.safe_dump_all(documents(configuration, mode, str(version)), sys.stdout, sort_keys=False)


def documents(configuration: Configuration, mode: Mode, version: str) -> list[dict[str, Any]]:
    """Return every object, the namespace of the parameters first."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    made = manifests(configuration, Modes(mode.value), version, clock.today())
    # Plain copies: YAML would write a value that stands in two places as an anchor, which kubectl takes and people do not.
    return json.loads(json.dumps([namespace, *made]))


def _configuration(path: Path | None) -> Configuration:
    try:
        said: object = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, yaml.YAMLError) as error:
        _refuse(f"--config: {error}")
    if not isinstance(said, dict):
        _refuse(f"--config: {path} has to hold keys, such as secure-aks:policies")
    return configure(load_rules(), cast("dict[str, Any]", said))


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
