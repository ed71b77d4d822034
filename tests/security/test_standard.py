"""The pack judges the pods of Kubernetes' own tests of the Pod Security Standards as those tests want it."""

from collections import defaultdict

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from emulator.control_plane.builder import kubernetes_version
from tests.security.analyzer import urn
from tests.security.build import CONFIG, mutate, workload
from tests.security.cases import type_of
from tests.security.cases.pod_parts import TEMPLATES
from tests.security.helpers import TODAY
from tests.security.official_pods import minors, newest_minor, official_pods, pods_of

STANDARD = "Kubernetes Pod Security Standards"
PROFILES = {rule.id: rule.profile for rule in load_rules() if rule.profile}
# Kubernetes' checks by the names of their pods.
CHECKS = {
    "allowprivilegeescalation": "pod-privilege-escalation",
    "apparmorprofile": "pod-apparmor",
    "capabilities_baseline": "pod-capabilities",
    "capabilities_restricted": "pod-capabilities-dropped",
    "hostnamespaces": "pod-host-namespaces",
    "hostpathvolumes": "pod-host-path-volumes",
    "hostports": "pod-host-ports",
    "hostprobesandhostlifecycle": "pod-host-probes",
    "privileged": "pod-privileged",
    "procmount": "pod-proc-mount",
    "procmount_restricted": "pod-proc-mount-restricted",
    "restrictedvolumes": "pod-volume-types",
    "runasnonroot": "pod-run-as-non-root",
    "runasuser": "pod-run-as-user",
    "seccompprofile_baseline": "pod-seccomp",
    "seccompprofile_restricted": "pod-seccomp-required",
    "selinuxoptions": "pod-selinux",
    "sysctls": "pod-sysctls",
    "windowshostprocess": "pod-windows-host-process",
}


@pytest.fixture(scope="module")
def pods():
    found = official_pods()
    assert len(found) > 100
    return found


def refusing(judge, item):
    """The rules that state the standard and refuse the object."""
    token = type_of(item)
    found = judge.judge(Resource(token, urn(token, "it"), "it", item))
    return {finding.rule.id for finding in found} & PROFILES.keys()


def test_every_check_is_a_rule_and_every_rule_a_check(pods):
    assert CHECKS.keys() == {pod.check for pod in pods} - {"base"}
    assert set(CHECKS.values()) == PROFILES.keys()


def test_every_pod_is_judged_as_kubernetes_judges_it(judge, pods):
    wrong: dict[str, list[str]] = defaultdict(list)
    for official in pods:
        item = mutate(official.pod, {"M.namespace": "app"})
        found = refusing(judge, item)
        if official.profile == "baseline":
            found = {rule for rule in found if PROFILES[rule] == "Baseline"}
        right = not found if official.passes else CHECKS[official.check] in found
        if not right:
            wrong[str(official)] = sorted(found)
    assert wrong == {}


# Official pods that are judged otherwise on a cluster of that minor, and why.
DEVIATIONS = {
    # Before 1.19 seccomp was an annotation, which no supported cluster reads any more (pod-seccomp-annotation).
    "fail seccompprofile_baseline": range(19),
}


def test_every_pod_of_every_version_is_judged_as_that_version_judges_it():
    wrong: dict[str, set[int]] = defaultdict(set)
    count = 0
    for minor in minors():
        cluster = {**CONFIG["secure-aks:cluster"], "kubernetesVersion": f"1.{minor}.0"}
        configuration = configure(load_rules(), {**CONFIG, "secure-aks:cluster": cluster})
        judge = Judge(load_rules(), configuration, TODAY, Record())
        for official in pods_of(minor):
            count += 1
            found = refusing(judge, mutate(official.pod, {"M.namespace": "app"}))
            if official.profile == "baseline":
                found = {rule for rule in found if PROFILES[rule] == "Baseline"}
            right = not found if official.passes else CHECKS[official.check] in found
            if not right:
                wrong[f"{'pass' if official.passes else 'fail'} {official.check}"].add(minor)
    assert count > 4_000
    assert wrong == {name: set(span) for name, span in DEVIATIONS.items()}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_so_it_is_in_the_template_of_a_workload(judge, pods, kind):
    for official in pods:
        bare = mutate(official.pod, {"M.namespace": "app"})
        inside = mutate(workload(kind), {TEMPLATES[kind]: official.pod["spec"]})
        holder = f"{TEMPLATES[kind].removesuffix('.spec')}.metadata.annotations"
        inside = mutate(inside, {holder: official.pod["metadata"].get("annotations", {})})
        assert refusing(judge, inside) == refusing(judge, bare), str(official)


def test_the_rules_are_those_of_the_newest_supported_minor():
    newest = Catalog.load().newest(TODAY)
    assert newest is not None
    major, minor = newest.minor
    assert kubernetes_version().startswith(f"{major}.{minor}."), "raise emulator/control_plane/go.mod too"
    assert newest_minor() <= minor
    for rule in load_rules():
        standard = [item for item in rule.compliance if item.framework == STANDARD]
        assert bool(standard) == bool(rule.profile), rule.id
        if standard:
            assert standard == [rule.compliance[0]]  # the one that the policy tells the engine
            assert (standard[0].version, standard[0].specification) == (f"v{major}.{minor}", rule.profile)
