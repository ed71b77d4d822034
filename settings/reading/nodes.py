"""YAML into nodes with their lines, within bounds of depth and size, whatever the text does.

The parser is libyaml, of which the engine's own is a translation. Nodes are put together here, without recursion,
because neither depth nor aliases may cost more than a refusal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from settings.reading.fault import Fault, UnreadableError

MOST_NODES = 20_000
"""Most values and keys of a stack file, those that aliases repeat included."""
MOST_DEPTH = 40
"""Deepest nesting of a stack file; the deepest setting stands ten levels down."""

_TEXT = "tag:yaml.org,2002:str"
# What libyaml says, and what helps; anything else is about brackets, quotes or indentation.
_REMEDIES = (
    ("cannot start any token", "indent with spaces instead of tabs, and put texts that begin with a sign in quotes"),
    ("mapping values are not allowed", "put a text with ': ' in quotes, or the key on a line of its own"),
    ("undefined alias", "define the anchor (&name) above, or write the values out"),
    ("undefined tag handle", "write the value without a tag"),
    ("duplicate anchor", "give each anchor a name of its own"),
    ("unexpected end of stream", "close the quotes or brackets"),
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Node:
    """A value of the text. `pairs` of a mapping, `items` of a list, `text` of a word; `plain`: a word without quotes."""

    kind: Literal["mapping", "list", "word"]
    line: int
    text: str = ""
    plain: bool = False
    items: list["Node"] = field(default_factory=list["Node"])
    size: int = 1
    height: int = 1
    done: bool = False

    @property
    def pairs(self) -> Iterator[tuple["Node", "Node"]]:
        """The keys and values of a mapping."""
        return zip(self.items[::2], self.items[1::2], strict=True)


@dataclass(frozen=True)
class Tree:
    """The root of a text (None: it is empty), and what is wrong with nodes of it that could be read all the same."""

    root: Node | None
    faults: tuple[Fault, ...]


def compose(text: str) -> Tree:
    """Return the nodes of a text. Raises UnreadableError when it is not YAML, too deep or too large."""
    import yaml  # noqa: PLC0415  # only where a file is read

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=loader):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(_syntax(error)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(Fault(f"it is not YAML: {error}", "write the file anew")) from None
    return Tree(composer.root, tuple(composer.faults))


def _syntax(error: Any) -> Fault:
    said = str(error.problem or error.context)
    mark = error.problem_mark or error.context_mark
    remedy = next((text for sign, text in _REMEDIES if sign in said), None)
    remedy = remedy or "indent it like the lines beside it, and close quotes and brackets"
    return Fault(f"it is not YAML: {said}", remedy, mark.line + 1 if mark else None)


class _Composer:
    """Takes the parser's events one by one."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[Node] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0
        self._taken = 0

    def take(self, event: Any) -> None:
        """Take an event. Raises UnreadableError when the text goes past a bound."""
        name, line = type(event).__name__, event.start_mark.line + 1
        match name:
            case "ScalarEvent":
                node = Node("word", line, event.value, event.style in {None, ""} and not event.tag, done=True)
                self._add(node, event)
            case "SequenceStartEvent" | "MappingStartEvent":
                node = Node("list" if name == "SequenceStartEvent" else "mapping", line)
                self._add(node, event)
                self._open.append(node)
                if len(self._open) > MOST_DEPTH:
                    self._refuse(f"it is nested more than {MOST_DEPTH} levels deep", line)
            case "SequenceEndEvent" | "MappingEndEvent":
                self._close()
            case "AliasEvent":
                self._alias(event.anchor, line)
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    why = "a second document begins here, and the engine reads the first alone"
                    raise UnreadableError(Fault(why, "remove the `---` and what follows", line))
            case _:
                pass

    def _add(self, node: Node, event: Any) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node
        if event.tag and not (node.kind == "word" and event.tag == _TEXT):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            why = f"the tag {tag} makes of the value what other readers of the file may not"
            self.faults.append(Fault(why, "write the value without a tag", node.line))
        self._put(node)

    def _put(self, node: Node) -> None:
        self._taken += node.size
        if self._taken > MOST_NODES:
            self._refuse(
                f"it holds more than {MOST_NODES:,} values (aliases count as what they stand for)", node.line
            )
        if self._open:
            self._open[-1].items.append(node)
        else:
            self.root = node

    def _close(self) -> None:
        node = self._open.pop()
        node.size = 1 + sum(item.size for item in node.items)
        node.height = 1 + max((item.height for item in node.items), default=0)
        node.done = True

    def _alias(self, anchor: str, line: int) -> None:
        node = self._anchors.get(anchor)
        if node is None:
            why = f"the alias *{anchor} stands for nothing"
            raise UnreadableError(Fault(why, f"define &{anchor} above, or write the values out", line))
        if not node.done:
            why = f"the alias *{anchor} stands for something that it is part of"
            raise UnreadableError(Fault(why, "write the values out", line))
        if len(self._open) + node.height > MOST_DEPTH:
            self._refuse(f"its aliases nest more than {MOST_DEPTH} levels deep", line)
        self._put(node)

    @staticmethod
    def _refuse(why: str, line: int) -> None:
        raise UnreadableError(
            Fault(f"{why}, which no stack file needs", "write it flat, as in docs/settings.md", line)
        )
