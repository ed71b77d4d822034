"""A stack on a cluster that is there already: all that lives inside Kubernetes, and nothing of Azure or Entra."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from settings.reading.explain import aliases
from settings.sections.existing import Existing
from tests.adoption.test_existing import CONFIG
from tests.components.test_program import run_program
from tests.lifecycle.builders import change, found

ROOT = Path(__file__).parents[2]
EVERYTHING: dict[str, Any] = {
    "secure-aks:cluster": {
        **yaml.safe_load(CONFIG)["config"]["secure-aks:cluster"],
        "existing": {
            "context": "kind-kind",
            "kubeconfig": "mine/config",
            "podCidr": "10.244.0.0/16",
            "serviceCidr": "10.96.0.0/16",
        },
    },
    "secure-aks:nodeUpdates": {
        "mode": "kured",
        "kured": {"notifyUrl": "slack://t@c", "monitoring": {"collector": "prometheus-operator"}},
    },
    "secure-aks:profiles": {"loaderImage": f"r.example/l@sha256:{'1' * 64}", "seccomp": ["hardened"]},
    "secure-aks:platform": [
        {
            "name": "ingress",
            "owner": "platform",
            "reason": "lets the world in",
            "images": ["registry.example/ingress/"],
            "serviceAccounts": [{"name": "ingress"}],
        }
    ],
}


def test_everything_has_each_key_of_such_a_cluster():
    assert EVERYTHING["secure-aks:cluster"]["existing"].keys() == dict(aliases(Existing)).keys()


def program(tmp_path: Path, **more: Any) -> Any:
    said = {**yaml.safe_load(CONFIG)["config"], **more}
    (tmp_path / "Pulumi.kind.yaml").write_text(yaml.safe_dump({"config": said}))
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    return run_program(tmp_path, "kind")


@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["page", "everything"])
def test_nothing_of_azure_is_made_or_asked_for(more, tmp_path, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.chdir(tmp_path)
    done = program(tmp_path, **more)
    packages = {one.type.partition(":")[0] for one in done.registered}
    assert packages <= {"secure-aks", "kubernetes", "pulumi"}
    assert {token.rpartition(":")[2] for token, _ in done.invokes} <= {
        "readStackOutputs",
        "readStackResourceOutputs",
    }
    made = {one.type.rpartition(":")[2] for one in done.registered}
    assert {"Namespace", "RoleBinding", "ResourceQuota", "NetworkPolicy", "ValidatingAdmissionPolicy"} <= made
    assert ({"Chart", "DaemonSet", "PrometheusRule"} <= made) == bool(more)


def test_the_way_in_is_the_named_context_and_no_credential(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    there = {"context": "kind-kind", "kubeconfig": "mine/config"}
    cluster = {**yaml.safe_load(CONFIG)["config"]["secure-aks:cluster"], "existing": there}
    done = program(tmp_path, **{"secure-aks:cluster": cluster})
    said = done.one("pulumi:providers:kubernetes").inputs
    assert (said["context"], said["clusterIdentifier"]) == ("kind-kind", "kind")
    changed_in_place = ("enableServerSideApply", "enableConfigMapMutable", "enableSecretMutable")
    assert {said.get(key) for key in changed_in_place} == {"true"}
    assert said["kubeconfig"] == str(tmp_path / "mine" / "config")
    assert "kubeconfig" not in done.stack_outputs


def test_groups_are_called_as_the_cluster_s_logins_call_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    object_id = "11111111-2222-3333-4444-555555555555"
    groups = [
        {"name": "team:payments Devs", "role": "developer"},
        {"name": "entra", "objectId": object_id, "role": "viewer"},
    ]
    done = program(tmp_path, **{"secure-aks:teams": [{"name": "payments", "groups": groups}]})
    subjects = [one.inputs["subjects"][0]["name"] for one in done.of(":RoleBinding")]
    assert set(subjects) == {"team:payments Devs", object_id}
    assert done.one(":ClusterRoleBinding").inputs["subjects"][0]["name"] == "platform"
    assert done.stack_outputs["groups"] == {"team:payments Devs": "team:payments Devs", "entra": object_id}


def record(version: str, *teams: str) -> dict[str, Any]:
    cluster = {
        "controlPlane": {"version": version},
        "pools": {},
        "teams": {team: {"namespace": team, "groups": [], "isolation": "namespace"} for team in teams},
    }
    return {"schema": 1, "clusters": {"kind": cluster}}


def judged(rule: str, existing: dict[str, Any] | None) -> list[str]:
    config = {"secure-aks:cluster": {"name": "kind", "existing": existing}}
    return found(rule, change(record("1.36.3"), record("1.33.1", "shop")), config)


def test_of_the_lifecycle_pack_versions_are_not_judged_and_teams_are():
    there = {"context": "kind-kind"}
    assert judged("legal-step", there) == []
    assert judged("legal-step", None)
    assert "shop" in judged("team-removal", there)[0]


def test_the_security_pack_takes_no_namespace_for_aks_s_own():
    cluster = {"name": "kind", "networkPolicy": "calico"}
    for said, expected in (
        (cluster, {"kube-system", "gatekeeper-system", "calico-system", "tigera-operator"}),
        ({"name": "aks", "gitops": {"branch": "main"}}, {"kube-system", "gatekeeper-system", "flux-system"}),
        (
            {"name": "aks", "backup": {"days": 7}},
            {"kube-system", "gatekeeper-system", "dataprotection-microsoft"},
        ),
        ({"name": "aks", "ingress": {}}, {"kube-system", "gatekeeper-system", "app-routing-system"}),
        (
            {"name": "aks", "azurePolicy": False, "mesh": {"revisions": ["asm-1-29"]}},
            {"kube-system", "aks-istio-system", "aks-istio-ingress"},
        ),
        ({**cluster, "ingress": {}, "existing": {"context": "c"}}, {"kube-system"}),
    ):
        facts = configure(load_rules(), {"secure-aks:cluster": said}).facts
        assert set(facts["systemNamespaces"]) == expected


@pytest.mark.parametrize(("environment", "rule"), [("dev", "deletion-told"), ("prod", "no-replacement")])
def test_a_stack_that_turns_to_a_cluster_that_is_there_is_told_of_the_pools_that_go(environment, rule):
    before = record("1.36.3")
    pool = {"version": "1.36.3", "fixed": {"vmSize": "Standard_D4ds_v5"}, "autoscaling": True}
    before["clusters"]["kind"]["pools"] = {"general": pool}
    config = {
        "secure-aks:environment": environment,
        "secure-aks:cluster": {"name": "kind", "existing": {"context": "kind-kind"}},
    }
    [told] = found(rule, change(record("1.36.3"), before), config)
    assert "pool general of kind: would be deleted with the pods on it" in told
