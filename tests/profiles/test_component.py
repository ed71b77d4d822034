"""What the component asks the engine for: loaders, their rights, and what they may do to a node."""

import json
import shutil
from pathlib import Path

import pulumi
import pytest

from components.profiles.names import KINDS
from components.program.profiles import security_profiles
from settings.sections.profiles import FOLDER, Profiles
from tests.components.helpers import depends_on, run
from tests.components.test_program import run_program
from tests.profiles.helpers import BOTH, IMAGE, pool

ROOT = Path(__file__).parents[2]
POOLS = [
    pool("system", mode="System"),
    pool("general"),
    pool("memory"),
    pool("sandbox", os_sku="AzureLinux"),
    pool("guarded", os_sku="AzureLinuxOSGuard"),
    pool("win", os_type="Windows", os_sku="Windows2025"),
]


def register(profiles, pools=(), folder=FOLDER):
    values = Profiles.model_validate({"loaderImage": IMAGE, **profiles})
    return run(lambda: security_profiles("profiles", values, pools, folder=folder))


def daemon_sets(done):
    return {one.inputs["metadata"]["name"]: one.inputs for one in done.of(":DaemonSet")}


def pod_of(done, name):
    return daemon_sets(done)[name]["spec"]["template"]["spec"]


def config_of(done, name):
    """The data of the ConfigMap that a loader's pod mounts."""
    (volume,) = [v for v in pod_of(done, name)["volumes"] if v["name"] == "profiles"]
    (config,) = [
        one.inputs
        for one in done.of(":ConfigMap")
        if one.inputs["metadata"]["name"] == volume["configMap"]["name"]
    ]
    assert config["immutable"] is True
    return config["data"]


def nodes_of(done, name):
    affinity = pod_of(done, name).get("affinity")
    if affinity is None:
        return None
    (term,) = affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (expression,) = term["matchExpressions"]
    assert expression["key"] == "kubernetes.azure.com/agentpool"
    return expression["operator"], expression["values"]


def test_profiles_are_the_files_of_the_repository():
    done = register(BOTH)

    seccomp = config_of(done, "seccomp")["prevent-chmod"]
    assert json.loads(seccomp)["defaultAction"] == "SCMP_ACT_ERRNO"
    assert "deny /** w," in config_of(done, "apparmor")["k8s-apparmor-example-deny-write"]


def test_two_daemon_sets_for_every_linux_node_whatever_its_taints():
    done = register(BOTH)

    assert set(daemon_sets(done)) == set(KINDS)
    for name in KINDS:
        pod = pod_of(done, name)
        assert pod["nodeSelector"] == {"kubernetes.io/os": "linux"}
        assert pod["tolerations"] == [{"operator": "Exists"}]
        assert nodes_of(done, name) is None


def test_apparmor_stays_away_from_linux_without_it():
    done = register(BOTH, POOLS)

    assert nodes_of(done, "seccomp") is None
    assert nodes_of(done, "apparmor") == ("NotIn", ["guarded"])


def test_pools_with_profiles_of_their_own_have_one_loader_with_all_of_theirs():
    seccomp = ["hardened", {"name": "prevent-chmod", "pools": ["memory", "general"]}]
    done = register({"seccomp": seccomp}, POOLS)

    assert set(daemon_sets(done)) == {"seccomp", "seccomp-general-memory"}
    assert nodes_of(done, "seccomp") == ("NotIn", ["general", "memory"])
    assert set(config_of(done, "seccomp")) == {"hardened"}
    assert nodes_of(done, "seccomp-general-memory") == ("In", ["general", "memory"])
    assert set(config_of(done, "seccomp-general-memory")) == {"hardened", "prevent-chmod"}


def test_profiles_of_some_pools_alone_are_nowhere_else():
    done = register({"seccomp": [{"name": "hardened", "pools": ["memory"]}]}, POOLS)

    assert set(daemon_sets(done)) == {"seccomp-memory"}
    assert nodes_of(done, "seccomp-memory") == ("In", ["memory"])


def test_a_loader_of_many_pools_has_a_short_name():
    names = [f"pool{number}" for number in range(30)]
    done = register(
        {"seccomp": [{"name": "hardened", "pools": names}]}, [pool("other"), *(pool(name) for name in names)]
    )

    (name,) = daemon_sets(done)
    assert name.startswith("seccomp-")
    assert len(name) < 52


def test_the_seccomp_loader_sees_the_kubelets_folder_of_profiles_and_nothing_else_of_the_node():
    pod = pod_of(register(BOTH), "seccomp")
    paths = [volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume]
    security = pod["containers"][0]["securityContext"]

    assert paths == ["/var/lib/kubelet/seccomp"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert "appArmorProfile" not in security


def test_the_apparmor_loader_is_unconfined_with_one_capability():
    pod = pod_of(register(BOTH), "apparmor")
    security = pod["containers"][0]["securityContext"]
    paths = {volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume}

    assert security["appArmorProfile"] == {"type": "Unconfined"}
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["MAC_ADMIN"]}
    assert paths == {"/sys/kernel/security", "/run/secure-aks-apparmor"}


