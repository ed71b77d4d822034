"""The pack and a real API server, which evaluates the same texts itself, agree on every case."""

import json
import time

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from secure_aks_security.admission.parameters import NAMESPACE, PARAMETERS
from secure_aks_security.expressions import limited
from secure_aks_security.judging.resources import Resource
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules

from tests.control_plane_fixture import started
from tests.security.analyzer import urn
from tests.security.build import (
    CONFIG,
    DELETE,
    IMAGE,
    binding,
    container,
    mutate,
    namespace,
    pod,
    role,
    workload,
)
from tests.security.cases import CASES, MANY, pods, spread, type_of
from tests.security.cases.cluster_api import endpoint_slice, endpoints
from tests.security.cases.pod_parts import TEMPLATES
from tests.security.disguises import in_yaml, listed
from tests.security.further_pairs import FURTHER_PAIRS
from tests.security.helpers import ANY_HEALTH, judge_of
from tests.security.mutated import examine, mutated
from tests.security.official_pods import official_pods
from tests.security.own_workloads import own_workloads
from tests.security.pairs import PAIRS
from tests.security.parity import PATHS, Server, judged_there
from tests.security.parity_server import DENIED, DENIED_RELAXED, STANDARDS, serving
from tests.security.platform import CONTROLLERS
from tests.security.platform.attacks import ATTACKS
from tests.security.sizes import SIZES
from tests.security.test_disguises import found
from tests.security.updates import UPDATES

# In the namespaces of AKS the API server asks nothing, and of what is created it takes no status.
LEFT_OUT = CONFIG["secure-aks:admission"]["systemNamespaces"]
KUBERNETES = [
    case
    for case in CASES
    if judged_there(case)
    and case.object["metadata"].get("namespace") not in {*LEFT_OUT, "kube-system"}
    and "status" not in case.object
]
PROFILES = {rule.id: rule.profile for rule in load_rules()}


@pytest.fixture(scope="module")
def judge():
    """One of a stack with kured, as the API server here has it."""
    return judge_of({"nodeUpdates": "kured"})


@pytest.fixture(scope="module")
def control_plane():
    """One of its own: the admission policies of this module hold for everybody on it."""
    yield from started()


@pytest.fixture(scope="module")
def server(control_plane, tmp_path_factory):
    with serving(control_plane, tmp_path_factory.mktemp("parity")) as running:
        yield running


def by_pack(judge, item):
    """The words of each rule that refuses, as the pack says them."""
    token = type_of(item)
    return {
        finding.rule.id: finding.message
        for finding in judge.judge(Resource(token, urn(token, "it"), "it", item))
    }


def by_server(server, item):
    """The status and the words of each rule that refuses, as the API server says them."""
    ephemeral = item["kind"] == "Pod" and "ephemeralContainers" in item["spec"]
    return server.debug(item) if ephemeral else server.create(item)


# What the API server's own validation refuses before any admission policy sees it.
INVALID = {
    "pod-seccomp-declared: none",
    "pod-pull-policy: no image",
    "pod-image-tag: a volume of nothing",
    "pod-image-tag: no image of a gateway",
    "pod-apparmor-declared: none",
    *(f"{rule}: no image" for rule in ("pod-image-digest", "pod-image-registry", "pod-image-tag")),
    *(
        f"pod-proc-mount: {name}"
        for name in ("a container", "an init container", "an ephemeral container", "the node's users")
    ),
    "pod-foreign-nodes: any value, its own named",
    "pod-windows-host-process: an ephemeral container",
    "rbac-impersonate: no verbs",
    "crd-converter: nobody yet",
    "crd-converter: a Service of no namespace",
    "crd-converter: no Service",
    "class-settings-of-team: nothing at all",
    *(
        f"endpoint-addresses: {name}"
        for name in (
            "169.254.169.254",
            "127.0.0.1",
            "::1",
            "fe80::1",
            "::ffff:168.63.129.16",
            "::ffff:a9fe:a9fe",
            "localhost",
            "an endpoint of nothing",
            "a subset of nothing",
        )
    ),
}
# For a bare pod the API server copies the annotation into the field, so it finds both.
SAID_TWICE = {"pod-apparmor: annotation unconfined"}


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in KUBERNETES))
def test_both_say_the_same(judge, server, rule):
    agree(judge, server, spread([case for case in KUBERNETES if case.rule == rule]))


