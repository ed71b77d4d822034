"""Profiles on every node."""

import json

import pytest

from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from settings.profiles import FOLDER, Profiles
from tests.components.helpers import depends_on, run


def register(profiles, folder=FOLDER):
    return run(
        lambda: SecurityProfiles("profiles", SecurityProfilesArgs(Profiles.model_validate(profiles), folder))
    )


BOTH = {"seccomp": ["prevent-chmod"], "apparmor": ["k8s-apparmor-example-deny-write"]}


def pod_of(done, name):
    return done.one(":DaemonSet", name).inputs["spec"]["template"]["spec"]


def test_profiles_are_the_files_of_the_repository():
    done = register(BOTH)
    seccomp = done.one(":ConfigMap", "seccomp-profiles").inputs
    apparmor = done.one(":ConfigMap", "apparmor-profiles").inputs

    assert json.loads(seccomp["data"]["prevent-chmod.json"])["defaultAction"] == "SCMP_ACT_ALLOW"
    assert "deny /** w," in apparmor["data"]["k8s-apparmor-example-deny-write"]
    assert seccomp["immutable"] is True


def test_loaders_run_on_every_linux_node_whatever_its_taints():
    done = register(BOTH)

    for name in ("seccomp-loader", "apparmor-loader"):
        pod = pod_of(done, name)
        assert pod["nodeSelector"] == {"kubernetes.io/os": "linux"}
        assert pod["tolerations"] == [{"operator": "Exists"}]
        assert pod["automountServiceAccountToken"] is False
        assert "affinity" not in pod


def test_profiles_of_some_pools_are_loaded_there_alone():
    done = register({"seccomp": [{"name": "prevent-chmod", "pools": ["general", "memory"]}]})
    affinity = pod_of(done, "seccomp-general-memory-loader")["affinity"]
    (term,) = affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]

    assert term["matchExpressions"] == [
        {"key": "kubernetes.azure.com/agentpool", "operator": "In", "values": ["general", "memory"]}
    ]


def test_seccomp_profiles_land_where_the_kubelet_looks():
    done = register({"seccomp": ["prevent-chmod"]})
    pod = pod_of(done, "seccomp-loader")

    assert {"path": "/var/lib/kubelet/seccomp", "type": "DirectoryOrCreate"} in [
        v.get("hostPath") for v in pod["volumes"]
    ]
    assert done.of(":DaemonSet")[0].inputs["metadata"]["namespace"] == "security-profiles"


def test_apparmor_loader_is_unconfined_and_needs_no_more_than_two_capabilities():
    security = pod_of(register(BOTH), "apparmor-loader")["containers"][0]["securityContext"]

    assert security["appArmorProfile"] == {"type": "Unconfined"}
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["MAC_ADMIN", "SYS_CHROOT"]}


@pytest.mark.parametrize("name", ["seccomp-loader", "apparmor-loader"])
def test_no_loader_is_privileged(name):
    (container,) = pod_of(register(BOTH), name)["containers"]
    security = container["securityContext"]

    assert security["privileged"] is False
    assert security["allowPrivilegeEscalation"] is False
    assert security["readOnlyRootFilesystem"] is True
    assert security["capabilities"]["drop"] == ["ALL"]
    assert set(container["resources"]) == {"requests", "limits"}


def test_changed_profile_rolls_the_loaders_over(tmp_path):
    (tmp_path / "seccomp").mkdir()
    file = tmp_path / "seccomp" / "mine.json"

    def config():
        pod = pod_of(register({"seccomp": ["mine"]}, tmp_path), "seccomp-loader")
        return pod["volumes"][0]["configMap"]["name"]

    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    before = config()
    file.write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')

    assert config() != before


def test_namespace_says_that_its_pods_are_privileged_and_is_there_first():
    done = register(BOTH)
    namespace = done.one(":Namespace")

    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert all(depends_on(one, namespace) for one in done.of(":DaemonSet"))


def test_nothing_is_registered_for_no_profiles():
    assert [one.type for one in register({}).registered] == ["secure-aks:index:SecurityProfiles"]
