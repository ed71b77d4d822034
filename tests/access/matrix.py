"""Every question that can be asked about who may do what, and the API server's answers.

A cell is (group, namespace, API group, resource, verb). Namespace "" stands for the whole cluster: a cluster-scoped
resource, or a namespaced one across all namespaces.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from components.access.presets import SIGNED_IN
from tests.access.helpers import ROOT, object_ids
from tests.access.pipeline import post_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from components.access.rule import Rule
    from emulator.control_plane.client import ApiClient, Resource
    from settings.sections.stack import StackSettings

REVIEW = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
RBAC = "rbac.authorization.k8s.io"
# Verbs that authorize something else than a request on the resource, so discovery does not list them.
SPECIAL = {
    (RBAC, "roles"): ("escalate", "bind"),
    (RBAC, "clusterroles"): ("escalate", "bind"),
    ("", "serviceaccounts"): ("impersonate",),
    ("", "users"): ("impersonate",),
    ("", "groups"): ("impersonate",),
    ("authentication.k8s.io", "userextras"): ("impersonate", "impersonate:user-info"),
    ("authentication.k8s.io", "uids"): ("impersonate", "impersonate:user-info"),
    ("authentication.k8s.io", "users"): ("impersonate:user-info",),
    ("authentication.k8s.io", "groups"): ("impersonate:user-info",),
    ("authentication.k8s.io", "serviceaccounts"): ("impersonate:serviceaccount",),
    ("authentication.k8s.io", "nodes"): ("impersonate:arbitrary-node", "impersonate:associated-node"),
    ("certificates.k8s.io", "signers"): ("approve", "sign", "attest"),
}
CONNECTIONS = 3


class Cell(NamedTuple):
    group: str
    namespace: str
    api_group: str
    resource: str
    verb: str


class Difference(NamedTuple):
    """What the API server allows beyond the table, and what of the table it does not allow."""

    more: list[Cell]
    less: list[Cell]
    cells: int

    def __str__(self) -> str:
        lines = [f"{self.cells} cells, {len(self.more)} too many, {len(self.less)} missing"]
        lines += [f"+ {' '.join(cell)}" for cell in self.more[:20]]
        lines += [f"- {' '.join(cell)}" for cell in self.less[:20]]
        return "\n".join(lines)


def cells(resources: Iterable[Resource], groups: Iterable[str], namespaces: Iterable[str]) -> Iterator[Cell]:
    """Yield every cell for these groups and namespaces."""
    known = list(resources)
    verbs = {(one.group, one.name): (one.namespaced, set(one.verbs)) for one in known}
    for key, special in SPECIAL.items():
        namespaced, found = verbs.get(key, (False, set()))
        verbs[key] = (namespaced, found | set(special))
    places = ["", *namespaces]
    for group in groups:
        for (api_group, resource), (namespaced, allowed) in verbs.items():
            # A Namespace is in no namespace, but a request for one is judged as if it were in itself.
            within = namespaced or resource.partition("/")[0] == "namespaces"
            for namespace in places if within else [""]:
                for verb in sorted(allowed):
                    yield Cell(group, namespace, api_group, resource, verb)


def declared(settings: StackSettings) -> set[Cell]:
    """Return the cells that docs/access.md allows, so that a preset which is not what is written there is found."""
    ids, allowed = object_ids(settings), documented()
    found = {
        Cell(ids[group.name], team.namespace, *what)
        for team in settings.teams
        for group in team.groups
        for what in allowed[_column(group.role, settings.environment)]
    }
    return found | {cell for group in ids.values() for cell in _signed_in(group, SIGNED_IN)}


def _column(role: str, environment: str) -> str:
    return "developer in prod" if (role, environment) == ("developer", "prod") else role


def documented() -> dict[str, set[tuple[str, str, str]]]:
    """Return (API group, resource, verb) by the heading of the preset's column in the table of docs/access.md."""
    text = (ROOT / "docs" / "access.md").read_text()
    table = text.partition("<!-- presets")[2].partition("<!-- /presets -->")[0]
    lines = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line
    ]
    (_, _, *presets), _, *rows = lines
    allowed: dict[str, set[tuple[str, str, str]]] = {preset: set() for preset in presets}
    for api_group, resource, *cells_of_row in rows:
        for preset, verbs in zip(presets, cells_of_row, strict=True):
            group = "" if api_group == "core" else api_group
            allowed[preset] |= {(group, resource, verb) for verb in verbs.split() if verb != "-"}
    return allowed


def _signed_in(group: str, rules: Iterable[Rule]) -> Iterator[Cell]:
    for rule in rules:
        for resource in rule.resources:
            for verb in rule.verbs:
                yield Cell(group, "", rule.api_group, resource, verb)


def review(cell: Cell, name: str = "") -> dict[str, Any]:
    """Return the question whether a member of the group, who is in no other, may."""
    resource, _, subresource = cell.resource.partition("/")
    attributes = {
        "group": cell.api_group,
        "resource": resource,
        "subresource": subresource,
        "verb": cell.verb,
        "namespace": cell.namespace,
        "name": name,
    }
    who = {"user": "member@example.org", "groups": [cell.group, "system:authenticated"]}
    return {"spec": {**who, "resourceAttributes": attributes}}


def is_allowed(client: ApiClient, cell: Cell, name: str = "") -> bool:
    """Ask the API server one question."""
    return client.create(REVIEW, review(cell, name))["status"]["allowed"]


def allowed_cells(client: ApiClient, asked: list[Cell]) -> set[Cell]:
    """Ask every question, over several connections, and return the cells that are allowed."""
    parts = [asked[start::CONNECTIONS] for start in range(CONNECTIONS)]

    def ask(part: list[Cell]) -> set[Cell]:
        answers = post_all(client, REVIEW, [review(cell) for cell in part])
        return {cell for cell, answer in zip(part, answers, strict=True) if _says_yes(answer)}

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return set[Cell]().union(*pool.map(ask, parts))


def _says_yes(answer: bytes) -> bool:
    _, _, status = answer.rpartition(b'"status":{"allowed":')
    if not status.startswith((b"true", b"false")):
        raise ValueError(f"not a review: {answer!r}")
    return status.startswith(b"true")


def compare(client: ApiClient, asked: list[Cell], expected: set[Cell]) -> Difference:
    """Ask every cell and compare the answers with what is expected."""
    unknown = expected - set(asked)
    allowed = allowed_cells(client, asked)
    return Difference(sorted(allowed - expected), sorted((expected - allowed) | unknown), len(asked))
