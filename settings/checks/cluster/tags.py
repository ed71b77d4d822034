"""Azure tags: their number, their names, and the one that the program sets itself."""

import re
from collections.abc import Iterator, Mapping

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits
from settings.words import repeated

PATH = "secure-aks:tags"
POLICY = "secure-aks:policyTags"
_OWN = "environment"
_NAME = re.compile(r"[^<>%&\\?/\x00-\x1f]+")
_RESERVED = ("microsoft", "azure", "windows")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield tags that Azure refuses or that say the same thing twice."""
    tags = draft.tags or {}
    names, values = limits()["tagName"], limits()["tagValue"]
    for key, value in tags.items():
        path = f"{PATH}.{key}"
        if not _NAME.fullmatch(key) or len(key) > names or len(value) > values:
            why = (
                f"Azure allows tag names of {names} characters without < > % & \\ ? / and values of {values}"
            )
            yield Finding(path, why, "shorten it, or leave those characters out")
        elif not (key + value).isprintable():
            yield Finding(path, "it holds a character that nobody sees", "leave the character out")
        elif key.lower().startswith(_RESERVED):
            why = "Azure keeps names that begin with microsoft, azure or windows"
            yield Finding(path, why, "choose another name")
        elif key.lower() == _OWN:
            why = "every resource gets this tag from `secure-aks:environment`"
            yield Finding(path, why, "remove it")
    for path, key, first in repeated((f"{PATH}.{key}", key) for key in tags):
        why = f"Azure tells {key!r} and {first.removeprefix(f'{PATH}.')!r} not apart"
        yield Finding(path, why, "remove one of them")
    yield from _left_alone(draft, tags)
    most = limits()["tags"] - 1
    if len(tags) > most:
        why = f"Azure takes {most + 1} tags of a resource, `{_OWN}` is one, and these are {len(tags)}"
        yield Finding(PATH, why, f"keep {most} at most")


def _left_alone(draft: Draft, tags: Mapping[str, str]) -> Iterator[Finding]:
    """Yield tags of Azure Policy that the stack sets too, and names that are none."""
    longest = limits()["tagName"]
    for index, name in enumerate(draft.policy_tags or ()):
        path = f"{POLICY}[{index}]"
        if name.lower() in {_OWN, *(key.lower() for key in tags)}:
            yield Finding(path, f"the stack sets the tag {name} itself", "remove it here, or from `tags`")
        elif not _NAME.fullmatch(name) or len(name) > longest or '"' in name:
            why = f"Azure allows tag names of {longest} characters without < > % & \\ ? /"
            yield Finding(path, why, "write the name of the tag")
