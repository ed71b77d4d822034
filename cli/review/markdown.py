"""Reviews as one comment: verdicts first, then what would be lost, then the rest folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.render.escape import cell, code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .collect import Change, Review, Verdict

MARKER = "<!-- secure-aks review -->"
"""First line of the comment, by which the next run finds it again."""
LONGEST = 60_000
"""Characters: GitHub takes 65,536 in a comment, Azure DevOps 150,000."""
MOST = 200
"""Rows of one table: nobody reads more."""
_FEW = 10
"""Changes that are shown, not folded away."""
_CUT = 600
"""Characters of one message."""


def as_markdown(reviews: Sequence[Review]) -> str:
    """Return the comment. What does not fit is left out at the end, and that is said."""
    text = "\n".join([MARKER, *(line for review in reviews for line in _review(review))]) + "\n"
    if len(text) <= LONGEST:
        return text
    kept = text[:LONGEST].rpartition("\n")[0]
    folds = "</details>\n" * (kept.count("<details") - kept.count("</details>"))
    return f"{kept}\n\n{folds}\nMore does not fit here; the job's log has all of it.\n"


def headline(review: Review) -> str:
    """Return in a few words what comes of the stack."""
    if review.failed and not review.refused:
        return "failed"
    if review.refused:
        return f"refused by {_count(len(review.refused), 'verdict')}"
    if review.errors:
        return f"{_count(len(review.errors), 'error')}"
    if not review.changes:
        return "no drift" if review.drift else "nothing changes"
    changes = ", ".join(f"{number} to {op}" for op, number in sorted(review.counts.items()))
    return f"drift: {changes}" if review.drift else changes


def _review(review: Review) -> Iterator[str]:
    yield f"## {cell(review.stack)}: {headline(review)}"
    yield ""
    if review.refused:
        yield from _verdicts(review.refused)
    for error in [*review.errors, *([review.failed] if review.failed and not review.refused else [])]:
        yield f"- {cell(_cut(error))}"
    if review.errors or review.failed:
        yield ""
    lost = [change for change in review.changes if change.loses]
    if lost:
        yield f"**{_count(len(lost), 'resource')} would be deleted or replaced:**"
        yield ""
        yield from _changes(lost)
    rest = [change for change in review.changes if not change.loses]
    if rest:
        yield from _folded(
            f"{_count(len(rest), 'other change' if lost else 'change')}, {review.unchanged} unchanged",
            _changes(rest),
            shown=len(rest) <= _FEW,
        )
    if review.advised:
        yield from _folded(
            f"{_count(len(review.advised), 'advice', 'pieces of advice')}", _verdicts(review.advised)
        )


def _folded(title: str, lines: Iterator[str], *, shown: bool = False) -> Iterator[str]:
    yield f"<details{' open' if shown else ''}><summary>{title}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield "| rule | resource | why, and what to write instead |"
    yield "|---|---|---|"
    for one in verdicts[:MOST]:
        yield f"| {code(one.rule)} | {cell(one.resource or 'the stack')} | {cell(_cut(one.message))} |"
    yield from _left_out(len(verdicts))


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    yield "| | resource | name | what differs |"
    yield "|---|---|---|---|"
    for one in changes[:MOST]:
        kind = one.type.rpartition(":")[2]
        yield f"| {one.op} | {cell(kind)} | {cell(one.name)} | {', '.join(code(path) for path in one.properties[:8])} |"
    yield from _left_out(len(changes))


def _left_out(number: int) -> Iterator[str]:
    if number > MOST:
        yield f"| | | and {number - MOST} more | |"
    yield ""


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1].rstrip() + "…"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
