"""The project's folder."""

from __future__ import annotations

from pathlib import Path


def project_folder() -> Path:
    """Return the folder of Pulumi.yaml, here or above. Raises FileNotFoundError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    raise FileNotFoundError(f"no Pulumi.yaml in {Path.cwd()} or above; go to the project's folder")