@pytest.mark.soak
@pytest.mark.parametrize("rule", MANY)
def test_both_say_the_same_of_each_of_hundreds(judge, server, rule):
    agree(judge, server, [case for case in KUBERNETES if case.rule == rule])


def agree(judge, server, cases):
    assert cases
    disagreements: list[tuple[str, object, object]] = []
    for case in cases:
        status, answer, words = by_server(server, case.object)
        if str(case) in INVALID:
            assert status == 422, answer
            continue
        assert status in {200, 201}, (case.name, answer)
        ours = by_pack(judge, case.object)
        agree = words.keys() == ours.keys() if str(case) in SAID_TWICE else words == ours
        if not agree:
            disagreements.append((case.name, words, ours))
    assert disagreements == []


def _lets_in(server, item, level):
    """Whether the API server's own Pod Security admission finds nothing in an object that breaks this level.

    None for an object that the API server's validation refuses.
    """
    namespace = next(name for name, enforced in STANDARDS.items() if enforced == level)
    status, answer, _ = by_server(server, mutate(item, {"M.namespace": namespace}))
    if status == 422:
        return None
    assert status in {200, 201} or "violates PodSecurity" in answer["message"], answer
    return status != 403 and not any("violate PodSecurity" in line for line in server.warnings)


def _profiles(judge, item):
    """The Pod Security Standards that the pack finds broken."""
    refusing = by_pack(judge, mutate(item, {"M.namespace": "app-psa-restricted"}))
    return {PROFILES[rule] for rule in refusing} & {"Baseline", "Restricted"}


CHANGES = [
    case_changes
    for rule in pods.CASES
    if PROFILES[rule]
    for case_changes in (
        *pods.CASES[rule].get("passes", {}).values(),
        *(changes for changes, _ in pods.CASES[rule]["fails"].values()),
    )
    if "from" not in case_changes and not any(path.startswith("E.") for path in case_changes)
]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=ANY_HEALTH)
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4))
def test_any_mixture_is_judged_as_the_standard_judges_it(judge, server, changes):
    """The API server's own Pod Security admission is a second implementation of the standard to agree with."""
    item = pod()
    for change in changes:
        try:
            item = mutate(item, change)
        except (KeyError, TypeError, IndexError):
            reject()  # one change took away what the next one sets
    broken, let_in = _profiles(judge, item), _lets_in(server, item, "baseline")
    if let_in is None:
        reject()
    assert let_in == ("Baseline" not in broken)
    assert _lets_in(server, item, "restricted") == (not broken)


STATED = [case for case in KUBERNETES if PROFILES[case.rule] and str(case) not in INVALID]


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in STATED))
def test_every_case_of_the_standard_is_judged_as_the_standard_judges_it(judge, server, rule):
    """Alone, of every kind of workload and container, and against both levels."""
    disagreements = [
        (case.name, level)
        for case in spread([case for case in STATED if case.rule == rule])
        for level, breaking in (("baseline", {"Baseline"}), ("restricted", {"Baseline", "Restricted"}))
        if _lets_in(server, case.object, level) != _profiles(judge, case.object).isdisjoint(breaking)
    ]
    assert disagreements == []


def _of_ours(official):
    """One of Kubernetes' own pods with what the rules beyond the standard want: the API server cuts many warnings short."""
    item = mutate(
        official.pod, {"M.name": "web", "M.namespace": "app", "S.automountServiceAccountToken": False}
    )
    for one in (*item["spec"]["containers"], *item["spec"].get("initContainers", [])):
        one |= {"image": IMAGE, "resources": container()["resources"]}
    return item


def test_kubernetes_own_pods_are_judged_alike(judge, server):
    disagreements: list[tuple[str, object, object]] = []
    for official in official_pods():
        item = _of_ours(official)
        status, answer, words = server.create(item)
        if official.check == "procmount" and not official.passes:
            assert status == 422, answer  # validation is faster
            continue
        assert status == 201, (str(official), answer)
        ours = by_pack(judge, item)
        if "annotations" in item["metadata"]:  # the API server copies those into fields
            words, ours = ({rule for rule in said if PROFILES[rule]} for said in (words, ours))
        if words != ours:
            disagreements.append((str(official), words, ours))
    assert disagreements == []


