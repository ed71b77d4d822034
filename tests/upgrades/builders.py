"""Happy-path values for the planner's tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Run
from secure_aks_lifecycle.versions.version import Version

from upgrades.model.clusters import Cluster, Pool

if TYPE_CHECKING:
    from secure_aks_lifecycle.stack.record import Versions

TODAY = date(2026, 8, 1)


def catalog(first=27, last=36) -> Catalog:
    """A catalog in which every minor has two patches and is supported on TODAY."""
    return Catalog.parse(
        {
            "schema": 1,
            "source": "tests",
            "date": "2026-07-17",
            "minors": [
                {
                    "minor": f"1.{minor}",
                    "ga": "2026-01",
                    "endOfLife": "2027-12",
                    "ltsUntil": "2028-12",
                    "patches": [{"version": f"1.{minor}.{patch}", "since": "2026-02-01"} for patch in (3, 7)],
                }
                for minor in range(first, last + 1)
            ],
            "osImages": [
                {
                    "sku": "Ubuntu2204",
                    "osType": "Linux",
                    "os": "Ubuntu 22.04",
                    "instead": "Ubuntu2404",
                    "lastMinor": "1.34",
                },
                {
                    "sku": "Windows2022",
                    "osType": "Windows",
                    "os": "Windows Server 2022",
                    "instead": "Windows2025",
                    "lastMinor": "1.36",
                },
            ],
        }
    )


def v(text: str) -> Version:
    return Version.parse(text)


def pool(name="general", version="1.34.7", **changes) -> Pool:
    return Pool(name, v(version), **changes)


def cluster(control_plane="1.34.7", pools=None, **changes) -> Cluster:
    if pools is None:
        pools = (
            pool("system", control_plane, mode="System", nodes=3),
            pool("general", control_plane, nodes=5),
        )
    return Cluster("aks", "dev", v(control_plane), tuple(pools), **changes)


def ran(*versions: str, since: datetime | None = None) -> Versions:
    """What a stack has recorded whose one cluster and pools ran these versions in turn, the last since `since`."""
    past = [Run(v(text), datetime(2026, 1, 1, tzinfo=UTC), since) for text in versions[:-1]]
    runs = (Run(v(versions[-1]), since), *past)
    pools = {name: PoolState(v(versions[-1]), runs=runs) for name in ("system", "general")}
    return {"aks": ClusterState(v(versions[-1]), pools, runs=runs)}
