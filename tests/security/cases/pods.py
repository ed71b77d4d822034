"""Cases of the pod rules."""

from typing import Any

from tests.security.build import pod
from tests.security.cases import pods_baseline, pods_beyond, pods_peers, pods_resources, pods_restricted

HAPPY = pod
CASES: dict[str, dict[str, Any]] = {
    **pods_baseline.CASES,
    **pods_restricted.CASES,
    **pods_resources.CASES,
    **pods_beyond.CASES,
    **pods_peers.CASES,
}
