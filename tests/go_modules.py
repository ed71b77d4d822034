"""The Go modules that the control plane is built of, where tests read what Kubernetes says of itself."""

import functools
import json
import os
import subprocess
from pathlib import Path

from emulator.control_plane.builder import HERE
from emulator.go_modules import cache_folder
from emulator.go_modules.toolchain import find_go


@functools.cache
def module_folder(module: str) -> Path:
    """Where Go keeps a module; downloaded if only the built binaries are left of it."""
    go = find_go(HERE / "go.mod", cache_folder())
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"}
    command = [go, "mod", "download", "-json", module]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=True)
    return Path(json.loads(done.stdout)["Dir"])
