"""Nodes into plain values, with the line of each by its path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from settings.fields.secret import SECRET
from settings.reading.fault import Fault
from settings.reading.nodes import Node
from settings.reading.scalars import NO_NUMBER, plain
from settings.words import named_kind

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_MERGE = "<<"


@dataclass
class Values:
    """Collects what nodes say: `lines` by path (`secure-aks:pools[2].version`), where a value is encrypted, and faults."""

    lines: dict[str, int] = field(default_factory=dict[str, int])
    secrets: set[str] = field(default_factory=set[str])
    faults: list[Fault] = field(default_factory=list[Fault])

    def of(self, node: Node, path: str) -> Any:
        """Return the value of a node that stands at a path."""
        if node.kind == "list":
            return [self._item(item, f"{path}[{index}]") for index, item in enumerate(node.items)]
        if node.kind == "word":
            return self._word(node)
        pairs = list(node.pairs)
        if [key.text for key, _ in pairs] == ["secure"] and pairs[0][1].kind == "word":
            self.secrets.add(path)
            return SECRET
        return {key: self._entry(name, value, f"{path}.{key}") for key, name, value in self.entries(node)}

    def entries(self, node: Node) -> Iterator[tuple[str, Node, Node]]:
        """Yield the keys of a mapping as text, with the nodes of key and value; what `<<` brings stands below its own."""
        own: dict[str, tuple[Node, Node]] = {}
        merges: list[tuple[Node, Node]] = []
        for key, value in node.pairs:
            if key.plain and key.text == _MERGE:
                merges.append((key, value))
            elif (name := self._key(key)) is None:
                continue
            elif name in own:
                why = f"the key {name!r} is written twice, first on line {own[name][0].line}"
                self.faults.append(Fault(why, "remove one of the two", key.line))
            else:
                own[name] = key, value
        for name, entry in self._merged(merges).items():
            own.setdefault(name, entry)
        for name, (key, value) in own.items():
            yield name, key, value

    def _merged(self, merges: list[tuple[Node, Node]]) -> dict[str, tuple[Node, Node]]:
        if len(merges) > 1:
            why = f"`<<` is written twice, first on line {merges[0][0].line}, and readers differ in which one counts"
            self.faults.append(Fault(why, "write `<<: [*one, *other]`", merges[1][0].line))
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in merges[:1]:
            for part in value.items if value.kind == "list" else [value]:
                if part.kind != "mapping":
                    self.faults.append(Fault("`<<` takes mappings", "write `<<: *anchor`", key.line))
                    continue
                for name, other, item in self.entries(part):
                    found.setdefault(name, (other, item))
        return found

    def _entry(self, key: Node, node: Node, path: str) -> Any:
        self.lines[path] = key.line
        return self.of(node, path)

    def _item(self, node: Node, path: str) -> Any:
        self.lines[path] = node.line
        return self.of(node, path)

    def _key(self, key: Node) -> str | None:
        if key.kind != "word":
            self.faults.append(Fault(f"a key is a {key.kind}", "write a text as key", key.line))
            return None
        if key.plain and key.text in NO_NUMBER:
            self._refuse_endless(key)
            return None
        value = plain(key.text) if key.plain else key.text
        if not isinstance(value, str):
            why = f"the key {key.text or 'before the colon'} is {named_kind(value)} without quotes, and keys are text"
            self.faults.append(Fault(why, f'write "{key.text}"' if key.text else "write a name", key.line))
            return None
        return self._clean(value, key.line)

    def _word(self, node: Node) -> Any:
        if node.plain and node.text in NO_NUMBER:
            self._refuse_endless(node)
            return None
        value = plain(node.text) if node.plain else node.text
        return self._clean(value, node.line) if isinstance(value, str) else value

    def _refuse_endless(self, node: Node) -> None:
        why = f"{node.text} without quotes is a number that the engine cannot keep, and it refuses the whole file"
        self.faults.append(Fault(why, f'write "{node.text}"', node.line))

    def _clean(self, text: str, line: int) -> str | None:
        if found := _CONTROL.search(text):
            why = f"a text holds the control character U+{ord(found[0]):04X}"
            self.faults.append(Fault(why, "leave the character out", line))
            return None
        return text
