"""The stack that goes first."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import did_you_mean

PATH = "secure-aks:promotion.follows"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield a stack that follows itself or one that is not there."""
    if not draft.promotion:
        return
    follows, context = draft.promotion.follows, draft.context
    if follows == context.stack:
        yield Finding(
            PATH, "a stack cannot wait for itself", "name the stack that goes first, or remove the section"
        )
    elif context.stacks is not None and follows not in context.stacks:
        why = f"there is no stack {follows!r} (no Pulumi.{follows}.yaml beside this file)"
        yield Finding(PATH, why, did_you_mean(follows, context.stacks - {context.stack}))
    elif context.chain and context.chain[-1] in {context.stack, *context.chain[:-1]}:
        way = ", which follows ".join(context.chain)
        why = f"{context.stack} follows {way}: none of them could ever go first"
        yield Finding(PATH, why, "remove the section `promotion` of the stack that goes first")
