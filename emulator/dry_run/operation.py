"""What an operation is asked to do, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from pulumi.automation.events import OpType

    from emulator.control_plane.stack_cluster import StackCluster
    from emulator.dry_run.events import Listener
    from emulator.dry_run.project import Project
    from emulator.dry_run.provider_set import Factories
    from emulator.plugins.base import Props


@dataclass(frozen=True)
class Place:
    """Where an operation takes place: the stack, its state's folder, its providers and its control plane, if it has one."""

    project: Project
    stack: str
    folder: Path
    factories: Factories | None = None
    cluster: StackCluster | None = None


@dataclass
class Options:
    """What one operation is asked to do besides."""

    policy_packs: list[Path] = field(default_factory=list["Path"])
    policy_pack_configs: list[Path] = field(default_factory=list["Path"])
    config_file: Path | None = None
    message: str = ""
    listeners: list[Listener] = field(default_factory=list["Listener"])
    refresh: bool = False
    preview_listeners: list[Listener] | None = None
    """`up` shows its preview to these, and asks `confirm` after it."""
    confirm: Callable[[], bool] | None = None


@dataclass
class Result:
    """How an operation ended."""

    ok: bool
    changes: Counter[OpType]
    outputs: Props
    seconds: float
    program_failed: bool = False
    """Whether it was the program itself that failed, by an exception or a RunError."""
