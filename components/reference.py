"""`python -m components.reference` writes docs/library-reference.md and package/schema.json from what the library exports."""

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import griffe
from secure_aks_lifecycle.ending import run

from settings.contents import with_contents
from settings.whole_file import write_whole

from . import __all__ as public
from .package.provider import LibraryProvider

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "library-reference.md"
SCHEMA = ROOT / "package" / "schema.json"
_HEAD = """# Reference of the library

Every name of `secure_aks`, from its docstring: `python -m components.reference` writes this page. [What it is for](library.md).
"""


def render() -> str:
    """Return the whole page."""
    package = griffe.load("components", search_paths=[ROOT], try_relative_path=False)
    found = {name: package[name].final_target for name in public}
    components = [name for name, one in found.items() if not name.endswith("Args") and one.is_class]
    shown = sorted(public, key=lambda name: (name.removesuffix("Args") not in components, name.lower()))
    entries = ("\n".join(_entry(name, found[name])) for name in shown)
    return with_contents("\n".join([_HEAD, *entries]))


def schema() -> str:
    """Return the schema of the package for other languages."""
    number = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return json.dumps(json.loads(LibraryProvider(number).schema or ""), indent=2) + "\n"


def _entry(name: str, one: griffe.Object) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{_text(one)}\n"
    if isinstance(one, griffe.Function):
        yield f"`{name}({', '.join(_parameter(each) for each in one.parameters)})`\n"
        return
    fields = [each for each in one.members.values() if _is_shown(each)]
    if fields and "dataclass" in one.labels:
        yield "| argument | type | unless set | what it is |\n|---|---|---|---|"
        for each in fields:
            yield f"| `{each.name}` | `{_type(each)}` | {_default(each)} | {_text(each)} |"
        yield ""
        fields = []
    for each in fields:
        yield f"- `{each.name}`{_shape(each)}: {_text(each)}"
    if fields:
        yield ""


def _is_shown(one: griffe.Object | griffe.Alias) -> bool:
    return not one.name.startswith("_") and (one.is_attribute or one.is_function) and not one.is_alias


def _shape(one: griffe.Object | griffe.Alias) -> str:
    if isinstance(one, griffe.Function):
        return f" `({', '.join(_parameter(each) for each in one.parameters if each.name != 'self')})`"
    return f" `{one.annotation}`" if isinstance(one, griffe.Attribute) and one.annotation else ""


def _parameter(one: griffe.Parameter) -> str:
    return f"{one.name}: {one.annotation}" + (f" = {one.default}" if one.default else "")


def _type(one: griffe.Object | griffe.Alias) -> str:
    said = str(one.annotation) if isinstance(one, griffe.Attribute) else ""
    return said.replace("|", "\\|")


def _default(one: griffe.Object | griffe.Alias) -> str:
    """Return what an argument is unless it is said: nothing for one that must be."""
    said = str(one.value or "") if isinstance(one, griffe.Attribute) else ""
    if said.startswith("field("):
        words = {each.arg: ast.unparse(each.value) for each in _call(said).keywords}
        if "default" in words:
            return f"`{words['default']}`"
        made = words["default_factory"]
        return "empty" if made.startswith("dict[") else f"`{made}()`"
    return f"`{said}`" if said else "must be said"


def _call(text: str) -> ast.Call:
    found = ast.parse(text, mode="eval").body
    if not isinstance(found, ast.Call):
        raise TypeError(f"{text} is no call")
    return found


def _text(one: griffe.Object | griffe.Alias) -> str:
    return one.docstring.value if one.docstring else ""


def main() -> None:
    """Write the page."""
    for path, text in ((PAGE, render()), (SCHEMA, schema())):
        write_whole(path, text)
        sys.stdout.write(f"{path.name} written\n")


if __name__ == "__main__":
    run(lambda: main)
