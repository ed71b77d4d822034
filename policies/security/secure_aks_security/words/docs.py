"""The rules' documentation, made from the rules."""

import json
import re
from collections.abc import Iterator
from itertools import starmap

from secure_aks_security.model import Area, Level, Right, Rule
from secure_aks_security.rules import built_in_exemptions, coverage, load_areas, load_rules, rights
from secure_aks_security.stack import STACK_RULES, StackRule
from secure_aks_security.stack_file.exemptions import Exemption

_HEAD = """\
# The security pack's rules

<!-- Written by `python -m secure_aks_security docs docs/policies-security.md`; change the rules, not this file. -->

{count} rules. Each is checked at preview; those marked *admission* are also installed on the API server, with the
same CEL, so they hold for whoever applies something. A rule is set in the stack file, by its id or all at once
(`all: advisory` lowers the level of what is on; rules that ship disabled stay so, and `all: mandatory` switches them on too):

```yaml
secure-aks:policies:
  security:
    all: mandatory                 # disabled, advisory, mandatory or remediate
    pod-read-only-root: mandatory
    pod-image-registry:
      enforcementLevel: mandatory
      allowedRegistries: [mcr.microsoft.com/, myteam.azurecr.io/]
```

Told otherwise for one resource, by name, with a reason and a last day (`*` and `?` stand for any characters; a name
of nothing else is refused; one that has ended or that nothing needs is reported):

```yaml
secure-aks:exemptions:
  - rule: service-public-load-balancer
    resource: {{kind: Service, namespace: ingress, name: public-gateway}}
    reason: the one way in from the internet, behind the firewall
    until: 2027-03-31
```

## At preview and at admission

At preview the pack reads a rule's CEL with Google's parser and evaluates it as Python (`cel/`): Google's runtime ends an
evaluation after a fixed number of iterations, which a healthy pod with 300 variables is past. `components/admission.py` installs the same text as
ValidatingAdmissionPolicies: `secure-aks:admission` says for the cluster and for single namespaces whether a violation
is denied, warned about or written to the audit log; advisory rules warn. Parameters lie in the ConfigMap
`secure-aks-admission/parameters`, which, whatever the mode, those alone may change who may update
validatingadmissionpolicies (the policy `secure-aks-parameters`). kube-system, the namespaces of the add-ons that the stack switches on and those in
`secure-aks:admission.systemNamespaces` are left alone; nobody but AKS may make one of these names (`namespace-reserved`),
so that nobody leaves the rules by making a namespace. So is an update that does not touch what the rules read.

In kube-system and what else AKS brings along (not in what `systemNamespaces` names), Roles and RoleBindings are judged all the
same, by the policy `secure-aks-rbac-of-aks`, when a person or an account of another namespace writes them. AKS itself is asked
nothing there: whoever is in system:masters, its own users, whatever Kubernetes names `system:`, the accounts of these namespaces
and Microsoft's support go past it, and it lets everybody by where its parameters are missing or a rule cannot be evaluated, so
that it can never be what stops an upgrade. Workloads there are AKS's matter: who could write them has a role that is judged.

About webhooks
the API server asks no admission policy, lest one lock everybody out: their rules hold at preview, and `rbac-admission-control` says
who may write them in the cluster. A rule newer than the cluster's Kubernetes is left out on both sides.

`reserved-texts` compares what the program registers with what the stack file asks for, and counts for each provider through which
this project's components make namespaces whether its cluster gets all of it. A program that has neither has nothing to be counted by: whose
approval a change of the program needs is all that is in the way.

Some writes lead to nobody else's rights and are no rule's: an Ingress's status, which every ingress controller writes; service accounts,
which do nothing without a pod; a pod's resize and eviction. What operators make of their own kinds (a Kustomization, an Application, a
resource of Azure Service Operator) they make with their own rights: let teams write those where the operator holds them to an account of theirs.

Exemptions stand in the policies as the last `up` found them: the API server's CEL knows no date, so an exemption that
ends holds in the cluster until the next `up`, at which it is reported too. They go by the name an object has in the
cluster; name an exempt object in its `metadata.name`, since what Pulumi would add to a logical name is not known
before. A refusal at the API server names the first rule broken, a preview names all of them; either names of many places
the first nine, and counts the others.

The API server gives all policies together the time of one request. Of a role of more than 5,000 rights, a binding of more
than 5,000 subjects and a pod of more than 5,000 containers and volumes each rule that would go through them says for itself,
at its own level, that it cannot be judged, at preview and at admission alike; an exemption covers its own rule.

A Kubernetes kind is read with its API group and as the object itself says, whatever its type token, a List to the bottom, a
YAML component by what stands in `yaml` and `objs`, a custom resource by the pod templates in it. A cluster, what belongs to
one and a role assignment are found in ARM templates (any case, nested, children, symbolic names, loops, texts), in
azure-native's generic resource, in azapi (`sensitiveBody` too) and in Azure Service Operator's kinds; an exemption for a pool
goes by the pool's name. Clusters in other words (the classic provider, Terraform's, Cluster API's, Crossplane's), scripts,
extensions and linked templates are told by name (`unseen-objects`).

A rule's verdict is *pass*, *fail* or *unknown*: a value that only the update brings cannot be judged at preview. What
is unknown is told in one line for the stack (`unknown-verdicts`): which rules, what they do not know, of which resources. What cannot be read at all, since it
does not have the shape of its kind, is a violation that says where.
"""
_INDEX = """\
# The rules of the policy packs

<!-- Written by `python -m secure_aks_security docs --index docs/policies.md`; change the rules, not this file. -->

Two packs check a stack at preview. Every rule has an id, by which the stack file sets its level, and `make explain
RULE=<id>` says what it wants and why.

- [The security pack](policies-security.md): pods, RBAC, network and cluster settings; its rules about Kubernetes objects
  hold inside the cluster too. They are listed below.
- [The lifecycle pack](policies-lifecycle.md): versions, upgrade steps, promotion, removed APIs.

## Rules of the security pack
"""
_BUILT_IN = """
## Exemptions that this project needs itself

They hold without an end, as narrowly as they stand here, at preview and at admission (there for the pods that
Kubernetes' own controllers make for the workload, too).

| rule | what it does not hold for | why |
|---|---|---|
"""
_RIGHTS = """
## What the platform's controllers may do

A controller that `secure-aks:platform` names may be let off single rules, right by right, in its own objects: its roles and
bindings, and the pods of its namespace that run under its account with its images alone. [Access](access.md)
says how. What a rule says of a role ends with the right there is for it: *controllers: right read-secrets*.
Its images are let off `pod-image-registry` and `pod-pull-policy`, its accounts `account-token`, its Services with
`publicAddress` `service-public-load-balancer`.

| right | the account | rules that do not hold |
|---|---|---|
"""


