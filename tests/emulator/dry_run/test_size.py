"""Large objects on the way that every preview goes: program, wire, pack as a process, report."""

from __future__ import annotations

import json

from tests.emulator.dry_run.programs import ROOT, ThingProvider
from tests.security.build import CONFIG, container, mutate, pod

CONTAINERS, ITEMS, ANNOTATION = 500, 200, 7 * 1024 * 1024
"""A tenth of what was judged by hand, and the whole of what costs little."""
PROGRAM = """
import json, pathlib

def registered(name, file, kind="Pod"):
    properties = json.loads(pathlib.Path(file).read_text())
    pulumi.CustomResource(f"kubernetes:core/v1:{kind}", name, {**properties, "status": None})

registered("many", "many.json")
registered("annotated", "annotated.json")
registered("list", "list.json", "PodList")
"""


class Cluster(ThingProvider):
    """Takes any object of Kubernetes."""

    package = "kubernetes"


def test_a_pod_of_many_containers_a_large_annotation_and_a_long_list_are_judged_to_the_last(project):
    many = mutate(pod(), {"S.containers": [container(f"c{number}") for number in range(CONTAINERS)]})
    many["spec"]["containers"][-1]["securityContext"]["privileged"] = True
    annotated = mutate(pod(), {"metadata.annotations": {"note": "x" * ANNOTATION}, "S.hostPID": True})
    items = [pod() for _ in range(ITEMS)]
    items[-1] = mutate(pod(), {"S.hostNetwork": True})
    p = project(PROGRAM)
    p.providers["kubernetes"] = Cluster
    p.stack_file(json.dumps({"config": CONFIG}))
    for name, properties in {"many": many, "annotated": annotated, "list": {"items": items}}.items():
        (p.folder / f"{name}.json").write_text(json.dumps(properties))

    report = p.preview(packs=[ROOT / "policies" / "security"])

    assert report.errors() == []
    found = {(v.urn.rpartition("::")[2], v.policy) for v in report.verdicts() if v.level == "mandatory"}
    assert found == {
        ("many", "pod-privileged"),
        ("annotated", "pod-host-namespaces"),
        ("list", "pod-host-namespaces"),
    }
