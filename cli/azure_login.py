"""Whether anybody is logged in to Azure, before a preview or an `up` asks: `python -m cli.azure_login dev`, which `make azure-up` runs first.

The provider would say so in the middle of an engine's output, once for each resource.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from secure_aks_lifecycle import regular_file
from secure_aks_lifecycle.ending import run

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = ("ARM_CLIENT_ID", "ARM_USE_MSI", "ARM_USE_OIDC")
_SAID = re.compile(
    r"(?m)^(?:environment:|\s+azure-native:(?:clientId|useMsi|useOidc|useDefaultAzureCredential):)"
)
"""What of a stack file logs in by itself: an environment of Pulumi ESC, or the provider's own settings (azure-native, "Installation &
configuration")."""
_OTHERWISE = "(a pipeline sets ARM_CLIENT_ID and what belongs to it, a machine with an identity of its own ARM_USE_MSI=true: docs/first-cluster.md)"


def missing(stack: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return what is to be done before a stack can ask Azure, "" for nothing, or where something else is missing first.

    Raises SystemExit, with one line, for a file that cannot be read.
    """
    texts = [_text(folder / name) for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml")]
    if any(environment.get(name) for name in _VARIABLES) or any(map(_SAID.search, texts)):
        return ""
    if shutil.which("pulumi") is None:
        return ""
    if shutil.which("az") is None:
        return f"no Azure login: az is not on PATH; install the Azure CLI, then `az login` {_OTHERWISE}"
    asked = ["az", "account", "show", "--output", "none"]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        return f"no Azure login: `az login`, then run this again {_OTHERWISE}"
    return ""


def _text(path: Path) -> str:
    try:
        return regular_file.data(path).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""  # whoever reads it in earnest says so
    except OSError as error:  # Pulumi would wait for a pipe that nobody writes to
        sys.exit(f"{path}: cannot be read: {error.strerror}; put a file there that is yours to read")


def main() -> int:
    """Say what is missing for the stack on the command line; return 0 for nothing. Raises SystemExit with one line."""
    if not (stack := "".join(sys.argv[1:2])):
        sys.exit("no stack is named: add STACK=<name>, such as STACK=dev")
    if said := missing(stack, Path(), os.environ):
        sys.exit(said)
    return 0


if __name__ == "__main__":
    run(lambda: main)