UPDATES_BY_NAME = {update.name: update for update in UPDATES}


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update.name)
def test_an_update_is_judged_when_it_touches_what_rules_read(server, update):
    def replaced(before, after, name):
        """What is warned about when an object that is there is replaced; by names of their own nobody waits for the last one's end."""
        name = f"{name}-{UPDATES.index(update)}"  # two of one kind, too
        before, after = (mutate(item, {"M.name": name}) for item in (before, after))
        path = f"{PATHS[before['kind']].format('app')}/{name}"
        assert server.create(before, dry_run=False)[0] == 201
        try:
            patch = {key: value for key, value in after.items() if key not in {"apiVersion", "kind"}}
            where = f"{path}/{update.by}?dryRun=All" if update.by else f"{path}?dryRun=All"
            status, answer, words = (
                server.send("PUT", where, after, "application/json")  # which takes no patches
                if update.by == "finalize"
                else server.send("PATCH", where, patch, "application/merge-patch+json")
            )
            assert status == 200, answer
            return words.keys()
        finally:
            server.send("DELETE", f"{path}?gracePeriodSeconds=0", {}, "application/json")

    labels = {"M.labels.note": "x"}
    assert replaced(update.object, mutate(update.object, labels), "labelled") == set()
    assert update.rule in replaced(update.object, update.changed, "changed")
    # What was there before the policies may be labelled.
    was = replaced(update.changed, mutate(update.changed, labels), "labelled-later")
    assert was <= LABELS_ARE_READ.get(update.name, set())


@pytest.mark.parametrize("name", ["Role", "Service", "Namespace", "a snippet, by the status"])
def test_what_is_going_away_is_judged_too_and_may_go(server, name):
    [update] = [update for update in UPDATES if update.name == name]
    before = mutate(update.object, {"M.name": "going", "M.finalizers": ["example.com/hold"]})
    path, merge = f"{PATHS[before['kind']].format('app')}/going", "application/merge-patch+json"
    assert server.create(before, dry_run=False)[0] == 201
    _, going, _ = server.send("DELETE", path, {}, "application/json")
    patch = {key: update.changed[key] for key in update.changed if key not in {"apiVersion", "kind"}}
    patch["metadata"] = {**patch["metadata"], "name": "going"}
    changed = server.send("PATCH", path, patch, merge)
    gone = server.send("PATCH", path, {"metadata": {"finalizers": None}}, merge)
    assert "deletionTimestamp" in going["metadata"]
    assert (changed[0], update.rule in changed[2]) == (200, True)
    assert (gone[0], gone[2]) == (200, {})


def test_a_controllers_role_is_judged_when_it_comes_into_view(server):
    reads = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
    name, view = "keeper-reads-all", "rbac.authorization.k8s.io/aggregate-to-view"
    before = mutate(role("ClusterRole"), {"M.name": name, "rules": reads})
    path, merge = f"{PATHS['ClusterRole']}/{name}", "application/merge-patch+json"
    status, _, words = server.create(before, dry_run=False)
    assert (status, words) == (201, {})
    try:
        for label, told in (("note", set()), (view, {"rbac-read-secrets"})):
            patch = {"metadata": {"labels": {label: "true"}}}
            status, _, words = server.send("PATCH", f"{path}?dryRun=All", patch, merge)
            assert (status, words.keys()) == (200, told), label
    finally:
        server.send("DELETE", path, {}, "application/json")


# Of a Namespace rules read the labels.
LABELS_ARE_READ = {
    update.name: {"namespace-pod-security"} for update in UPDATES if update.object["kind"] == "Namespace"
}


def denied(**changes):
    """A pod for the namespace in which the policies deny."""
    return mutate(pod(), {"M.namespace": DENIED, **changes})


def applied(control_plane, item):
    """What kubectl says to somebody who applies an object past Pulumi, and its exit code."""
    done = control_plane.kubectl("apply", "-f", "-", stdin=json.dumps(item))
    return done.returncode, done.stderr


