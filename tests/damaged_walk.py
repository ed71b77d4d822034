"""Commands over damaged files, all in one process: `python -m tests.damaged_walk FOLDER` prints a line of JSON for each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from secure_aks_lifecycle.ending import run

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
    "10 MB": b"- x: y\n" * 1_500_000,
    "a control character behind CRLF": b"name: x\r\na: \x1b[2J\r\n",
    "UTF-16": "name: x\n".encode("utf-16"),
    "CR alone": b"- a\r- b\r",
    "a link to itself": None,
    "a link to nowhere": None,
    "a pipe": None,
}
"""What a file may be instead of what it should be; what has no bytes is no file."""
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
LONGEST = 120
"""Seconds after which a command is said to wait for ever."""
COMMANDS = {
    "Pulumi.yaml": _READS,
    "Pulumi.dev.yaml": _READS,
    ".upgrades/dev.jsonl": ("upgrades status", "upgrades report", "upgrades abort", "upgrades resume"),
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
    Path(".upgrades").mkdir()
    for name, commands in COMMANDS.items():
        for kept in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"):
            shutil.copy(ROOT / kept, folder)
        for damage, data in TEXTS.items():
            _put(folder / name, damage, data)
            for command in commands:
                signal.alarm(LONGEST)
                print(json.dumps([name, damage, command, *handed(command.split())]), flush=True)  # noqa: T201
                signal.alarm(0)
        _put(folder / name, "empty", b"")
    return 0


def _put(path: Path, damage: str, data: bytes | None) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)
    match damage:
        case "a folder":
            path.mkdir()
        case "a link to itself":
            path.symlink_to(path.name)
        case "a link to nowhere":
            path.symlink_to("nowhere")
        case "a pipe":  # that nobody ever writes to
            os.mkfifo(path)
        case _:
            path.write_bytes(data or b"")


if __name__ == "__main__":
    run(lambda: main)
