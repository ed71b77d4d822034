"""Whether anybody can apply what is inside the cluster, told at every preview."""

from typing import Any

import pulumi

from settings.sections.stack import StackSettings
from settings.way_in import findings, ways


def check_way_in(stack: StackSettings, previous: pulumi.Output[Any], namespaces: pulumi.Output[Any]) -> None:
    """Say how the API server is reached; refuse a stack that nobody could apply.

    A preview goes on, so that all problems show at once; an `up` ends here. `previous` is the stack's own last record,
    `namespaces` its output of that name; None before the first `up`. Raises RunError.
    """
    problems = [f"{found.path}\n    why:  {found.why}\n    mend: {found.remedy}" for found in findings(stack)]
    if problems and not pulumi.runtime.is_dry_run():
        raise pulumi.RunError("\n".join(problems))
    for problem in problems:
        pulumi.log.error(problem)
    if ways(stack) and stack.cluster.api_server.access == "private":
        pulumi.log.info(stack.told(f"the private API server is reached {'; '.join(ways(stack))}"))
    if stack.cluster.inside == "later":
        pulumi.log.warn(
            f"{stack.key('cluster.inside')} is later: only Azure's half is made. Write now, and run up where the API server"
            " can be reached, to have roles, admission, profiles and teams."
        )
    previous.apply(lambda last: _bootstrap(stack, is_first=last is None))
    namespaces.apply(lambda last: _gone(stack, last))


def _gone(stack: StackSettings, namespaces: Any) -> None:
    if stack.cluster.inside == "later" and namespaces:
        pulumi.log.error(
            f"{stack.key('cluster.inside')} is later, and the last up applied the inside: this one would delete it, the"
            f" namespaces {', '.join(sorted(namespaces.values()))} with all that is in them. Write now."
        )


def _bootstrap(stack: StackSettings, *, is_first: bool) -> None:
    cluster = stack.cluster
    if cluster.bootstrap and not is_first:
        pulumi.log.warn(
            f"{stack.key('cluster.bootstrap')}: the deployers still administer the whole cluster. Their own role stands since"
            " the first up: remove the line."
        )
    if is_first and cluster.deployers and not cluster.bootstrap and cluster.inside == "now":
        pulumi.log.warn(
            stack.told(
                "a new cluster lets in nobody but its administrators, so only the break-glass groups can apply what is"
                f" inside: write `bootstrap: true` under {stack.key('cluster')} for the first up of the deployers"
            )
        )
