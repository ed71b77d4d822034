"""Stacks of a project in the lab's backend, made without a change to the project's own files.

`pulumi stack init` writes a salt into the stack file and lays the file out anew. So the stack is made from a bare copy of
the project, the salt is kept beside the backend, and the engine reads the stack file from a copy that ends with it.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.cloud import file as cloud_file
from emulator.engine.states import has_state
from emulator.errors import OperationError, UsageError
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

_SALT = re.compile(r"^encryptionsalt: .*$", re.MULTILINE)


def project_file(project: Path) -> dict[str, Any]:
    """Read Pulumi.yaml. Raises UsageError when there is no project."""
    path = project / "Pulumi.yaml"
    if not os.path.lexists(path):  # what is there and no file is told where it is read
        raise UsageError(
            f"{path}: there is no Pulumi project here. Change to the folder that holds Pulumi.yaml."
        )
    return load_yaml(path)


def project_name(project: Path) -> str:
    """Return the name in Pulumi.yaml. Raises UsageError when there is no project."""
    name = project_file(project).get("name")
    if not isinstance(name, str):
        raise UsageError(f"{project / 'Pulumi.yaml'}: name: the project needs a name")
    return name


def stack_file(project: Path, stack: str) -> Path:
    """Return a stack's file. Raises UsageError when there is none."""
    path = project / f"Pulumi.{stack}.yaml"
    if not os.path.lexists(path):
        known = ", ".join(stacks(project)) or "none"
        raise UsageError(f"{path}: there is no stack {stack!r}. Stacks with a file: {known}.")
    return path


def stacks(project: Path) -> list[str]:
    """Return the names of the stacks that have a file."""
    files = project.glob("Pulumi.*.yaml")
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)


def _text(path: Path) -> str:
    """Return a file's text. Raises UsageError for one that is none, FileError for one that cannot be read."""
    data = cloud_file.read(path)
    if data is None:
        raise UsageError(f"{path}: it is a link to nothing; name another file there")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}:{line}: it is not UTF-8 text; save it as UTF-8") from None


def config_file(project: Path, stack: str, folder: Path, environment: Mapping[str, str]) -> Path:
    """Return a copy of the stack file for the engine, with the project's stacks made in the backend where they are not yet.

    All of them, since a program may read the outputs of another one, and the engine knows no stack that was never made.
    `folder` is the lab's, `environment` all of what the engine runs in. Raises UsageError and OperationError.
    """
    text = _text(stack_file(project, stack))
    salts = {
        name: salt(project, name, folder, environment) for name in {stack: 0} | dict.fromkeys(stacks(project))
    }
    if not _SALT.search(text):
        text = f"{text.rstrip()}\n{salts[stack]}\n"
    copy = folder / "stacks" / f"Pulumi.{stack}.yaml"
    cloud_file.replace(copy, text)
    return copy


def salt(project: Path, stack: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return the line `encryptionsalt: ...` of a stack in the backend, which is made where it is not yet."""
    kept = folder / "salts" / stack
    if (line := _kept_salt(kept)) is not None and has_state(folder / "backend", stack):
        return line
    with tempfile.TemporaryDirectory() as bare:
        Path(bare, "Pulumi.yaml").write_text(
            f"name: {project_name(project)}\nruntime: python\n", encoding="utf-8"
        )
        done = subprocess.run(
            ["pulumi", "stack", "init", stack, "--non-interactive", "--no-select"],
            cwd=bare,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        made = Path(bare, f"Pulumi.{stack}.yaml")
        found = _SALT.search(made.read_text(encoding="utf-8")) if made.is_file() else None
        # A run that was cut off, or had no room, leaves a stack whose salt only its state has.
        line = found[0] if found else _salt_of(_exported(stack, Path(bare), environment))
    if not line:
        raise OperationError(f"the stack {stack} could not be made: {done.stderr.strip()}")
    cloud_file.replace(kept, line)
    return line


def _salt_of(deployment: Mapping[str, Any]) -> str:
    provider: Any = deployment.get("secrets_providers") or {}
    state: Any = provider.get("state") or {}
    found = state.get("salt")
    return f"encryptionsalt: {found}" if found else ""


def _exported(stack: str, project: Path, environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the state of a stack; an empty one where it cannot be read."""
    done = subprocess.run(
        ["pulumi", "stack", "export", "--stack", stack],
        cwd=project,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)["deployment"] if done.returncode == 0 else {}


def has_protected(stack: str, project: Path, environment: Mapping[str, str]) -> bool:
    """Tell whether the engine would refuse to delete a resource of a stack; one whose state cannot be read has none."""
    return any(one.get("protect") for one in _exported(stack, project, environment).get("resources") or ())


def _kept_salt(kept: Path) -> str | None:
    """Return the salt line of a stack that was made before; None when there is none. Raises FileError for another text."""
    line = (cloud_file.read(kept) or b"").decode(errors="replace")
    if line and not _SALT.fullmatch(line):
        raise cloud_file.FileError(
            f"{kept}: is no salt of a stack; delete {kept.parents[1]} to start the lab anew"
        )
    return line or None


@contextmanager
def salted(project: Path, folder: Path) -> Generator[None]:
    """Let the stack files end with the salts of the lab's stacks for a while, so that the engine need not lay them out anew."""
    added: list[tuple[Path, str]] = []
    try:
        for path in project.glob("Pulumi.*.yaml"):
            line = _kept_salt(folder / "salts" / path.name.split(".")[1])
            text = (cloud_file.read(path) or b"").decode(errors="replace")
            is_ours = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
            # One that is no text is refused by its reader.
            if line and is_ours and "\ufffd" not in text and not _SALT.search(text):
                _rewrite(path, f"{text}{line}\n")
                added.append((path, f"{line}\n"))
        yield
    finally:
        for path, line in added:
            text = (cloud_file.read(path) or b"").decode(errors="replace")
            if text.endswith(line):
                _rewrite(path, text.removesuffix(line))


def _rewrite(path: Path, text: str) -> None:
    """Replace a file of the user's as a whole: no kill and no full disk leaves a part of it."""
    real = path.resolve()
    cloud_file.replace(real, text, stat.S_IMODE(real.stat().st_mode))
