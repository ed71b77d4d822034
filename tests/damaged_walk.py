"""Commands over damaged files, all in one process: `python -m tests.damaged_walk FOLDER` prints a line of JSON for each."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from emulator.ending import run
from tests.walk import handed

ROOT = Path(__file__).parents[1]
_DEEP = 3000
_BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 9)}]\n" for n in range(12)
)
TEXTS: dict[str, bytes | None] = {
    "a folder": None,
    "empty": b"",
    "nul": b"name: x\0\n",
    "no text": b"\xff\xfe\0x",
    "deep": b"[" * _DEEP + b"]" * _DEEP,
    "deep mappings": b"{a: " * _DEEP + b"}" * _DEEP,
    "deep JSON": b'{"a":' * _DEEP * 40 + b"1" + b"}" * _DEEP * 40,
    "a list": b"- a\n",
    "a word": b"x\n",
    "not closed": b"a: [1\n",
    "a tag": b"a: !!python/object:os.system x\n",
    "keys that are no text": b"1: x\n~: y\ntrue: z\n? [a]\n: q\n",
    "an alias bomb": _BOMB.encode(),
    "a cycle": b"&a [*a]\n",
    "JSON of another shape": b'{"kind": {}, "metadata": [], "items": 1}',
    "no such day": b"a: 2026-13-45\n",
    "a surrogate": b'{"a": "\\ud800"}',
    "a long number": b'{"a": ' + b"9" * 5000 + b"}",
}
"""What a file may be instead of what it should be."""
_READS = (
    "settings effective --stack dev",
    "components.access --stack dev",
    "upgrades windows",
    "upgrades status",
    "upgrades report",
    "upgrades abort",
    "upgrades resume",
    "emulator preview --stack dev --dry-run",
)
COMMANDS = {
    "Pulumi.yaml": _READS,
    "Pulumi.dev.yaml": _READS,
    "given": (
        "cli admission --kubernetes-version 1.35.6 --config given",
        "upgrades rehearse given",
        "secure_aks_lifecycle refresh --location westeurope --catalog given --subscription x --endpoint http://127.0.0.1:9",
        "secure_aks_lifecycle docs --check --output given",
        "secure_aks_security docs --check given",
    ),
}
"""The commands that read a file, by its name."""


def main() -> int:
    """Walk; 0 whatever comes of it."""
    folder = Path(sys.argv[1])
    os.chdir(folder)
    for name, commands in COMMANDS.items():
        for kept in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"):
            shutil.copy(ROOT / kept, folder)
        for damage, data in TEXTS.items():
            _put(folder / name, data)
            for command in commands:
                print(json.dumps([name, damage, command, *handed(command.split())]), flush=True)  # noqa: T201
        _put(folder / name, b"")
    return 0


def _put(path: Path, data: bytes | None) -> None:
    if path.is_dir():
        path.rmdir()
    if data is None:
        path.unlink(missing_ok=True)
        path.mkdir()
    else:
        path.write_bytes(data)


if __name__ == "__main__":
    run(lambda: main)
