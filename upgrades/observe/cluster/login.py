"""The way into a cluster: the stack's own kubeconfig, whose login plugin (kubelogin) is run here.

The Kubernetes client would run it too, log that it failed and go on without a token, for minutes. Here each failure is one
line, at once. Sources: Kubernetes, "client-go credential plugins"; kubelogin's documentation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from kubernetes import config
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from secure_aks_lifecycle import ending

from upgrades.observe.errors import ClusterError

from .api_reader import patient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubernetes.client import ApiClient

SECONDS, SECONDS_FOR_A_PERSON = 30, 300
"""How long a login may take: by itself, and where a person has to type a code or click."""

BY_HAND = {"devicecode", "interactive"}
"""kubelogin's logins that need a person."""

Json = dict[str, Any]


def client_of(kubeconfig: str, name: str = "the stack's kubeconfig", remedy: str = "") -> ApiClient:
    """Return a client of the cluster that a kubeconfig's current context names. Raises ClusterError, which calls it by its `name`."""
    reader: Any = YAML(typ="safe")  # carries no types
    clients: Any = config
    try:
        found: Json = reader.load(kubeconfig)
        user = _user(found)
        if "exec" in user:
            plugin = user.pop("exec")
            user["token"] = token_of(plugin)
        return patient(clients.new_client_from_config_dict(found, persist_config=False))
    except ClusterError:
        raise
    except Exception as error:  # noqa: BLE001 - of what the client library makes of its parts, each fails in a way of its own
        anew = remedy or f"write it anew: {ending.there('pulumi')} up"
        raise ClusterError(f"{name} cannot be read: {_why(error)}; {anew}") from None


def token_of(plugin: Mapping[str, Any]) -> str:
    """Run a login plugin and return its token. Raises ClusterError."""
    command = str(plugin["command"])
    if shutil.which(command) is None:
        hint = (
            "az aks install-cli"
            if command == "kubelogin"
            else str(plugin.get("installHint") or "see its documentation")
        )
        raise ClusterError(
            f"{command} is not on PATH, and the cluster lets nobody in without it; install it: {hint}"
        )
    arguments = [str(argument) for argument in plugin.get("args") or ()]
    by_hand = bool(BY_HAND.intersection(arguments)) and sys.stderr.isatty()
    about = {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": {"interactive": by_hand}}
    env = {str(item["name"]): str(item["value"]) for item in plugin.get("env") or ()}
    patience = SECONDS_FOR_A_PERSON if by_hand else SECONDS
    try:
        ran = subprocess.run(
            [command, *arguments],
            env={**os.environ, **env, "KUBERNETES_EXEC_INFO": json.dumps(about)},
            stdin=None if by_hand else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if by_hand else subprocess.PIPE,
            timeout=patience,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ClusterError(f"{command} gave no token in {patience} s; log in: az login") from None
    except OSError as error:
        raise ClusterError(
            f"{command} does not run: {error.strerror}; install it anew: az aks install-cli"
        ) from None
    if ran.returncode:
        raise ClusterError(f"{command} got no token ({_last_line(ran.stderr)}); log in: az login")
    try:
        return str(json.loads(ran.stdout)["status"]["token"])
    except (ValueError, KeyError, TypeError):
        raise ClusterError(
            f"{command} printed no token; is it the right one? {shutil.which(command)}"
        ) from None


def _why(error: Exception) -> str:
    """Return what is wrong, in words of ours: a library speaks of its own objects."""
    if isinstance(error, YAMLError):
        mark: Any = getattr(error, "problem_mark", None)
        return f"line {mark.line + 1} is no YAML" if mark else "it is no YAML"
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    if isinstance(error, StopIteration):
        return "its current context names nothing"
    if isinstance(error, OSError | config.ConfigException):
        return "a certificate or key in it is none, or is not there"
    return "it has not the shape of a kubeconfig"


def _user(kubeconfig: Json) -> Json:
    """Return the user of the current context."""
    context = next(
        one["context"] for one in kubeconfig["contexts"] if one["name"] == kubeconfig["current-context"]
    )
    return next(one["user"] for one in kubeconfig["users"] if one["name"] == context["user"])


def _last_line(text: str | None) -> str:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"
