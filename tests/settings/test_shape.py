import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings import StackSettings
from tests.settings.helpers import GONE, Case, good, read, refuse, stack

CASES = [
    Case("unknown section", {"teem": []}, "secure-aks:teem", "no such key", "did you mean `teams`?"),
    Case("unknown section, far from all", {"zzzzzz": 1}, "secure-aks:zzzzzz", "no such key", "`admission`, `audit`"),
    Case("unknown key", {"pools[0].vmsize": "x"}, "secure-aks:pools[0].vmsize", "no such key", "did you mean `vmSize`?"),
    Case("python's name of a key", {"pools[0].max_pods": 30}, "secure-aks:pools[0].max_pods", "no such key", "did you mean `maxPods`?"),
    Case("unknown key deep down", {"teams[0].quota": {"cpus": "1"}}, "secure-aks:teams[0].quota.cpus", "no such key", "did you mean `cpu`?"),
    Case("location among ours", {"location": "westeurope"}, "secure-aks:location", "not a key of this project", "`azure-native:location`"),
    Case("environment", {"environment": "production"}, "secure-aks:environment", "'production' is not one", "did you mean `prod`?"),
    Case("missing pool key", {"pools[0].vmSize": GONE}, "secure-aks:pools[0].vmSize", "required", "add `vmSize`: text"),
    Case("section is a list", {"audit": []}, "secure-aks:audit", "it is a list", "write a mapping"),
    Case("section is empty", {"audit": None}, "secure-aks:audit", "it is empty", "write a mapping"),
    Case("text is a mapping", {"cluster.name": {"a": 1}}, "secure-aks:cluster.name", "it is a mapping", "write text"),
    Case("number is text", {"promotion.soakDays": "soon"}, "secure-aks:promotion.soakDays", "'soon' is not what it takes", "a whole number, 0 to 365"),
    Case("true for a number", {"pools[0].autoscaling.min": True}, "secure-aks:pools[0].autoscaling.min", "true is not what it takes", "a whole number"),
    Case("a number for true", {"cluster.defender": 1}, "secure-aks:cluster.defender", "1 is not what it takes", "true or false"),
    Case("half a day", {"promotion.soakDays": 1.5}, "secure-aks:promotion.soakDays", "1.5 is not what it takes", "a whole number"),
    Case("skew as text", {"versionRules": {"skewMinors": "3"}}, "secure-aks:versionRules.skewMinors", "'3' must stand without quotes", "write 3"),
    Case("follows itself", {"promotion.follows": "prod"}, "secure-aks:promotion.follows", "wait for itself", "the stack that goes first"),
    Case("follows nobody", {"promotion.follows": "stagng"}, "secure-aks:promotion.follows", "no stack 'stagng'", "did you mean `staging`?"),
    Case("level", {"policies": {"security": {"pod-privileged": "optional"}}}, "secure-aks:policies.security.pod-privileged.enforcementLevel", "'optional' is not one", "`disabled`"),
    Case("level as a list", {"policies": {"security": {"pod-privileged": []}}}, "secure-aks:policies.security.pod-privileged", "it is a list", "write"),
    Case("unknown pack", {"policies": {"securty": {}}}, "secure-aks:policies.securty", "no such key", "did you mean `security`?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("section", ["environment", "cluster", "network", "systemPool"])
def test_required_sections(section):
    _, findings = read({section: GONE})
    assert f"secure-aks:{section}" in [finding.path for finding in findings]
    [missing] = [finding for finding in findings if finding.path == f"secure-aks:{section}"]
    assert missing.why == "this key is required"
    assert f"add `secure-aks:{section}`" in missing.remedy


def test_all_problems_at_once():
    """Schema errors and cross checks of the sections that could be read, bad pools and good ones."""
    _, findings = read(
        {
            "cluster.kubernetesVersion": "1.35",
            "pools[0].vmSize": GONE,
            "pools[2].name": "windows",
            "pools[3].osSku": "Ubuntu2404",
            "teams[0].groups[0].role": "king",
            "teams[1].namespace": "kube-public",
            "maintenance.upgrades.hours": 1,
            "nodeUpdates.mode": "none",
            "audit": {"retentionDays": 30},
            "promotion.follows": "prod",
            "teem": 1,
        }
    )
    assert {finding.path for finding in findings} == {
        "secure-aks:cluster.kubernetesVersion",
        "secure-aks:pools[0].vmSize",
        "secure-aks:pools[2].name",
        "secure-aks:pools[3].osSku",
        "secure-aks:teams[0].groups[0].role",
        "secure-aks:teams[1].namespace",
        "secure-aks:maintenance.upgrades.hours",
        "secure-aks:nodeUpdates.kured",
        "secure-aks:promotion.follows",
        "secure-aks:teem",
    }


def test_what_could_not_be_read_is_not_missing():
    """A sandboxed pool with a typo is there all the same."""
    _, findings = read({"pools[3].vmSize": GONE})
    assert [finding.path for finding in findings] == ["secure-aks:pools[3].vmSize"]


def test_settings_are_read_only():
    with pytest.raises(ValueError):
        good().cluster.name = "other"


def test_policies_keep_their_parameters():
    policies = good(
        {"policies": {"security": {"all": "mandatory", "pod-image-registry": {"allowed": ["a.io"]}}}}
    ).policies
    assert policies.security["all"].enforcement_level == "mandatory"
    assert policies.security["pod-image-registry"].model_extra == {"allowed": ["a.io"]}


def test_an_unquoted_date_is_midnight_for_the_program():
    [span] = good({"maintenance.notAllowed[0].end": "2027-01-04T00:00:00Z"}).maintenance.not_allowed
    assert str(span.end) == "2027-01-04"


def _paths(value, path=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, f"{path}[{index}]")
    if path:
        yield path


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 3000), st.floats(), st.text(max_size=8),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=5), st.none(), max_size=2), st.just(GONE),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(_paths(stack()))), JUNK), min_size=1, max_size=3))
def test_whatever_stands_in_a_stack_file_there_is_an_answer(edits):
    """Never an exception; refused with a path, a reason and a remedy each, or read."""
    changes = {}
    for path, junk in edits:
        # One edit above another would take its place away.
        if not any(path.startswith(other) or other.startswith(path) for other in changes):
            changes[path] = junk
    removals = [path for path, junk in changes.items() if junk == GONE]
    if any(path.endswith("]") for path in removals):
        return
    settings, findings = read(changes)
    assert isinstance(settings, StackSettings) is not bool(findings)
    for finding in findings:
        assert finding.path.startswith(("secure-aks:", "azure-native:"))
        assert finding.why
        assert finding.remedy
        assert "Undefined" not in finding.why + finding.remedy