def document() -> str:
    """Return docs/policies-security.md."""
    rules = load_rules()
    parts = [_HEAD.format(count=len(rules) + len(STACK_RULES))]
    for area in load_areas():
        parts += _area(area, [rule for rule in rules if rule.area is area])
    parts += _stack()
    parts += [_BUILT_IN, *map(_exemption, built_in_exemptions())]
    parts += [_RIGHTS, *starmap(_right, rights().items())]
    parts += _standards([*rules, *STACK_RULES])
    parts += _coverage()
    return _with_contents("".join(parts), "##")


def index() -> str:
    """Return docs/policies.md."""
    parts = [_INDEX]
    for area in load_areas():
        parts.append(_row_head(area.title))
        parts += [_row(rule) for rule in load_rules() if rule.area is area]
    parts.append(_row_head("The stack as a whole"))
    parts += [_row(rule) for rule in sorted(STACK_RULES, key=_id)]
    return _with_contents("".join(parts), "###")


def _with_contents(page: str, level: str) -> str:
    """Put links to the parts of a page before the first of them."""
    titles = re.findall(rf"(?m)^{level} (.*)$", page)
    anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
    links = " · ".join(f"[{title}](#{to})" for title, to in zip(titles, anchors, strict=True))
    return page.replace(f"\n{level} ", f"\nOn this page: {links}\n\n{level} ", 1)


