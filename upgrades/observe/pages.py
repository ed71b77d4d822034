"""Lists that come page by page, bounded: who answers decides where the next page is, and may be wrong or mean no end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
MOST = 1000
"""Pages; at 500 objects each that is three times the pods that Kubernetes is made for (150,000)."""
PROXY = "see which proxy or gateway stands between"


class EndlessError(Exception):
    """A list has no end; the message is one line that says why and what to do."""


def pages(first: str, ask: Callable[[str], tuple[Json, str]]) -> Iterator[Json]:
    """Yield the pages of a list from the first; `ask` gives a page and where the next one is, empty after the last.

    Raises EndlessError where a page is named a second time, or there are more than a list may have.
    """
    seen: set[str] = set()
    where = first
    while where not in seen:
        if len(seen) == MOST:
            raise EndlessError(f"the list has no end: {MOST} pages were read; {PROXY}")
        seen.add(where)
        page, where = ask(where)
        yield page
        if not where:
            return
    raise EndlessError(f"the list has no end: after page {len(seen)} comes one that was read; {PROXY}")
