"""A stack's control plane: kept between processes, started anew when Azure's cluster goes, ended with the stack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emulator.control_plane.processes import holder
from emulator.control_plane.stack_cluster import StackCluster
from emulator.errors import OperationError
from emulator.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator


NAMESPACES = "/api/v1/namespaces"


@pytest.fixture
def cluster(tmp_path: Path, control_plane_built: None) -> Iterator[StackCluster]:
    del control_plane_built
    made = StackCluster(tmp_path, "dev")
    yield made
    made.end()


@pytest.mark.usefixtures("control_plane_built")
def test_damage_of_its_folder_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    kept = tmp_path / ".emulator" / "lab.control-plane"
    (kept / "certificates").mkdir(parents=True)
    (kept / "secure-aks.json").write_text("{}")
    (kept / "url").write_text("https://127.0.0.1:99999")
    (kept / "certificates" / "ca.crt").write_text("x")
    with pytest.raises(OperationError) as raised, Session(tmp_path):
        pass
    said = str(raised.value)
    assert said.isprintable()
    assert said.startswith("the control plane does not start: ")
    assert said.endswith(f"; its logs are in {kept}/logs; delete {kept.parent} to start the lab anew")


def test_it_lives_until_it_is_ended(cluster: StackCluster) -> None:
    assert not cluster.is_kept
    cluster.ensure().client().create(NAMESPACES, {"metadata": {"name": "mine"}})
    assert cluster.is_kept
    assert cluster.kubeconfig.is_file()
    guard = holder(cluster.folder)

    again = StackCluster(cluster.folder.parent, "dev")  # as another process would
    assert again.ensure().client().get(f"{NAMESPACES}/mine")["metadata"]["name"] == "mine"
    assert holder(cluster.folder) == guard

    again.restart_empty()
    assert again.is_kept
    names = [n["metadata"]["name"] for n in again.ensure().client().get(NAMESPACES)["items"]]
    assert "mine" not in names

    again.end()
    assert not again.is_kept
    assert not cluster.folder.exists()
    assert holder(cluster.folder) is None
    assert not Path(f"/proc/{guard}").exists() or " Z " in Path(f"/proc/{guard}/stat").read_text()
