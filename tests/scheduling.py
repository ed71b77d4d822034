"""Which tests of a run with several workers stay together: those of a module, and all on the session's control plane; and which go first.

A control plane takes two seconds of processor time to start and one a minute to stand; each worker would have one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
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


FIRST = tuple(
    f"tests/{name}.py"
    for name in (
        "upgrades/rollout/test_on_a_control_plane",
        "emulator/test_lab_on_a_control_plane",
        "engine/test_whole_life",
        "upgrades/rollout/test_faults",
        "security/test_parity",
        "upgrades/rollout/test_crashes",
        "components/test_on_the_engine",
    )
)
"""The modules that take longest: whoever gets one of them at the end is waited for."""


class Together(LoadScopeScheduling):
    """Hands out whole modules, and all that share the control plane as one."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        return "control plane" if nodeid.partition("::")[0] in SHARING else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return Together(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.nodeid.partition("::")[0] not in FIRST)
    for item in items:
        untyped: Any = item
        [*_, last] = untyped._fixtureinfo.name2fixturedefs.get("control_plane", [None])
        if last is None or last.scope != "session" or item.get_closest_marker("soak"):
            continue
        module = item.nodeid.partition("::")[0]
        if module not in SHARING:
            raise pytest.UsageError(
                f"{module} uses the session's control plane: add it to SHARING in {__file__}"
            )
