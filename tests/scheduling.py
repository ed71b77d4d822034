"""Which tests of a run with several workers stay together: those of a module, and all on the session's control plane; and in which order they go.

A control plane takes two seconds of processor time to start and one a minute to stand; each worker would have one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xdist.remote import Producer

SHARING = frozenset(
    f"tests/{name}.py"
    for name in (
        "access/test_attempts",
        "access/test_isolation",
        "access/test_matrix",
        "access/test_platform",
        "adoption/test_import_inside",
        "control_plane/test_command",
        "control_plane/test_lifetime",
        "control_plane/test_server",
        "emulator/azure/test_nodes",
        "emulator/control_plane/test_pools",
        "upgrades/check/test_advice",
        "upgrades/observe/test_live",
        "upgrades/observe/test_observe_kubernetes",
        "upgrades/rehearsal/test_rehearsal",
    )
)
"""The modules whose tests use the session's control plane; a run that finds another says so."""


LONGEST = tuple(
    f"tests/{name}.py"
    for name in (
        "engine/test_whole_life",
        "security/test_parity",
        "upgrades/rollout/test_on_a_control_plane",
        "upgrades/rollout/test_crashes",
        "emulator/test_lab_on_a_control_plane",
        "upgrades/rollout/test_faults",
    )
)
"""The modules that take longest, much of it waiting: whoever gets one of them at the end is waited for, and some at once leave the processor idle."""
BETWEEN = 30
"""How many other modules go between two of them, after the first two."""


class Together(LoadScopeScheduling):
    """Hands out whole modules, and all that share the control plane as one."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        return "control plane" if nodeid.partition("::")[0] in SHARING else super()._split_scope(nodeid)


def module_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def in_turns(modules: Iterable[str]) -> list[str]:
    """Return the modules in the order in which they go."""
    known = dict.fromkeys(modules)
    order = [module for module in known if module not in LONGEST]
    for turn, module in enumerate(module for module in LONGEST if module in known):
        order.insert(max(0, turn - 1) * (BETWEEN + 1) + min(turn, 1), module)
    return order


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return Together(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        turns = {module: turn for turn, module in enumerate(in_turns(map(module_of, items)))}
        items.sort(key=lambda item: turns[module_of(item)])
    for item in items:
        untyped: Any = item
        [*_, last] = untyped._fixtureinfo.name2fixturedefs.get("control_plane", [None])
        if last is None or last.scope != "session" or item.get_closest_marker("soak"):
            continue
        module = module_of(item)
        if module not in SHARING:
            raise pytest.UsageError(
                f"{module} uses the session's control plane: add it to SHARING in {__file__}"
            )
