"""What the site has beside docs/: the project's own pages from the root, and links to files of the repository as text."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
PAGES = {"CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the root, and where they are on the site. The README is the repository's: the site begins with docs/README.md."""
HOME = {"README.md": "README.md"}
OWN = {"site.css": "site.css", "offline_worker.js": "iframe-worker.js"}
"""Files of this folder, and where they are on the site."""
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source|link(?![^>]*rel=.canonical))\b[^>]*\s(?:src|href)=["']?(?:https?:)?//[^>]*>"""
)
LINK = re.compile(r"\[([^\]]+)\]\(([^)#:\s]+)((?:#[^)\s]*)?)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the root's pages, the style sheet, and what the search needs in a folder."""
    for name, place in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    for name, place in OWN.items():
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    return files


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """See that a page loads nothing from elsewhere. Raises ValueError, which ends the build."""
    if found := ELSEWHERE.search(output):
        raise ValueError(f"{page.file.src_uri}: {found[0]}: a page of the site loads nothing from elsewhere")
    return output


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links as they are right in the repository into such as are right on the site."""
    place = page.file.src_uri
    here = "" if place in PAGES.values() else posixpath.join("docs", posixpath.dirname(place))

    def on_the_site(found: re.Match[str]) -> str:
        words, link, anchor = found.groups()
        target = posixpath.normpath(posixpath.join(here, link))
        if target.startswith("docs/") and target.endswith((".md", ".svg")):
            path = target.removeprefix("docs/")
        elif target in PAGES | HOME:
            path = (PAGES | HOME)[target]
        else:
            return f"{words} (`{target}`)" if words.strip("`") != target else f"`{target}`"
        start = posixpath.dirname(place) or "."
        return f"[{words}]({posixpath.relpath(path, start)}{anchor})"

    parts = re.split(r"(^```.*?^```)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else LINK.sub(on_the_site, part) for part in parts)
