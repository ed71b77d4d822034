"""The contents of a long page of docs/: a code host shows a reader none."""

import re


def anchor(title: str) -> str:
    """Return the anchor that code hosts, and the site, make of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def with_contents(page: str) -> str:
    """Return a page with links to its parts before the first of them."""
    titles = re.findall(r"(?m)^## (.*)$", page)
    links = " · ".join(f"[{title.replace('`', '')}](#{anchor(title)})" for title in titles)
    return page.replace("\n## ", f"\nOn this page: {links}\n\n## ", 1)
