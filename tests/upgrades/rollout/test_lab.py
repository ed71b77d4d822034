"""The lab without an API server: one line says so, with the way to get one; nothing waits for a cluster that is not there."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from settings import load_file
from tests.upgrades.check.arm import azure, cluster
from upgrades import lab, typed
from upgrades.observe.cluster.kubernetes import PARTS
from upgrades.observe.live import live_view


def entered(**options):
    return lab._environment(dict(os.environ), **options)


def test_only_a_lab_without_a_cluster_is_closed():
    assert lab.closed("dev") == ""
    with entered(has_cluster=True):
        assert lab.closed("dev") == ""
        assert typed.command("resume", "dev") == "python -m upgrades resume --stack dev --lab"
    with entered():
        assert lab.closed("dev").endswith("make destroy STACK=dev && make up STACK=dev ARGS=--control-plane")
    assert typed.command("resume", "dev") == "python -m upgrades resume --stack dev"


def test_every_part_that_an_api_server_tells_gives_that_reason(arm, request):
    item = cluster("aks-dev", "1.35.6")
    arm.has(item)
    settings = load_file(request.config.rootpath / "Pulumi.dev.yaml")
    outputs = {"kubeconfig": "none is looked at", "cluster": {"id": item["id"], "location": "westeurope"}}
    seen = live_view(
        settings, outputs, azure(arm), datetime(2026, 11, 23, tzinfo=UTC), "spot", closed="none here"
    )
    assert {seen.unread[part] for part in PARTS} == {"none here"}
    assert seen.operations == ()
