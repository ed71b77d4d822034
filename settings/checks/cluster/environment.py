"""Whether the environment is the one that the stack's name promises."""

import re
from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.switched_off import OTHER_NAME

PATH = "secure-aks:environment"
_WORD = re.compile(r"[a-z]+")
_NAMES = {
    "prod": {"prod", "production", "prd", "live"},
    "staging": {"staging", "stage", "stg", "preprod", "uat", "acceptance"},
    "dev": {"dev", "development", "test", "testing", "sandbox", "playground"},
}
_NOT = {"non", "no", "not", "pre"}


def check(draft: Draft) -> Iterator[Finding]:
    """Yield an environment other than the one in the stack's name: a copied file, or prod without what prod must have."""
    named = promised(draft.context.stack)
    if draft.environment is None or not named or draft.environment in named:
        return
    why = f"the stack is called {draft.context.stack}, and its environment is {draft.environment}"
    if "prod" in named:
        why += ", so nothing that prod must have would be asked for"
    resource = draft.cluster.name if draft.cluster else None
    yield Finding(PATH, why, f"write {min(named)}", OTHER_NAME, resource)


def promised(stack: str) -> set[str]:
    """Return the environments that the name of a stack speaks of; none for a name such as `europe`."""
    words = _WORD.findall(stack.lower())
    named: set[str] = set()
    for index, word in enumerate(words):
        if index and words[index - 1] in _NOT:
            continue
        named |= {environment for environment, names in _NAMES.items() if word in names}
    return named