@pytest.mark.parametrize("kind", ["Pod", "Deployment", "CronJob"])
def test_a_privileged_pod_behind_pulumis_back_is_refused_in_the_same_words(
    judge, control_plane, server, kind
):
    """In a namespace of the level Baseline, where this is the one rule that a privileged container breaks."""
    happy, path = (pod(), "spec") if kind == "Pod" else (workload(kind), TEMPLATES[kind])
    item = mutate(
        happy,
        {
            "M.namespace": DENIED_RELAXED,
            f"{path}.containers[0].securityContext": {"privileged": True, "readOnlyRootFilesystem": True},
        },
    )
    words = by_pack(judge, item)
    assert words.keys() == {"pod-privileged"}
    code, said = applied(control_plane, item)
    assert code == 1
    assert "ValidatingAdmissionPolicy 'secure-aks-pods'" in said
    assert words["pod-privileged"] in said
    harmless = mutate(item, {f"{path}.containers[0].securityContext.privileged": False})
    assert server.create(harmless)[0] == 201


def test_the_other_rules_refuse_there_in_their_words_too(judge, control_plane, server):
    item = denied(**{"S.hostPID": True})
    [text] = by_pack(judge, item).values()
    code, said = applied(control_plane, item)
    assert code == 1
    assert text in said


def test_an_advisory_rule_warns_where_others_deny(server):
    status, _, words = server.create(denied(**{"C.securityContext.readOnlyRootFilesystem": False}))
    assert status == 201
    assert set(words) == {"pod-read-only-root"}


def test_this_projects_own_workloads_get_in(server):
    for item in own_workloads():
        if item["kind"] not in PATHS:
            continue
        if item["kind"] == "DaemonSet":
            labels = {"app": "web"}
            item["spec"].setdefault("selector", {"matchLabels": labels})
            item["spec"]["template"].setdefault("metadata", {"labels": labels})
        status, answer, words = server.create(item)
        assert status in {201, 409}, answer  # 409: the namespace is there
        # These are off unless a stack asks for them, as the cases' stack does.
        assert words.keys() <= {"pod-image-digest", "pod-cpu-limit"}, item["metadata"]["name"]


ADVISORY = {rule.id for rule in load_rules() if rule.level is Level.ADVISORY}


@pytest.mark.parametrize("name", CONTROLLERS)
def test_the_platforms_controllers_get_in(judge, server, name):
    """With the manifests that their makers publish; told as the pack tells it."""
    for item in CONTROLLERS[name].MANIFESTS:
        if item["metadata"].get("namespace") == "kube-system":
            continue
        status, answer, words = server.create(item)
        if item["kind"] == "Namespace":
            assert status == 409, answer  # the stack has made it; what applies it again brings its labels
            path = f"/api/v1/namespaces/{item['metadata']['name']}?dryRun=All"
            status, answer, words = server.send("PATCH", path, item, "application/merge-patch+json")
            assert status == 200, answer
        else:
            assert status == 201, answer
        ours = by_pack(judge, item)
        assert words == ours, item["metadata"]["name"]
        # These two are off unless a stack asks for them, as the cases' stack does.
        assert words.keys() <= ADVISORY | {"pod-image-digest", "pod-cpu-limit"}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_only_like_a_controllers_does_not(judge, server, name):
    item, rule = ATTACKS[name]
    status, answer, words = server.create(item)
    assert status == 201, answer
    assert rule in words
    # Of many warnings the API server cuts each short.
    assert words.keys() == by_pack(judge, item).keys()


def _previewed(judge, item):
    """By the form in which it comes: the rules that refuse an object, and after a question mark those that do not know."""
    token = type_of(item)
    return {
        "whole": found(judge, token, item),
        "called something else": found(judge, "kubernetes:core/v1:ConfigMap", item),
        "in a list": found(judge, *listed(item)),
        "in yaml": found(judge, *in_yaml(item)),
        "a patch": found(judge, f"{token}Patch", item),
    }


ALL_PAIRS = PAIRS | FURTHER_PAIRS


@pytest.mark.parametrize("name", ALL_PAIRS)
def test_of_an_attack_and_its_neighbour_the_attack_alone_is_refused(judge, server, name):
    """At preview in every form, and by the API server."""
    attack, rule, well = ALL_PAIRS[name]
    previewed = _previewed(judge, attack)
    assert {form for form, rules in previewed.items() if not rules & {rule, f"?{rule}"}} == set()
    status, answer, words = by_server(server, attack)
    assert status in {200, 201}, answer
    assert rule in words
    assert words.keys() == previewed["whole"]
    status, answer, words = by_server(server, well)
    assert (status in {200, 201}, words) == (True, {}), answer
    refused = {one for rules in _previewed(judge, well).values() for one in rules if one[0] != "?"}
    assert refused == set()


