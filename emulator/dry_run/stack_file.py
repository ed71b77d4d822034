"""Changing a stack file without losing its comments, order or quotes, as `pulumi config set` would."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from emulator.dry_run.passphrase import Decrypter, new_salt, read_passphrase
from emulator.dry_run.state import write_atomically
from emulator.errors import ConfigError
from emulator.properties.paths import parse_path
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.dry_run.project import Project


def set_value(project: Project, stack: str, key: str, value: str, *, secret: bool, path: bool) -> None:  # noqa: PLR0913 - what `config set` takes
    """Set one value; with `path` the key goes on into a structured value ("pools[0].version"). Raises ConfigError."""

    def change(document: Any, section: Any, tokens: list[str | int]) -> None:
        stored: Any = (
            _encrypted(document, value, project.stack_file(stack))
            if secret
            else _typed(value)
            if path
            else value
        )
        container = section
        for token, following in pairwise(tokens):
            container = _step_into(container, token, following)
        _put(container, tokens[-1], stored, key)

    _edit(project, stack, key, change, path=path)


def remove_value(project: Project, stack: str, key: str, *, path: bool) -> None:
    """Remove one value; removing what is not there is no error."""

    def change(_document: Any, section: Any, tokens: list[str | int]) -> None:
        container = section
        for token in tokens[:-1]:
            try:
                container = container[token]
            except (KeyError, IndexError, TypeError):
                return
        try:
            del container[tokens[-1]]
        except (KeyError, IndexError, TypeError):
            return

    _edit(project, stack, key, change, path=path)


def _edit(
    project: Project, stack: str, key: str, change: Callable[[Any, Any, list[str | int]], None], *, path: bool
) -> None:
    file = project.stack_file(stack)
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    document: Any = yaml.load(file.read_text(encoding="utf-8")) if file.is_file() else None
    if document is None:
        document = CommentedMap()
    section: Any = document.get("config")
    if section is None:
        section = document["config"] = CommentedMap()
    namespace, _, rest = key.rpartition(":")
    tokens = parse_path(rest) if path else [rest]
    full = project.full_key(f"{namespace}:{tokens[0]}" if namespace else str(tokens[0]), file)
    written = next((k for k in section if project.full_key(str(k), file) == full), full)
    change(document, section, [written, *tokens[1:]])
    out = io.StringIO()
    yaml.dump(document, out)
    write_atomically(file, out.getvalue(), mode=file.stat().st_mode & 0o777 if file.exists() else 0o644)


def _step_into(container: Any, token: str | int, following: str | int) -> Any:
    """Return what stands at `token`, made when there is nothing yet."""
    fresh: Any = CommentedSeq() if isinstance(following, int) else CommentedMap()
    if is_object(container):
        return container.setdefault(str(token), fresh)
    items: Any = container
    if is_list(container) and token == len(container):
        container.append(fresh)
    return items[token]


def _put(container: Any, token: str | int, value: Any, key: str) -> None:
    if is_list(container) and token == len(container):
        container.append(value)
        return
    target: Any = container
    try:
        target[token] = value
    except (IndexError, TypeError):
        raise ConfigError(f"{key}: there is no such place in the stack file") from None


def _typed(text: str) -> Any:
    """Read a scalar as the CLI does inside a structured value: whole numbers and booleans are such."""
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text


def _encrypted(document: Any, text: str, file: Path) -> dict[str, str]:
    if "encryptionsalt" not in document:
        phrase = read_passphrase()
        if phrase is None:
            raise ConfigError(
                "to store a secret, set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
            )
        document["encryptionsalt"] = new_salt(phrase)
    return Decrypter(document["encryptionsalt"], file).encrypt(text)
