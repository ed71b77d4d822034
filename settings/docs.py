"""docs/settings.md from the models: `python -m settings.docs` writes it, a test keeps it fresh."""

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from secure_aks_lifecycle.ending import run

from settings.checks.finding import RULES
from settings.contents import with_contents
from settings.facts.ours import refused_by_name
from settings.reading import kinds
from settings.reading.explain import aliases
from settings.reading.layer_keys import LAYER_KEYS
from settings.reading.nodes import MOST_DEPTH, MOST_NODES
from settings.reading.text import MOST_BYTES
from settings.sections.stack import StackSettings
from settings.whole_file import write_whole

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"

_INTRODUCTION = """\
# Settings

Generated from the models in `settings/` by `python -m settings.docs`; a test keeps it fresh.

A stack file `Pulumi.<stack>.yaml` says all there is to say about one cluster, in the sections below: keys
`secure-aks:<section>` under `config`, camelCase inside. The location is Pulumi's own key, `azure-native:location`, and
may stand in `Pulumi.yaml` for all stacks. A key that is not listed here is refused, and so is what contradicts itself:
all of it at once, before any resource is registered, each problem with its file and line, its reason and what to write
instead:

    Pulumi.prod.yaml is refused: 1 problem

    1. secure-aks:pools[3].name (Pulumi.prod.yaml:63)
        why:  'windows' is not a name AKS allows for a Windows pool
        mend: use a letter, then lower-case letters and digits, 6 characters at most

Versions stand in full (x.y.z). Times, days, zones and amounts stand in quotes, because YAML would make numbers of some.

The words of a stack file mean what the Pulumi engine makes of them: `yes` and `08:00` are text, `017` is a number. What
readers of YAML disagree on is refused with its line: tags, a second `<<`, keys that are no text, a key written twice, a
second document. So are files past {bytes} KiB, {nodes:,} values or {depth} levels. `make fuzz` reads thousands of wrong files.

Only a secret field may be encrypted (`pulumi config set --secret --path`); an encrypted value anywhere else is refused,
and is printed nowhere.

What Azure has and takes (regions, VM sizes, ranges, limits) stands in `settings/facts/data/`, each file with its source
and date; a size or region that is newer than they are is added there.

What `secure-aks:policies` switches off, or lowers to advice, is named at every preview. In prod it needs an exemption from `prod-policies` whose
resource is the rule, or the pack (`security`, `lifecycle`); an environment other than the one in the stack's name needs
one from `environment-name`, and is then named at every preview and in `./secure-aks upgrades check` too.

## Layers

A key of a stack is said, the nearest first: in the stack file, in `Pulumi.yaml` for all stacks, in `secure-aks:defaults`, by the profile, or by
nobody, and then its default holds. Below these three keys nothing is said twice:

| key | meaning |
|---|---|
{layers}
`defaults` and the profile are joined with what lies above them key by key; a list and a plain value are the nearer one's, and an empty value takes
away what lies below. A whole stack of the first day:

    config:
      secure-aks:profile: prod
      secure-aks:environment: prod
      secure-aks:cluster:
        name: aks-shop
        kubernetesVersion: 1.35.6
        breakGlass: [{{name: aks-shop-break-glass}}]
        bootstrap: true
        deployers:  # with who runs `up`: az ad signed-in-user show --query id --output tsv
          - {{name: aks-shop-deployers, members: [11111111-2222-3333-4444-555555555555]}}
        monitoring: {{contacts: {{emails: [on-call@contoso.com]}}}}
      secure-aks:network: {{runnerSubnet: 10.60.255.224/27}}  # for the machines that run it
      secure-aks:systemPool: {{name: system, version: 1.35.6}}
      secure-aks:pools:
        - {{name: general, version: 1.35.6}}
      secure-aks:teams:
        - name: shop
          groups: [{{name: shop-developers, role: developer}}]

`make settings STACK=prod` prints the effective file: every key, and where it was said. The policy packs read `defaults` too; nothing of a profile
(`settings/day_one/`) is what a pack reads of the stack file.

## What has no setting here

`cluster.extra`, `pools[].extra`, `systemPool.extra` and `network.extra` take any property of the managed cluster, the agent pool or the created virtual
network in the API version in use, under its REST name:

    secure-aks:cluster:
      extra:
        networkProfile: {{networkMode: transparent}}
        addonProfiles: {{ingressApplicationGateway: {{enabled: true, config: {{applicationGatewayId: <resource id>}}}}}}

- Names, kinds and listed values are checked against the API's own shape (`settings/facts/data/azure_api.json`, read off the SDK).
- Mappings are joined key by key with what is set here; a list and a plain value are taken whole.
- What is set here cannot be named there, whatever the value: it has a setting, or it is fixed for a reason, and the refusal says which
  (`settings/facts/data/ours.yaml`). So nothing of ours is undone, and nothing is said twice.
  In a cluster that was made elsewhere (`adopted`) it may say what an optional key would, such as `encryption`, while that key is not there.
- Both policy packs judge the result, as they judge everything else; every preview lists what is *not ours*.

What is asked for by name and is not here either, with the reason that a refusal gives:

| asked for | why not | read in |
|---|---|---|
{refused}"""