# Priorities are teams' alone and devices of namespaces with a label, and this namespace has neither.
ELSEWHERE = {"pod-system-priority", "claim-admin-access"}


@pytest.mark.soak
def test_in_a_namespace_that_denies_no_attack_gets_in_whether_created_or_applied(server):
    for name, (attack, rule, _) in PAIRS.items():
        metadata = attack["metadata"]
        # Debugging containers are added to a pod that runs.
        debugging = "ephemeralContainers" in attack.get("spec", {})
        if metadata.get("namespace") != "app" or rule in ELSEWHERE | ADVISORY or debugging:
            continue
        item = mutate(attack, {"M.namespace": DENIED})
        assert server.create(item)[0] == 403, name
        if "name" in metadata:
            assert server.apply(item)[0] == 403, name


def test_whatever_the_api_server_lets_in_is_judged_and_alike(judge, server):
    """A sample of what `make mutated` asks about 10,000 objects."""
    asked = 120
    tally = examine(judge, server, (mutated(seed) for seed in range(asked)))
    assert tally.wrong == []
    assert tally.admitted > asked / 3


def test_a_role_of_thousands_of_rules_is_judged_to_the_last(judge, server):
    """As large as the API server takes it: what no rule is about costs next to nothing, and hides nothing."""
    own = {
        "apiGroups": [""],
        "resources": ["things"],
        "verbs": ["get", "create"],
        "resourceNames": ["x" * 100],
    }
    harmless = mutate(role("ClusterRole"), {"rules": [own] * 2_500})
    assert server.create(harmless)[::2] == (201, {})
    last = {"apiGroups": [""], "resources": ["secrets", "nodes/proxy"], "verbs": ["list", "get"]}
    ours = by_pack(judge, item := mutate(harmless, {"rules": [*harmless["rules"], last]}))
    assert {"rbac-read-secrets", "rbac-nodes-proxy"} <= ours.keys()
    status, answer, words = server.create(item)
    assert status == 201, answer
    assert words == ours


def test_so_are_one_of_many_secrets_by_name_and_a_binding_of_thousands(judge, server):
    """Which rules look at in turn: nothing that is well is too much for them, and what is not is found at the end."""
    named = [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": [f"secret-{number}"]}
        for number in range(2_000)
    ]
    groups = [
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": f"group-{number}"}
        for number in range(3_000)
    ]
    for item, key, many, last in (
        (role(), "rules", named, {**named[0], "resourceNames": ["x", ""]}),
        (binding(), "subjects", groups, {**groups[0], "kind": "User"}),
    ):
        assert server.create(mutate(item, {key: many}))[::2] == (201, {})
        status, answer, words = server.create(bad := mutate(item, {key: [*many, last]}))
        assert status == 201, answer
        assert words == by_pack(judge, bad) != {}


