"""Running the loaders' scripts as the DaemonSets do, on folders of the test's own."""

import os
import subprocess
from pathlib import Path

from tests.profiles.helpers import SCRIPTS


def seccomp(
    tmp_path: Path,
    profiles: Path,
    node: Path,
    verb: str = "once",
    shell: tuple[str, ...] = ("sh",),
    path: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run seccomp.sh; what is in `profiles` as files of the repository is given as the ConfigMap gives it."""
    if any(file.suffix == ".json" for file in profiles.iterdir()):
        profiles = as_config_map(tmp_path, profiles)
    return script("seccomp.sh", verb, shell, path, PROFILES=profiles, TARGET=node, STATUS=status(tmp_path))


def status(tmp_path: Path) -> Path:
    """The volume that the loader and the reporter share."""
    folder = tmp_path / "status"
    folder.mkdir(exist_ok=True)
    return folder


def as_config_map(tmp_path: Path, profiles: Path) -> Path:
    """Link files as a ConfigMap's volume does: names without .json, through a hidden folder."""
    folder = tmp_path / "config"
    (folder / "..data").mkdir(parents=True, exist_ok=True)
    for file in profiles.iterdir():
        name = file.name.removesuffix(".json")
        (folder / "..data" / name).write_bytes(file.read_bytes())
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(Path("..data") / name)
    return folder


def script(
    name: str, verb: str, shell: tuple[str, ...] = ("sh",), path: str = "", **variables: object
) -> subprocess.CompletedProcess[str]:
    """Run a script to its end; `path` goes before PATH."""
    environment = {"PATH": os.pathsep.join(filter(None, [path, os.environ["PATH"]]))}
    environment |= {key: str(value) for key, value in variables.items()}
    return subprocess.run(
        [*shell, str(SCRIPTS / name), verb], env=environment, capture_output=True, text=True, check=False
    )
