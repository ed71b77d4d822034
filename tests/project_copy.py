"""The shipped project in a folder of its own: its files copied, its code as it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT = Path(__file__).parents[1]
PACKS = [ROOT / "policies" / name for name in ("security", "lifecycle")]


def copy_of(source: Path, folder: Path) -> Path:
    """Copy a project and the lab in it, so that what happens to the copy's stacks happens to nobody else's."""
    folder.mkdir(exist_ok=True)
    for file in (*source.glob("Pulumi*.yaml"), source / "__main__.py"):
        shutil.copy(file, folder)
    for name in ("components", "settings", "profiles", "policies"):
        (folder / name).symlink_to(ROOT / name)
    if (source / ".emulator").is_dir() and source != ROOT:
        shutil.copytree(source / ".emulator", folder / ".emulator")
    return folder


def without_teams(text: str) -> str:
    """A stack file's text without teams, nodes of their own and exemptions."""
    text = re.sub(r"(?m)^  secure-aks:(teams|exemptions):.*\n(?:    .*\n)*", "", text)
    return re.sub(r"(?m)^      namespace: .*\n", "", text)


def without_pools(text: str, names: Collection[str]) -> str:
    """A stack file's text without the node pools of these names."""
    for name in names:
        text, count = re.subn(rf"(?m)^    - name: {name}\n(?:      .*\n)*", "", text)
        assert count == 1, name
    return text


def edit(file: Path, line: str, replacement: str) -> None:
    """Replace a line's text everywhere below a marker such as "name: general" (the first such line after it)."""
    text = file.read_text(encoding="utf-8")
    marker, _, old = line.partition(" > ")
    start = text.index(marker) if old else 0
    head, tail = text[:start], text[start:]
    assert (old or marker) in tail
    file.write_text(head + tail.replace(old or marker, replacement, 1), encoding="utf-8")
