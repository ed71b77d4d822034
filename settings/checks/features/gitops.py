"""Flux: one revision, a host that is known, folders in an order that ends, and admission policies that judge all of it."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.teams.basics import RESERVED, RESERVED_PREFIXES
from settings.sections.features.gitops import Gitops
from settings.words import did_you_mean, repeated

PATH = "secure-aks:cluster.gitops"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what of a Flux configuration contradicts itself or the rest of the file."""
    if not draft.cluster or not (gitops := draft.cluster.gitops):
        return
    yield from _source(gitops)
    yield from _order(gitops)
    if draft.cluster.inside == "later":
        why = (
            "nothing would judge what the repository says: the admission policies are not in the cluster yet"
        )
        yield Finding(PATH, why, "write `inside: now`, or remove `gitops` until then")
    taken = {one.namespace: path for path, one in (*draft.teams.items(), *draft.platform.items())}
    reserved = gitops.namespace in RESERVED or gitops.namespace.startswith(RESERVED_PREFIXES)
    if gitops.namespace in taken or reserved:
        whose = taken.get(gitops.namespace, "Kubernetes, AKS or this project")
        why = f"the namespace {gitops.namespace!r} is that of {whose}, and who reads Secrets in this one has the repository's"
        yield Finding(f"{PATH}.namespace", why, "write one of its own, or remove the key")
    if path := taken.get("flux-system"):
        why = "AKS's extension brings Flux along in flux-system, and this would be a second one"
        yield Finding(f"{path}.namespace", why, "remove the controller, or `gitops` from secure-aks:cluster")


def _source(gitops: Gitops) -> Iterator[Finding]:
    if bool(gitops.branch) == bool(gitops.tag):
        why = "a repository is followed by a branch or stays at a tag, one of them"
        yield Finding(f"{PATH}.branch", why, "write `branch: main`, or `tag` alone")
    if gitops.known_hosts and (gitops.secret or not gitops.is_ssh):
        why = "the Secret has them" if gitops.secret else "https:// knows hosts by certificates"
        yield Finding(f"{PATH}.knownHosts", why, "remove the key")
    if gitops.is_ssh and not gitops.known_hosts and not gitops.secret:
        why = "whoever answers in the host's place could say what runs in the cluster"
        remedy = "write what `ssh-keyscan -t ed25519 <host>` prints, compared with what the host publishes"
        yield Finding(f"{PATH}.knownHosts", why, remedy)


def _order(gitops: Gitops) -> Iterator[Finding]:
    path, names = f"{PATH}.kustomizations", {one.name for one in gitops.kustomizations}
    rows = [(f"{path}[{index}]", one) for index, one in enumerate(gitops.kustomizations)]
    for place, name, first in repeated((f"{place}.name", one.name) for place, one in rows):
        yield Finding(place, f"{name} is {first} already", "give each a name of its own")
    missing = False
    for place, one in rows:
        listed = [(f"{place}.dependsOn[{index}]", other) for index, other in enumerate(one.depends_on)]
        for twice, other, _ in repeated(listed):
            yield Finding(twice, f"{other} is in the list already", "remove one")
        for index, other in enumerate(one.depends_on):
            if other not in names:
                missing = True
                yield Finding(
                    f"{place}.dependsOn[{index}]", f"there is no {other!r}", did_you_mean(other, names)
                )
    try:
        TopologicalSorter({one.name: one.depends_on for _, one in rows}).prepare()
    except CycleError as error:
        if not missing:
            ring = " on ".join(map(str, reversed(error.args[1])))
            yield Finding(path, f"each waits for another without end: {ring}", "take one `dependsOn` out")
