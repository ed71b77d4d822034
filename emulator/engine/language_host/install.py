"""Put the language host where the engine looks for it: an executable `pulumi-language-python` beside the engine, or on PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from emulator.cloud.file import replace

LANGUAGE_HOST = "pulumi-language-python"
_START = "import os, sys; sys.path.insert(0, os.environ['SECURE_AKS_PROJECT']); from emulator.engine.language_host.__main__ import main; sys.exit(main())"
_TEXT = f"""#!/bin/sh
exec "${{SECURE_AKS_PYTHON:?the lab names it}}" -c "{_START}" "$@"
"""


def install_language_host(folder: Path) -> None:
    """Write the executable into `folder`; it runs with what `language_host_environment` names, so one serves many checkouts."""
    path = folder / LANGUAGE_HOST
    if not path.is_file() or path.read_bytes() != _TEXT.encode():
        replace(path, _TEXT, 0o755)


def language_host_environment() -> dict[str, str]:
    """Return what the executable needs: this interpreter and this project. And that gRPC, which tells of each connection that ends, is silent unless asked."""
    said = os.environ.get("GRPC_VERBOSITY", "NONE")
    here = {"SECURE_AKS_PYTHON": sys.executable, "SECURE_AKS_PROJECT": str(Path(__file__).parents[3])}
    return {**here, "GRPC_VERBOSITY": said}
