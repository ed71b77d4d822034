"""Using a profile: the security context and the nodes, or a refusal that names the mistake."""

import copy

import pytest
from secure_aks_lifecycle.versions.version import Version

from components.profiles.workload import confined
from settings.sections.profiles import Profiles
from tests.profiles.helpers import BOTH, IMAGE

DECLARED = Profiles.model_validate({**BOTH, "loaderImage": IMAGE})
NEW, OLD = Version(1, 30, 0), Version(1, 29, 9)
POD = {"spec": {"initContainers": [{"name": "first"}], "containers": [{"name": "app"}]}}


def required(pod):
    return pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]


def test_both_profiles_in_fields_and_on_nodes_that_have_them():
    before = copy.deepcopy(POD)
    made = confined(POD, DECLARED, NEW, seccomp="hardened", apparmor="hardened")

    assert made["spec"]["securityContext"] == {
        "seccompProfile": {"type": "Localhost", "localhostProfile": "hardened"},
        "appArmorProfile": {"type": "Localhost", "localhostProfile": "hardened"},
    }
    assert required(made) == [
        {
            "matchExpressions": [
                {"key": "seccomp.secure-aks/hardened", "operator": "Exists"},
                {"key": "apparmor.secure-aks/hardened", "operator": "Exists"},
            ]
        }
    ]
    assert "metadata" not in made
    assert before == POD, "the pod that was given is not changed"


def test_before_1_30_apparmor_is_an_annotation_of_each_container():
    made = confined(POD, DECLARED, OLD, apparmor="hardened")

    prefix = "container.apparmor.security.beta.kubernetes.io/"
    assert made["metadata"]["annotations"] == dict.fromkeys(
        (f"{prefix}first", f"{prefix}app"), "localhost/hardened"
    )
    assert "appArmorProfile" not in made["spec"]["securityContext"]


def test_what_the_pod_says_already_stays():
    zone = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["1"]}
    terms = [{"matchExpressions": [zone]}, {"matchFields": []}]
    affinity = {
        "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    }
    pod = {"spec": {**POD["spec"], "securityContext": {"runAsNonRoot": True}, "affinity": affinity}}
    made = confined(pod, DECLARED, NEW, seccomp="hardened")

    own = {"key": "seccomp.secure-aks/hardened", "operator": "Exists"}
    assert required(made) == [
        {"matchExpressions": [zone, own]},
        {"matchFields": [], "matchExpressions": [own]},
    ]
    assert made["spec"]["securityContext"]["runAsNonRoot"] is True


def _with(where, field):
    """A pod with a container that has a profile of its own: Kubernetes would put it before the pod's."""
    own = {"name": "app", "securityContext": {field: {"type": "Unconfined"}}}
    return {"spec": {"containers": [], where: [own]}}


@pytest.mark.parametrize(
    ("pod", "profiles", "words"),
    [
        (POD, {"seccomp": "hardend"}, "declares no seccomp profile 'hardend'; did you mean `hardened`"),
        (POD, {"apparmor": "prevent-chmod"}, "declares no apparmor profile 'prevent-chmod'"),
        (POD, {}, "no profile is named"),
        (
            _with("containers", "seccompProfile"),
            {"seccomp": "hardened"},
            "containers app have a seccompProfile",
        ),
        (
            _with("initContainers", "appArmorProfile"),
            {"apparmor": "hardened"},
            "containers app have a appArmorProfile",
        ),
        ({"spec": {"os": {"name": "windows"}}}, {"seccomp": "hardened"}, "a Windows pod"),
    ],
)
def test_refused(pod, profiles, words):
    with pytest.raises(ValueError, match=words):
        confined(pod, DECLARED, NEW, **profiles)


def test_a_containers_own_profile_of_the_other_kind_stays():
    made = confined(_with("containers", "appArmorProfile"), DECLARED, NEW, seccomp="hardened")

    (container,) = made["spec"]["containers"]
    assert container["securityContext"] == {"appArmorProfile": {"type": "Unconfined"}}
