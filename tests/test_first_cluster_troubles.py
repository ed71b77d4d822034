"""What the lab, or the program, says when a step fails is in *When a step fails* of docs/first-cluster.md, with what helps."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pulumi
import pytest

from cli.azure_login import missing
from components.admitted.ask import Answer
from components.admitted.circle import Circle
from emulator.arm.server import ArmServer
from emulator.cloud.cloud import Cloud
from emulator.engine.find import need_cli
from emulator.errors import ProviderError
from emulator.plugins.kubernetes import KubernetesProvider
from settings.sections.cluster import Cluster
from tests.components.test_admitted import fresh, waited
from tests.emulator.arm.wire import AKS, CLUSTER, TODAY, Wire, cluster_body
from tests.emulator.azure_provider import Azure
from tests.emulator.plugins.test_waiting_and_pulling import DAEMONS, loader
from tests.first_cluster import advice

if TYPE_CHECKING:
    from pathlib import Path

SOMEBODY, DEPLOYERS = "11111111-2222-4333-8444-555555555555", "bbbbbbbb-2222-4333-8444-555555555555"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)


def test_a_service_that_was_never_used(tmp_path: Path) -> None:
    with ArmServer(tmp_path / "lab") as server:
        wire = Wire(server).group()
        wire.cloud.configure(unregistered_providers=["Microsoft.ContainerService"])
        told = wire.ask("PUT", CLUSTER, AKS, cluster_body()).json()["error"]
        wire.close()
    assert "az provider register" in advice(f"{told['code']}: {told['message']}")


def test_what_is_in_azure_and_not_in_the_state() -> None:
    azure = Azure(Cloud())
    azure.cluster()
    with pytest.raises(ProviderError) as refusal:
        azure.cluster()
    assert "pulumi refresh" in advice(str(refusal.value))


def test_an_image_that_may_not_be_pulled() -> None:
    azure = Azure(Cloud())
    inside = KubernetesProvider(lambda: azure.cloud)
    inside.configure({"clusterIdentifier": azure.cluster().id})
    said = {"resourceGroupName": "rg", "registryName": "contoso", "sku": {"name": "Basic"}}
    azure.create("containerregistry:Registry", "contoso", **said)
    with pytest.raises(ProviderError) as refusal:
        inside.create(DAEMONS, loader(), preview=False)
    assert "AcrPull" in advice(str(refusal.value))


def test_a_lock_below_which_something_is_to_go() -> None:
    azure = Azure(Cloud())
    cluster = azure.cluster()
    pool = azure.pool()
    azure.create(
        "authorization:ManagementLockByScope", "held", scope=cluster.id, lockName="held", level="CanNotDelete"
    )
    with pytest.raises(ProviderError) as refusal:
        azure.delete(pool)
    assert "`lock: false`" in advice(str(refusal.value))


@pytest.mark.parametrize(
    ("backend", "helps"),
    [
        (None, "`pulumi login`"),
        ("file://.", "PULUMI_CONFIG_PASSPHRASE"),
        ("azblob://pulumi?storage_account=contosoaksstate", "`az login`"),
    ],
)
def test_a_backend_that_is_not_ready(tmp_path: Path, backend: str | None, helps: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    alone = {"PATH": os.defpath, "HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    alone |= {"AZURE_TOKEN_CREDENTIALS": "AzureCLICredential"}  # asks nothing of this machine's network
    done = subprocess.run(
        [need_cli(sys.stderr).path, "stack", "init", "dev"],
        cwd=tmp_path,
        env=alone | ({"PULUMI_BACKEND_URL": backend} if backend else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert helps in advice(done.stderr)


def circle(**options: object) -> Circle:
    said = {"deployers": [{"name": "d", "members": [SOMEBODY]}], "bootstrap": True} | options
    cluster = Cluster.model_validate({"name": "aks", "kubernetes_version": "1.35.6", **said})
    return Circle(cluster, {DEPLOYERS: "d"}, has_rights=False)


def test_somebody_who_is_in_no_group() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        waited(circle(), [Answer(allowed=False, claims={"oid": DEPLOYERS})])
    assert "`members`" in advice(str(refusal.value))


def test_a_membership_that_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lines.append)
    with pytest.raises(pulumi.RunError) as refusal:
        waited(circle(), fresh())
    assert "goes on by itself" in advice(lines[0])
    assert "az logout" in advice(str(refusal.value))


def test_nobody_is_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi_there = tmp_path / "pulumi"
    pulumi_there.write_text("#!/bin/sh\n")
    pulumi_there.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "`az login`" in advice(missing("dev", tmp_path, {}))