def _row_head(title: str) -> str:
    return f"\n### {title}\n\n| rule | level | severity | what it wants |\n|---|---|---|---|\n"


def _row(rule: Rule | type[StackRule]) -> str:
    link = f"[{rule.id}](policies-security.md#{rule.id})"
    return f"| {link} | {rule.level} | {rule.severity} | {rule.title} |\n"


def _area(area: Area, rules: list[Rule]) -> Iterator[str]:
    yield f"\n## {area.title}\n\n| rule | level | severity | |\n|---|---|---|---|\n"
    for rule in rules:
        marks = [
            rule.profile,
            "admission" if area.resources else "",
            "remediation" if rule.remediation else "",
        ]
        yield f"| [{rule.id}](#{rule.id}) | {rule.level} | {rule.severity} | {', '.join(filter(None, marks))} |\n"
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}\n\n**{rule.title}.** {rule.why}\n\n"
    yield f"- Restricted fields: {', '.join(f'`{field}`' for field in rule.fields)}\n"
    yield f"- Allowed: {'; '.join(value or 'the empty string' for value in rule.allowed)}\n"
    yield f"- Remedy: {rule.remedy}\n"
    if rule.since:
        yield f"- Since Kubernetes {rule.since}\n"
    yield from _more(rule)
    yield f"- {rule.link}\n"


def _more(rule: Rule | type[StackRule]) -> Iterator[str]:
    for name, item in rule.parameters.items():
        yield f"- Parameter `{name}`: {item.description} Default `{json.dumps(item.default)}`.\n"
    if rule.compliance:
        yield f"- Answers: {'; '.join(map(str, rule.compliance))}\n"


def _stack() -> Iterator[str]:
    yield "\n## The stack as a whole\n"
    for rule in sorted(STACK_RULES, key=_id):
        yield f"\n### {rule.id}\n\n**{rule.title}.** {rule.why}\n\n"
        yield f"- Level {rule.level}, severity {rule.severity}\n- Remedy: {rule.remedy}\n"
        yield from _more(rule)
        if rule.link:
            yield f"- {rule.link}\n"


def _id(rule: type[StackRule]) -> str:
    return rule.id


def _exemption(exemption: Exemption) -> str:
    where = " ".join(part for part in (exemption.kind, exemption.namespace, exemption.name) if part)
    return f"| {exemption.rule} | {where} | {exemption.reason} |\n"


def _right(name: str, right: Right) -> str:
    return f"| `{name}` | {right.says} | {', '.join(f'[{rule}](#{rule})' for rule in right.rules)} |\n"


def _standards(rules: list[Rule | type[StackRule]]) -> Iterator[str]:
    """Yield which rules answer which part of a published standard."""
    yield "\n## By standard\n"
    standards: dict[str, dict[str, list[str]]] = {}
    for rule in rules:
        for item in rule.compliance:
            title = f"{item.framework} {item.version}".strip()
            part = " ".join(filter(None, (item.specification, item.reference)))
            standards.setdefault(title, {}).setdefault(part, []).append(rule.id)
    for title, parts in sorted(standards.items()):
        yield f"\n### {title}\n\n| part | rules |\n|---|---|\n"
        for part, ids in sorted(parts.items()):
            yield f"| {part} | {', '.join(f'[{name}](#{name})' for name in ids)} |\n"


def _coverage() -> Iterator[str]:
    """Yield which rules ask what other rule sets ask."""
    yield "\n## What other rule sets ask of AKS\n"
    for title, checks in coverage().items():
        yield f"\n### {title}\n\n| check | rules here | otherwise |\n|---|---|---|\n"
        for check, said in checks.items():
            yield f"| {check} | {', '.join(map(_link, said.rules))} | {said.otherwise} |\n"


def _link(name: str) -> str:
    pack, _, rule = name.rpartition(":")
    if pack:
        return f"{rule} ([lifecycle pack](policies-lifecycle.md))"
    off = [rule.id for rule in (*load_rules(), *STACK_RULES) if rule.level is Level.DISABLED]
    return f"[{name}](#{name}){' (where a stack asks for it)' if name in off else ''}"
