"""What was done to a stack, one line of JSON for each operation, as `pulumi stack history --json` tells it."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from emulator.cloud.clock import now

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.dry_run.operation import Result
    from emulator.dry_run.project import Config

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def entry(kind: str, message: str, config: Config, result: Result, version: int) -> dict[str, Any]:
    """Return the line for an operation that has just ended ("update", "destroy" or "refresh")."""
    end = now()
    return {
        "kind": kind,
        "startTime": (end - timedelta(seconds=result.seconds)).strftime(FORMAT),
        "message": message,
        "environment": {
            "exec.kind": "emulator",
            "pulumi.os": sys.platform,
            "pulumi.arch": platform.machine(),
            "runtime.name": "python",
            "runtime.version": platform.python_version(),
        },
        "config": {
            k: {"secret": True} if k in config.secret_keys else {"value": v, "secret": False}
            for k, v in config.values.items()
        },
        "result": "succeeded" if result.ok else "failed",
        "endTime": end.strftime(FORMAT),
        "version": version,
        "resourceChanges": {op.value: n for op, n in result.changes.items()},
    }


def append(folder: Path, stack: str, line: dict[str, Any]) -> None:
    """Add a line."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(_path(folder, stack), flags, 0o600), "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def read(folder: Path, stack: str) -> list[dict[str, Any]]:
    """Return the operations, the newest first; a line torn by a crash is left out."""
    try:
        lines = _path(folder, stack).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    entries: list[dict[str, Any]] = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries[::-1]


def _path(folder: Path, stack: str) -> Path:
    return folder / f"{stack}.history.jsonl"
