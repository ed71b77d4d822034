"""The admission policies that the stack registers, beside those that its stack file asks for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import holds_unknown
from secure_aks_security.rules import load_rules
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.base import Report, Stack, StackRule
from secure_aks_security.stack_file.configuration import admission, configure, each_cluster

_POLICIES = "admissionregistration.k8s.io"
_KINDS = {
    "ValidatingAdmissionPolicy": _POLICIES,
    "ValidatingAdmissionPolicyBinding": _POLICIES,
    "ConfigMap": "",
}
_COMPONENT = "secure-aks:index:Admission$"
_OURS = "secure-aks:index:"
_DESCRIBED = {"secure-aks:cluster", "secure-aks:defaults"}
_WHAT_COUNTS = ("spec", "data")


class ReservedTexts(StackRule):
    """What this project's component installs must be what the stack file says, whatever the program made of it on the way.

    Only where a stack file describes the cluster: a program with settings of its own has nothing to be held to.
    """

    id = "reserved-texts"
    title = "The admission rules must be installed as the stack file has them"
    severity = "critical"
    why = (
        "A transformation of the program could leave the cluster with rules that let everything in, or have them made in another; "
        "a program without them leaves its namespaces to whatever is applied there."
    )
    remedy = "Take out what changes it; what the rules say is changed in secure-aks:policies and secure-aks:admission."
    link = "https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/"
    watched = (
        *(f"kubernetes:{group or 'core'}:{kind}" for kind, group in _KINDS.items()),
        "kubernetes:core:Namespace",
    )

    def check(self, stack: Stack, report: Report) -> None:
        """Report each object of the component that differs from what it should be, and those that are missing."""
        said = stack.configuration.stack
        made, namespaces = list(_made(stack)), _namespaces(stack)
        if not (made or namespaces) or _DESCRIBED.isdisjoint(said):
            return
        clusters = [_wanted(one, stack.today) for one in each_cluster(said)]
        for namespace, missing in _without(stack, namespaces, clusters):
            if not stack.exempt(self.id, namespace):
                where = f"the cluster of the namespace {namespace.object_name}"
                words = f"{len(missing)} objects of the admission rules are not registered for {where}, {missing[0]} among them"
                report.violation(self.say(words), namespace.urn)
        for item in made:
            # Which teams each of several clusters has, only the program works out.
            without = stack.configuration.facts if len(clusters) > 1 else {}
            found = _counts(item.properties, without)
            wanted = [_counts(one.get((item.kind, item.object_name)), without) for one in clusters]
            what = f"{item.kind} {item.object_name}"
            if stack.exempt(self.id, item) or (found in wanted and not item.ignored):
                continue
            if holds_unknown(found):
                report.unknown(f"[{self.id}] {what} is not known before the update")
            else:
                how = "is not sent as it changes" if found in wanted else "is not what the stack file says"
                report.violation(self.say(f"{what} {how}"), item.urn)


def _made(stack: Stack) -> list[Resource]:
    """Return what the component declares; what an update leaves out is as it was."""
    return [
        item
        for kind, group in _KINDS.items()
        for item in stack.of_kind(kind, group)
        if _COMPONENT in item.urn and item.urn in stack.record.inputs
    ]


def _namespaces(stack: Stack) -> dict[str, Resource]:
    """Return a namespace that this project's components declare for each provider, which is one cluster's."""
    return {
        item.provider: item
        for item in stack.of_kind("Namespace", "")
        if _OURS in item.urn and item.urn in stack.record.inputs
    }


def _without(
    stack: Stack, namespaces: Mapping[str, Resource], clusters: Collection[Mapping[tuple[str, str], Any]]
) -> Iterator[tuple[Resource, list[str]]]:
    """Yield for each provider whose cluster gets namespaces and not all of the rules: a namespace, and what is missing.

    What an update leaves out is still in the stack, and counts.
    """
    found = defaultdict[str, set[tuple[str, str]]](set)
    for kind, group in _KINDS.items():
        for item in stack.of_kind(kind, group):
            if _COMPONENT in item.urn:
                found[item.provider].add((item.kind, item.object_name))
    for provider, namespace in namespaces.items():
        missing = min((one.keys() - found[provider] for one in clusters), key=len)
        if missing:
            yield namespace, sorted(f"{kind} {name}" for kind, name in missing)


def _wanted(said: Mapping[str, Any], today: date) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the objects that one cluster's settings ask for, by kind and name."""
    from secure_aks_security.admission.manifests import Modes, manifests  # noqa: PLC0415 - a start without them is quicker

    configuration = configure(load_rules(), said)
    section = admission(said)
    modes = Modes(section.get("mode") or Modes.default, section.get("namespaces") or {})
    objects = manifests(configuration, modes, configuration.kubernetes_version, today)
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


def _counts(item: Mapping[str, Any] | None, without: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what an object of the API server says, but for its metadata, and for the data and the values called as in `without`."""
    if item is None:
        return None
    said: dict[str, Any] = {key: item[key] for key in _WHAT_COUNTS if key in item}
    data = {key: value for key, value in mapping(said.get("data")).items() if key not in without}
    spec = mapping(said.get("spec"))
    if "variables" in spec:
        kept = [one for one in items(spec["variables"]) if not _is_value(mapping(one), without)]
        said["spec"] = {**spec, "variables": kept}
    return {**said, "data": data}


def _is_value(variable: Mapping[str, Any], names: Mapping[str, Any]) -> bool:
    """Tell whether a policy has one of these facts in itself, and does not read it of the parameters."""
    return variable.get("name") in names and "params." not in str(variable.get("expression"))
