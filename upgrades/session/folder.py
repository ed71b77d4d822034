"""The project's folder."""

from __future__ import annotations

import os
from pathlib import Path


def project_folder() -> Path:
    """Return the folder of Pulumi.yaml, here or above. Raises FileNotFoundError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if os.path.lexists(folder / "Pulumi.yaml"):
            return folder
    raise FileNotFoundError(f"no Pulumi.yaml in {Path.cwd()} or above; go to the project's folder")
