"""The objects inside what the engine sends: those that the API server or Azure would get.

A List holds many, so do a YAML component and an ARM template; a cluster holds its inline pools. What may hold objects
that nobody can see here is told as *unseen*, by name.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from secure_aks_security.judging.resources import Resource, token_without_version
from secure_aks_security.objects import azure, components, kubernetes, operators, unseen
from secure_aks_security.objects.templates import with_templates


def objects(resource: Resource) -> Iterator[Resource]:
    """Yield each object of a resource.

    Rules read a Kubernetes object's `kind`, and of any other resource its type token, as `pulumiType`.
    """
    token = _token(resource.type)
    if token in components.READERS:
        yield from _made(components.READERS[token](replace(resource, type=token, known=False)))
    elif token in azure.READERS:
        # What a template's expressions come to is not known, whatever else is.
        yield from azure.READERS[token](replace(resource, type=token, known=False))
    elif words := unseen.never_seen(token):
        yield unseen.unseen(resource, words)
        yield replace(resource, type=token, properties={**resource.properties, "pulumiType": token})
    elif kubernetes.TOKEN.match(resource.type):
        yield from _made(kubernetes.read(resource))
    else:
        yield replace(resource, type=token, properties={**resource.properties, "pulumiType": token})


@lru_cache(maxsize=1024)
def _token(given: str) -> str:
    token = token_without_version(given)
    return azure.OF_MODULES.get(token.partition(":tf:")[2], token)


def _made(found: Iterator[Resource]) -> Iterator[Resource]:
    """Yield Kubernetes objects, and instead of an operator's what it makes of them."""
    for item in found:
        if item.group in operators.GROUPS:
            yield from operators.read(item)
        elif item.group and "." in item.group:
            yield from with_templates(item)
        else:
            yield item