@pytest.mark.parametrize("name", KINDS)
def test_who_touches_the_node_has_no_token_and_who_has_a_token_sees_no_node(name):
    pod = pod_of(register(BOTH), name)
    loader, reporter = pod["containers"]
    host = {volume["name"] for volume in pod["volumes"] if "hostPath" in volume}

    assert pod["automountServiceAccountToken"] is False
    assert "account" not in {mount["name"] for mount in loader["volumeMounts"]}
    assert not host & {mount["name"] for mount in reporter["volumeMounts"]}
    assert reporter["securityContext"]["runAsNonRoot"] is True
    assert reporter["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("name", KINDS)
def test_no_container_is_privileged(name):
    pod = pod_of(register(BOTH), name)

    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        security = container["securityContext"]
        assert security["privileged"] is False
        assert security["allowPrivilegeEscalation"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["capabilities"]["drop"] == ["ALL"]
        assert set(container["resources"]) == {"requests", "limits"}
        assert container["image"] == IMAGE
        assert container["readinessProbe"]["exec"]["command"][-1] == "check"


def test_a_changed_profile_rolls_the_loaders_over(tmp_path):
    (tmp_path / "seccomp").mkdir()
    file = tmp_path / "seccomp" / "mine.json"

    def template():
        return pod_of(register({"seccomp": ["mine"]}, (), tmp_path), "seccomp")

    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    before = template()
    assert template() == before
    file.write_text('{"defaultAction": "SCMP_ACT_LOG"}')

    assert template() != before


def test_the_limit_of_the_right_is_there_before_the_right():
    done = register(BOTH)
    policy, limit = done.one(":ValidatingAdmissionPolicy"), done.one(":ValidatingAdmissionPolicyBinding")
    right = done.one(":ClusterRoleBinding")

    assert depends_on(right, policy)
    assert depends_on(right, limit)
    assert all(depends_on(one, right) for one in done.of(":DaemonSet"))
    assert done.one(":ClusterRole").inputs["rules"] == [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["patch"]}
    ]


def test_namespace_says_that_its_pods_are_privileged_and_is_there_first():
    done = register(BOTH)
    namespace = done.one(":Namespace")

    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert all(depends_on(one, namespace) for one in done.of(":DaemonSet"))


def test_nothing_is_registered_for_no_profiles():
    assert [one.type for one in register({}).registered] == ["secure-aks:index:SecurityProfiles"]


def test_samples_are_off_unless_switched_on_and_come_after_the_loaders():
    assert not register(BOTH, POOLS).of(":Pod")

    done = register({**BOTH, "samples": True}, POOLS)
    pods = {one.name: one for one in done.of(":Pod")}
    assert set(pods) == {"hello-apparmor", "chmod-prevented"}
    for one in pods.values():
        assert all(depends_on(one, loader) for loader in done.of(":DaemonSet"))
        assert one.inputs["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"
        assert [c["image"] for c in one.inputs["spec"]["containers"]] == [IMAGE], "pinned, as the loaders' is"
    spec = pods["chmod-prevented"].inputs["spec"]
    assert spec["securityContext"]["seccompProfile"]["localhostProfile"] == "prevent-chmod"
    security = pods["hello-apparmor"].inputs["spec"]["securityContext"]
    assert security["appArmorProfile"]["localhostProfile"] == "k8s-apparmor-example-deny-write"
    levels = [one.inputs["metadata"]["labels"] for one in done.of(":Namespace") if "samples" in one.name]
    assert [level["pod-security.kubernetes.io/enforce"] for level in levels] == ["restricted"]


@pytest.fixture
def said(monkeypatch):
    """What the program warns of."""
    lines = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: lines.append(text))
    return lines


def test_a_placeholder_instead_of_the_loaders_image_is_said(said):
    register(BOTH)
    assert said == []
    register({**BOTH, "loaderImage": f"team.azurecr.io/loader@sha256:{'0' * 64}"})

    (line,) = said
    assert "secure-aks:profiles.loaderImage" in line
    assert "docs/profiles.md" in line


def test_a_stack_file_switches_the_samples_on(said, tmp_path):
    """The whole program with the stack file of dev, in which one line is added and the placeholder replaced."""
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    assert text.count("  secure-aks:profiles:\n") == text.count(f"@sha256:{'0' * 64}") == 1
    text = text.replace("  secure-aks:profiles:\n", "  secure-aks:profiles:\n    samples: true\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(text.replace("0" * 64, "1" * 64))
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)

    assert {one.name for one in run_program(tmp_path, "dev").of(":Pod")} == {
        "hello-apparmor",
        "chmod-prevented",
    }
    assert said == []
    assert run_program(ROOT, "dev").of(":Pod") == []
    assert len(said) == 1, "the shipped stack file has the placeholder"
