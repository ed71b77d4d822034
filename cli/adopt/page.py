"""The page of differences: the answer first, then what to do, then everything in tables."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML

from upgrades.render.escape import cell, inert_lines

from .risks import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .found import Json
    from .result import Result

_LONGEST = 90
MEANS = {
    "none": "nodes and pods go on",
    "restart": "the API server is away for a moment",
    "reimage": "nodes are drained and made anew, one after another",
    "unknown": "we cannot say",
    "replace": "never done: a cluster or pool made anew",
}


def names(stack: str) -> dict[str, str]:
    """Return the names of the three files."""
    return {"stack": f"Pulumi.{stack}.yaml", "import": f"import-{stack}.json", "page": f"import-{stack}.md"}


def as_markdown(done: Result) -> str:
    """Return the page."""
    parts = [f"# {cell(done.found.name)}: as it is, and as Secure AKS would have it", headline(done)]
    if done.refused:
        parts += [
            "## Mend this first",
            "The stack file and the import file were not written. Mend it where the cluster is, and run the import again.",
            "\n".join(f"- {cell(_short(one))}" for one in done.refused),
        ]
    else:
        parts += ["## Do this", _steps(done), "## What the first preview shows", _preview(done)]
    parts += ["## What would change", _changes(done)] if done.draft.registered.rows else []
    if not done.refused:
        parts += ["## What stays as it is", _kept(done)]
    parts += [
        "## What we cannot say",
        "\n".join(f"- {cell(_short(line))}" for line in done.untold),
    ]
    if done.found.inside is not None:
        parts += ["## Inside the cluster", _inside(done)]
    if done.agreed:
        parts += ["## As we would have it", "\n".join(f"- {one}" for one in done.agreed)]
    return inert_lines("\n\n".join(parts)) + "\n"


def headline(done: Result) -> str:
    """Return the answer in one line."""
    if done.refused:
        return f"**It cannot be imported yet**: {len(done.refused)} to mend first."
    counts = {level: sum(one.risk.level == level for one in done.differences) for level in LEVELS}
    told = ", ".join(f"{count} with risk *{level}*" for level, count in counts.items() if count)
    what = f"{len(done.differences)} would change ({told})" if told else "nothing would change"
    return f"{len(done.agreed)} properties are as we would have them, {what}, and nothing is replaced."


def _steps(done: Result) -> str:
    files = names(done.stack)
    return "\n".join(
        [
            "```sh",
            f"pulumi stack init {done.stack}",
            f"pulumi import --stack {done.stack} --file {files['import']} --generate-code=false --protect=false --yes",
            f"make azure-preview STACK={done.stack}",
            "```",
            "",
            (
                f"The preview shows what this page lists. `{files['stack']}` has the cluster as it was found: open a pull request with "
                "it, then change one line at a time. `inside: later` leaves the inside of the cluster alone until you write `now`."
            ),
        ]
    )


def _preview(done: Result) -> str:
    rows = [
        (
            one.op,
            f"`{one.type.rpartition(':')[2]}` {one.name}",
            ", ".join(f"`{path}`" for path in one.changes) or "-",
            ", ".join(f"`{path}`" for path in one.restated) or "-",
        )
        for one in done.preview
    ]
    told = (
        "An update with nothing under *changes in Azure* says outright what Azure did by itself. A create adds something beside the "
        "cluster: the deployment of the system pool repeats what the pool is."
    )
    return "\n".join([told, "", *_table(("", "resource", "changes in Azure", "only said outright"), rows)])


def _changes(done: Result) -> str:
    if not done.differences:
        return "Nothing."
    rows = [
        (
            one.risk.level,
            f"{one.kind} {one.name}",
            f"`{one.path}`",
            _value(one.there),
            _value(one.wanted),
            one.risk.why,
        )
        for one in done.differences
    ]
    told = "; ".join(f"*{level}*: {text}" for level, text in MEANS.items())
    return "\n".join(
        [f"{told}.", "", *_table(("risk", "of", "property", "is", "would be", "what happens"), rows)]
    )


def _kept(done: Result) -> str:
    lines: list[str] = []
    for place, entry in _entries(done.draft.config):
        for field, why in (
            ("adopted", "Azure sets it once; the stack file keeps it"),
            ("extra", "no setting here; the stack file keeps it in Azure's words"),
        ):
            lines += [
                f"- {place}: `{path}` = {_value(value)}: {why}"
                for path, value in _leaves(entry.get(field) or {})
            ]
    for one in done.draft.exempted:
        lines.append(
            f"- exempt until {one['until']}: the rule `{one['rule']}` for `{one['resource']['name']}`; "
            f"`./secure-aks explain {one['rule']}` says what it wants"
        )
    return "\n".join(lines) or "Nothing that we would have otherwise."


def _inside(done: Result) -> str:
    inside = done.found.inside
    assert inside is not None  # noqa: S101  # asked by the caller
    counts = {
        "namespaces": [one["metadata"]["name"] for one in inside.namespaces],
        "role bindings": [
            f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in inside.bindings
        ],
        "bindings for the whole cluster": [one["metadata"]["name"] for one in inside.everywhere],
        "quotas": [f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in inside.quotas],
        "network policies": [
            f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in inside.network_policies
        ],
        "admission policies": list(inside.admission_policies),
    }
    lines = [
        f"- {what}: {', '.join(f'`{name}`' for name in said) or 'none'}" for what, said in counts.items()
    ]
    lines.append("")
    if done.teams:
        lines += [
            (
                "The namespaces that Entra groups work in, as teams. A team's namespace gets a quota, network policies that let nothing in, "
                "and pod security: try them in another cluster before you write `inside: now`. A stack gives each group one place, so one that works in "
                "several namespaces stands in the first of them, and administrators of the cluster in none."
            ),
            "",
            f"```yaml\n{_yaml({'secure-aks:teams': done.teams})}```",
        ]
    else:
        lines.append(
            "No namespace has a binding of an Entra group to view, edit or admin, so no team can be proposed."
        )
    return "\n".join(lines)


def _entries(config: Json) -> Iterator[tuple[str, Json]]:
    yield "cluster", config["secure-aks:cluster"]
    for pool in (config["secure-aks:systemPool"], *config["secure-aks:pools"]):
        yield f"pool {pool['name']}", pool


def _leaves(values: Json, place: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(cast("Json", value), f"{place}{key}.")
        else:
            yield f"{place}{key}", value


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(map(_cell, line))} |" for line in lines]


def _value(value: Any) -> str:
    text = "-" if value is None else value if isinstance(value, str) else json.dumps(value)
    return f"`{_inline(text)}`" if text != "-" else text


def _inline(text: str) -> str:
    return _short(text.replace("`", "'"))


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _LONGEST * 4 else f"{shown[:_LONGEST]}..."


def _cell(text: str) -> str:
    return (
        text
        if text in {"-", "---"}
        else cell(text if len(text) <= _LONGEST * 8 else f"{text[: _LONGEST * 8]}...")
    )


def _yaml(value: Json) -> str:
    text = io.StringIO()
    writer: Any = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.dump(value, text)
    return text.getvalue()
