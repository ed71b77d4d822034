"""The objects inside what the engine sends: those that the API server or Azure would get.

A List holds many, so do a YAML component and an ARM template; a cluster holds its inline pools. What may hold objects
that nobody can see here is told as *unseen*, by name.
"""

from collections.abc import Iterator
from dataclasses import replace

from secure_aks_security.judging.resources import Resource, token_without_version
from secure_aks_security.objects import azure, components, kubernetes, unseen


def objects(resource: Resource) -> Iterator[Resource]:
    """Yield each object of a resource.

    Rules read a Kubernetes object's `kind`, and of any other resource its type token, as `pulumiType`.
    """
    token = token_without_version(resource.type)
    for readers, key in ((components.READERS, token), (azure.READERS, token)):
        if key in readers:
            # What a template's expressions come to is not known, whatever else is.
            yield from readers[key](replace(resource, type=token, known=False))
            return
    if token in unseen.TYPES:
        yield unseen.unseen(resource, unseen.TYPES[token])
        yield replace(resource, type=token, properties={**resource.properties, "pulumiType": token})
    elif kubernetes.TOKEN.match(resource.type):
        yield from kubernetes.read(resource)
    else:
        yield replace(resource, type=token, properties={**resource.properties, "pulumiType": token})
