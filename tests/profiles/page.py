"""What docs/profiles.md tells an operator to write and to run, taken from the page."""

import re
import shlex
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.profiles.helpers import IMAGE

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
_REGISTRY, _DIGEST = IMAGE.split(".", 1)[0], IMAGE.rpartition(":")[2]


def commands(program: str) -> list[list[str]]:
    """The commands of the page that begin with a program, in blocks and within sentences, as a shell reads them."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(
        rf"`({program} [^`]+)`", re.sub(r"^ *```.*?^ *```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
    )
    return [shlex.split(filled(line)) for line in lines if line.startswith(f"{program} ")]


def written(key: str) -> Any:
    """What the page writes under a key, in a file."""
    for block in re.findall(r"^ *```yaml\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE):
        found = YAML(typ="safe").load(filled(block))
        if key in found:
            return found[key]
    raise AssertionError(f"the page writes no {key}")


def filled(text: str) -> str:
    """The page's words with an operator's own registry, digest, pod and file."""
    own = {"registry": _REGISTRY, "digest": _DIGEST, "pod": "app", "file": "/tmp/file"}  # noqa: S108 - of the container
    for gap, value in own.items():
        text = text.replace(f"<{gap}>", value)
    return text