_RULES = """\
## Rules with a way out

These rules may be lifted for one cluster, pool or namespace by an exemption that names the rule and the resource, gives
a reason and ends on a day, a year away at most. `*` and `?` in the resource's name are wildcards, beside three letters
at least. An exemption that is over, that lifts nothing, or from a rule that does not exist is refused too. The rules of
the policy packs are in docs/policies.md.

| rule | what it says |
|---|---|
"""


def render() -> str:
    """Return the whole page."""
    documented: dict[type[BaseModel], str] = {}
    layers = "".join(f"| `{key}` | {text} |\n" for key, text in LAYER_KEYS.items())
    refused = "".join(
        f"| {title} | {why} | {source} |\n" for title, (why, source) in refused_by_name().items()
    )
    introduction = _INTRODUCTION.format(
        bytes=MOST_BYTES // 1024, nodes=MOST_NODES, depth=MOST_DEPTH, layers=layers, refused=refused
    )
    parts = [introduction, _section("Sections", StackSettings, None)]
    for key, field in aliases(StackSettings):
        if model := kinds.of_field(field).model:
            parts += _sections(_inside(key, field), model, documented, level=2)
    parts.append(_RULES + "".join(f"| `{rule}` | {text} |\n" for rule, text in RULES.items()))
    return with_contents("\n".join(parts))


def _sections(
    path: str, model: type[BaseModel], documented: dict[type[BaseModel], str], level: int
) -> Iterator[str]:
    if model in documented:
        return
    relative = next((known for known in documented if issubclass(known, model)), None)
    documented[model] = path
    yield _section(f"`{path}`", model, relative and (documented[relative], relative), level)
    inner = {f"{path}.{_inside(key, field)}": kinds.of_field(field).model for key, field in aliases(model)}
    for place, known in inner.items():
        if known:
            twins = [f"`{twin}`" for twin, other in inner.items() if other is known and twin != place]
            for section in _sections(place, known, documented, level=3):
                yield section
                if twins:
                    yield f"The same keys stand in {' and '.join(twins)}.\n"
                    twins = []


def _inside(key: str, field: FieldInfo) -> str:
    return key + {"list": "[]", "mapping": ".<name>", None: ""}[kinds.of_field(field).container]


def _section(
    title: str, model: type[BaseModel], relative: tuple[str, type[BaseModel]] | None, level: int = 2
) -> str:
    """Return one model as a table; with `relative`, only the keys that differ from that model's."""
    rows = list(_rows(model))
    text = inspect.cleandoc(model.__doc__ or "")
    if relative:
        path, other = relative
        same = set(_rows(other))
        rows = [row for row in rows if row not in same]
        text += f" Keys as in `{path}`, but for these:"
    table = "| key | type | default | meaning |\n|---|---|---|---|\n" + "".join(rows)
    return f"{'#' * level} {title}\n\n{text}\n\n{table}"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    meanings = texts(model)
    for name, field in model.model_fields.items():
        cells = (f"`{field.alias or name}`", kinds.of_field(field).words, _default(field), meanings[name])
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def texts(model: type[BaseModel]) -> dict[str, str]:
    """Return the text below each field in the source of the model and of those it inherits from."""
    found: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        if not issubclass(ancestor, BaseModel) or ancestor is BaseModel:
            continue
        [class_] = ast.parse(dedent(inspect.getsource(ancestor))).body
        body = class_.body if isinstance(class_, ast.ClassDef) else []
        for field, text in pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
            ):
                found[field.target.id] = str(text.value.value)
    return found


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory_takes_validated_data:
        return "see right"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    return f"`{json.dumps(value)}`" if isinstance(value, (bool, tuple, dict)) else f"`{value}`"


def main() -> None:
    """Write the page."""
    write_whole(TARGET, render())
    sys.stdout.write(f"{TARGET.name} written\n")


if __name__ == "__main__":
    run(lambda: main)
