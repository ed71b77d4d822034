"""Compare the chart in Python with the chart: `python -m tests.nodes.compare_chart CHART` (a folder or an archive).

Needs helm on PATH. Run it when the chart's version changes; it prints every difference and ends with 1 when there is one.
"""

import subprocess
import sys
from typing import Any

import yaml
from secure_aks_lifecycle.ending import run

from components.program.reboots import kured_args
from components.reboots.values import kured_values
from settings.sections.kured import Kured
from tests.nodes import kured_chart

WORKSPACE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"
SETTINGS: list[dict[str, Any]] = [
    {},
    {"monitoring": {"collector": "prometheus-operator", "labels": {"release": "prometheus"}}},
    {"monitoring": {"collector": "azure-monitor", "workspaceId": WORKSPACE}},
    {
        "prometheus": {"url": "http://p:9090", "alertFilter": "^Etcd", "alertFilterMatchOnly": True},
        "blockingPodSelectors": ["app=a", "tier in (a, b)"],
        "preRebootNodeLabels": {"rebooting": "yes"},
        "postRebootNodeLabels": {"rebooting": "no"},
        "drainGracePeriodSeconds": 0,
        "skipWaitForDeleteTimeoutSeconds": 60,
        "forceReboot": True,
        "preferNoScheduleTaint": None,
        "annotateNodes": False,
        "concurrency": 3,
        "drainDelay": "1m",
    },
]


def main() -> int:
    """Print the differences."""
    if len(sys.argv) != 2:
        sys.exit("which chart? python -m tests.nodes.compare_chart CHART (a folder or an archive)")
    chart = sys.argv[1]
    differences = []
    for number, one in enumerate(SETTINGS):
        values = kured_values(
            kured_args(Kured.model_validate(one)), notify_secret="notify" if number else None
        )
        command = ["helm", "template", kured_chart.NAME, chart, "--namespace", kured_chart.NAME, "-f", "-"]
        done = subprocess.run(
            command, input=yaml.safe_dump(values), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"helm template: {done.stderr.strip()}")
        real = {item["kind"]: _plain(item) for item in yaml.safe_load_all(done.stdout) if item}
        ours = {item["kind"]: _plain(item) for item in kured_chart.render(values)}
        differences += [f"settings {number}: {line}" for line in _differences(real, ours, "")]
    sys.stdout.write("".join(f"{line}\n" for line in differences) or "the same\n")
    return 1 if differences else 0


def _plain(item: Any) -> Any:
    """Without what is empty: a template may write `labels:` and nothing."""
    if isinstance(item, dict):
        return {key: _plain(value) for key, value in item.items() if value not in (None, {}, [])}
    return [_plain(value) for value in item] if isinstance(item, list) else item


def _differences(one: Any, other: Any, path: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return [line for key in keys for line in _differences(one.get(key), other.get(key), f"{path}.{key}")]
    return [] if one == other else [f"{path}: the chart has {one!r}, and we {other!r}"]


if __name__ == "__main__":
    run(lambda: main)
