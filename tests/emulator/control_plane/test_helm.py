"""Charts, rendered by a helm that a test puts on PATH, or not at all."""

import pytest

from emulator.plugins.helm import render

INPUTS = {"chart": "kured", "version": "5.6.1", "namespace": "kured", "values": {"a": 1}}
MANIFESTS = """
cat > "$(dirname "$0")/values"; echo "$@" > "$(dirname "$0")/arguments"
cat <<'END'
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kured}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: kured}
END
"""


@pytest.fixture
def helm(tmp_path, monkeypatch):
    def put(script):
        file = tmp_path / "helm"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return put


def test_a_chart_becomes_its_resources(helm, tmp_path):
    helm(MANIFESTS)
    made = render("reboots", INPUTS)
    assert made.note == ""
    assert [(c.type, c.name) for c in made.children] == [
        ("kubernetes:apps/v1:DaemonSet", "reboots:kured/kured"),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "reboots:kured"),
    ]
    assert made.children[0].inputs["metadata"]["namespace"] == "kured"
    assert "namespace" not in made.children[1].inputs["metadata"]
    assert (tmp_path / "values").read_text() == '{"a": 1}'
    assert "--version 5.6.1" in (tmp_path / "arguments").read_text()


def test_a_chart_out_of_reach_is_said_in_one_line(helm):
    helm("echo 'no such host' >&2; echo again >&2; exit 1")
    made = render("reboots", INPUTS)
    assert made.children == []
    assert made.note == "the chart kured 5.6.1 is not applied: no such host again"


def test_no_helm_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "helm is not on PATH" in render("reboots", INPUTS).note