VAST = {
    "a role of many resources": mutate(
        role("ClusterRole"),
        {
            "rules[1]": {
                "apiGroups": [""],
                "resources": [*(f"r{number}" for number in range(50_000)), "secrets"],
                "verbs": ["get"],
            }
        },
    ),
    "a role of many powers": mutate(
        role("ClusterRole"),
        {"rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]}] * 8_000},
    ),
    "a binding of many users": mutate(
        binding("ClusterRoleBinding"),
        {
            "subjects": [
                {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": f"u{number}"}
                for number in range(15_000)
            ]
        },
    ),
    "a pod of many containers": mutate(
        pod(), {"S.containers": [{"name": f"c{number}", "image": "x"} for number in range(15_000)]}
    ),
}


@pytest.mark.parametrize("name", SIZES)
def test_what_is_large_and_well_is_let_in(judge, server, name):
    assert by_pack(judge, SIZES[name]) == {}
    assert server.create(SIZES[name])[::2] == (201, {})


def _targets(*counts):
    """Slices and Endpoints of as many addresses, in the longest texts that addresses have."""
    long = [f"2001:db81:1111:1111:1111:1111:1111:{number + 4096:x}" for number in range(max(counts))]
    short = [f"203.113.{number // 250}.{number % 250}" for number in range(max(counts))]
    for count in counts:
        for kind, addresses in (("IPv4", short), ("IPv6", long)):
            each = [addresses[place : place + 100] for place in range(0, count, 100)]
            changes = {"addressType": kind, "endpoints": [{"addresses": one} for one in each]}
            yield mutate(endpoint_slice(), changes)
        yield mutate(endpoints(), {"subsets": [{"addresses": [{"ip": one} for one in short[:count]]}]})


def test_as_many_addresses_as_kubernetes_writes_are_judged_and_more_are_said_to_be_too_many(judge, server):
    for item in _targets(2_000):
        assert server.create(item)[::2] == (201, {})
    for item in _targets(2_001, 9_000):
        status, answer, words = server.create(item)
        assert status == 201, answer
        assert words == by_pack(judge, item)
        assert all(" cannot be judged: more than 2000 addresses. " in one for one in words.values())
        assert words.keys() == {"endpoint-addresses", "endpoint-pods"}


@pytest.mark.parametrize("name", VAST)
def test_what_is_limited_is_said_by_each_rule_for_itself(judge, server, name):
    """An answer in time, where all policies together would have taken longer than a request may."""
    ours = by_pack(judge, VAST[name])
    large = {rule for rule, words in ours.items() if words.startswith(f"[{rule}] cannot be judged: ")}
    counted = {rule.id for rule in load_rules() if rule.area.name in {"rbac", "pods"} and limited(rule)}
    assert large == counted & {rule.id for rule in load_rules() if rule.id[:3] == min(large)[:3]}
    status, answer, words = server.create(VAST[name])
    assert status == 201, answer
    # Of so many warnings the API server leaves out the last ones.
    assert len(words) > 5
    assert words.items() <= ours.items()


@pytest.mark.parametrize(("kind", "rule"), [("role", "rbac-bind"), ("pod", "pod-privileged")])
def test_of_what_is_limited_an_exemption_covers_its_own_rule(server, kind, rule):
    item = VAST["a role of many powers" if kind == "role" else "a pod of many containers"]
    item = mutate(item, {"kind": kind.capitalize(), "M.namespace": DENIED})
    status, answer, _ = server.create(mutate(item, {"M.name": "vast-bound"}))
    assert status == 403, answer
    assert f"[{rule}] cannot be judged: more than 5000 " in answer["message"]
    status, answer, words = server.create(mutate(item, {"M.name": "vast-free"}))
    # What is left are rules that do not go through containers, and advisory ones, which warn.
    assert (status, set(words) - ADVISORY) == (201, set()), answer


def test_who_may_not_change_the_rules_cannot_change_their_parameters(server, control_plane, tmp_path):
    """Though many a controller may write ConfigMaps everywhere."""
    admin = control_plane.client()
    api = "rbac.authorization.k8s.io"
    maps = ("", "configmaps", ["create", "update", "patch", "delete", "deletecollection"])
    policies = ("admissionregistration.k8s.io", "validatingadmissionpolicies", ["update"])
    for name, group, resource, verbs in (
        ("writers", *maps),
        ("deployers", *maps),
        ("deployers-too", *policies),
    ):
        rules = [{"apiGroups": [group], "resources": [resource], "verbs": verbs}]
        admin.create(f"/apis/{api}/v1/clusterroles", {"metadata": {"name": name}, "rules": rules})
        subject = {"apiGroup": api, "kind": "Group", "name": name.removesuffix("-too")}
        bound = {"roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": name}, "subjects": [subject]}
        admin.create(f"/apis/{api}/v1/clusterrolebindings", {"metadata": {"name": name}, **bound})
    where, merge = f"/api/v1/namespaces/{NAMESPACE}/configmaps", "application/merge-patch+json"
    change = ("PATCH", f"{where}/{PARAMETERS}?dryRun=All", {"data": {"execRoles": "mine"}}, merge)
    calls = [
        change,
        ("DELETE", f"{where}/{PARAMETERS}?dryRun=All", {}, "application/json"),
        ("DELETE", f"{where}?dryRun=All", {}, "application/json"),
    ]
    other = ("POST", f"{where}?dryRun=All", {"metadata": {"name": "other"}}, "application/json")

    def said(group, *asked):
        sender = Server(control_plane.kubeconfig(tmp_path / group, user="somebody", groups=[group]))
        try:
            deadline = time.monotonic() + 60  # rights take effect when the authorizer has seen them
            while sender.send(*other)[0] != 201:
                assert time.monotonic() < deadline, "no right to write ConfigMaps"
                time.sleep(0.2)
            return [sender.send(*call)[:2] for call in asked]
        finally:
            sender.close()

    for status, answer in said("writers", *calls):
        assert status == 403, answer
        assert "it is for those who may update validatingadmissionpolicies" in answer["message"]
    [(status, answer)] = said("deployers", change)
    assert status == 200, answer


def test_without_the_parameters_kubernetes_still_keeps_what_is_its_own(server, control_plane):
    """Nobody makes a pod then; but a namespace can go, and what Services and volumes are said to be."""
    admin, path = control_plane.client(), f"/api/v1/namespaces/{NAMESPACE}/configmaps"
    kept = admin.get(f"{path}/{PARAMETERS}")
    item = denied()

    def until(status):
        deadline = time.monotonic() + 60
        while (said := server.create(item)[0]) != status:
            assert time.monotonic() < deadline, said
            time.sleep(0.2)

    admin.create("/api/v1/namespaces", {"metadata": {"name": "leaving"}})
    admin.create("/api/v1/namespaces/leaving/configmaps", {"metadata": {"name": "with-it"}})
    admin.delete(f"{path}/{PARAMETERS}")
    try:
        until(422)
        for other in (
            endpoint_slice(),
            UPDATES_BY_NAME["Service"].object,
            UPDATES_BY_NAME["PersistentVolume"].object,
        ):
            assert server.create(mutate(other, {"M.namespace": DENIED}))[0] == 201
        # What is judged without them is refused all the same.
        assert "namespace-reserved" in server.create(mutate(namespace(), {"M.name": "gatekeeper-system"}))[2]
        admin.delete("/api/v1/namespaces/leaving")
        deadline = time.monotonic() + 60
        while server.read("/api/v1/namespaces/leaving") != 404:
            assert time.monotonic() < deadline, "the namespace stays"
            time.sleep(0.2)
    finally:
        admin.create(path, {"metadata": {"name": PARAMETERS}, "data": kept["data"]})
        until(201)


OTHERWISE = {
    update.name: update.changed
    for update in UPDATES
    if update.name in {"Role", "ClusterRole", "RoleBinding", "Service", "Deployment"}
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_is_written_by_another_verb_or_without_a_name_is_judged_too(server, name):
    """A PUT makes roles and Services that are not there, as an apply by the server makes anything."""
    item = mutate(OTHERWISE[name], {"M.name": "otherwise"})
    [rule] = [update.rule for update in UPDATES if update.name == name]
    path = PATHS[item["kind"]].format("app")
    nameless = mutate(item, {"M.name": DELETE, "M.generateName": "let-"})
    asked = [server.create(nameless), server.apply(item)]
    if name != "Deployment":
        asked.append(server.send("PUT", f"{path}/otherwise?dryRun=All", item, "application/json"))
    assert [(status, rule in words) for status, _, words in asked] == [(201, True)] * len(asked)


def test_the_system_namespaces_are_left_alone(server):
    item = mutate(pod(), {"M.namespace": "kube-system", "S.hostPID": True})
    status, _, words = server.create(item)
    assert (status, words) == (201, {})


def test_whoever_makes_a_namespace_of_aks_does_not_leave_the_rules(server, control_plane, tmp_path):
    item = mutate(namespace(), {"M.name": "gatekeeper-system"})
    assert "namespace-reserved" in server.create(item)[2]
    config = control_plane.kubeconfig(tmp_path / "kubeconfig", user="aksService", groups=["system:masters"])
    aks = Server(config)
    try:
        assert aks.create(item)[::2] == (201, {})
    finally:
        aks.close()


def test_what_runs_in_kubernetes_other_namespaces_is_judged(server):
    for name in ("kube-public", "kube-node-lease"):
        assert (
            "pod-host-namespaces" in server.create(mutate(pod(), {"M.namespace": name, "S.hostPID": True}))[2]
        )


def deployment(name, **changes):
    """A Deployment with hostPID, in the namespace in which the policies deny."""
    item = mutate(workload("Deployment"), {"metadata.name": name, "metadata.namespace": DENIED, **changes})
    item["spec"]["template"]["spec"]["hostPID"] = True
    return item


def test_an_exemption_reaches_the_pods_that_its_workload_makes(server, control_plane):
    assert server.create(deployment("other"))[0] == 403
    assert server.create(deployment("let-in"), dry_run=False)[0] == 201
    pods_of = f"/api/v1/namespaces/{DENIED}/pods?labelSelector=app%3Dweb"
    deadline = time.monotonic() + 60
    while not (made := control_plane.client().get(pods_of)["items"]):
        assert time.monotonic() < deadline, "the Deployment made no pod"
        time.sleep(0.2)
    assert made[0]["spec"]["hostPID"]


def test_nobody_gets_in_by_claiming_to_belong_to_an_exempt_workload(server):
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "let-in-abc",
        "uid": "1",
        "controller": True,
    }
    item = denied(**{"S.hostPID": True, "M.ownerReferences": [owner]})
    assert server.create(item)[0] == 403


def test_what_was_there_before_can_be_scaled_labelled_and_deleted(server, control_plane):
    collection = f"/apis/apps/v1/namespaces/{DENIED}/deployments"
    binding = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/secure-aks-pods-deny"
    merge = "application/merge-patch+json"
    kept = control_plane.client().get(binding)

    def enforce(actions):
        assert server.send("PATCH", binding, {"spec": {"validationActions": actions}}, merge)[0] == 200
        deadline = time.monotonic() + 60
        while (server.create(deployment("old"))[0] == 403) != ("Deny" in actions):
            assert time.monotonic() < deadline, "the binding did not change"
            time.sleep(0.2)

    enforce(["Audit"])
    old = deployment("old", **{"spec.replicas": 0})
    try:
        assert server.create(old, dry_run=False)[0] == 201
    finally:
        enforce(kept["spec"]["validationActions"])

    def patch(body):
        return server.send("PATCH", f"{collection}/old", body, merge)[0]

    assert patch({"metadata": {"labels": {"a": "b"}}}) == 200
    assert patch({"spec": {"replicas": 0, "paused": True}}) == 200
    assert patch({"spec": {"template": {"spec": {"hostIPC": True}}}}) == 403
    assert server.send("DELETE", f"{collection}/old", {}, "application/json")[0] == 200


_DRY: dict[str, object] = {"dryRun": ["All"]}


def test_who_deletes_secrets_reads_them(control_plane, server, tmp_path):
    """Which is why rbac-read-secrets refuses the verbs."""
    admin, api = control_plane.client(), "rbac.authorization.k8s.io"
    where = "/api/v1/namespaces/app/secrets"
    admin.create(where, {"metadata": {"name": "hidden"}, "stringData": {"key": "word"}})
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["delete", "deletecollection"]}]
    admin.create(f"/apis/{api}/v1/clusterroles", {"metadata": {"name": "deleter"}, "rules": rules})
    subject = {"apiGroup": api, "kind": "Group", "name": "deleters"}
    bound = {"roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": "deleter"}, "subjects": [subject]}
    admin.create(f"/apis/{api}/v1/clusterrolebindings", {"metadata": {"name": "deleter"}, **bound})
    sender = Server(control_plane.kubeconfig(tmp_path / "deleter", user="somebody", groups=["deleters"]))
    try:
        deadline = time.monotonic() + 60  # rights take effect when the authorizer has seen them
        while (answer := sender.send("DELETE", where, _DRY, "application/json"))[0] != 200:
            assert time.monotonic() < deadline, answer
            time.sleep(0.2)
        assert [item["data"] for item in answer[1]["items"]] == [{"key": "d29yZA=="}]
        body = {**_DRY, "propagationPolicy": "Foreground"}
        _, item, _ = sender.send("DELETE", f"{where}/hidden", body, "application/json")
        assert item["data"] == {"key": "d29yZA=="}
        assert sender.read(f"{where}/hidden") == 403
    finally:
        sender.close()


def test_a_pod_that_is_resized_is_judged(server):
    item = mutate(pod(), {"M.name": "sized"})
    where = f"{PATHS['Pod'].format('app')}/sized"
    assert server.create(item, dry_run=False)[0] == 201
    try:
        for memory, said in (("64Mi", set()), ("0", {"pod-memory-limit"})):
            resources = {"requests": {"memory": memory}, "limits": {"memory": memory}}
            patch = {"spec": {"containers": [{"name": "app", "resources": resources}]}}
            kind = "application/strategic-merge-patch+json"
            status, answer, words = server.send("PATCH", f"{where}/resize?dryRun=All", patch, kind)
            assert status == 200, answer
            assert said <= words.keys() if said else words == {}
    finally:
        server.send("DELETE", f"{where}?gracePeriodSeconds=0", {}, "application/json")
