"""The shipped data files, their schema, and what happens with broken ones."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml
from secure_aks_lifecycle.facts import apis, catalog, catalog_file, changes
from secure_aks_lifecycle.facts.apis import OldApis
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.facts.changes import Changes
from secure_aks_lifecycle.facts.schema import CatalogData, ChangesData, OldApisData, problems

if TYPE_CHECKING:
    from pathlib import Path

CATALOG = yaml.load(catalog.SHIPPED.read_text(encoding="utf-8"), yaml.CSafeLoader)
APIS = yaml.load(apis.SHIPPED.read_text(encoding="utf-8"), yaml.CSafeLoader)
CHANGES = yaml.load(changes.SHIPPED.read_text(encoding="utf-8"), yaml.CSafeLoader)


def test_the_shipped_files_fit_their_schema() -> None:
    assert problems(CatalogData, CATALOG) == []
    assert problems(OldApisData, APIS) == []
    assert problems(ChangesData, CHANGES) == []


def test_ubuntu_and_its_container_runtime_change_with_the_same_step() -> None:
    one = Changes.load()
    names = [item.name for item in one.of_pool((1, 34), (1, 35), "ubuntu")]
    assert names[:2] == ["ubuntu-24-04", "containerd-2"]
    assert not {"ubuntu-24-04", "containerd-2"} & {
        item.name for item in one.of_pool((1, 34), (1, 35), "Ubuntu2404")
    }
    assert one.of_pool((1, 35), (1, 35), "Ubuntu") == []
    assert [item.name for item in one.of_control_plane((1, 29), (1, 30))] == ["beta-apis-off"]
    assert one.surge_fallback == (1, 35)
    assert [item.name for item in one.of_pool((1, 31), (1, 34), "AzureLinux")] == ["azure-linux-3"]
    assert "azure-linux-3" not in {item.name for item in one.of_pool((1, 31), (1, 34), "AzureLinux3")}
    said = {item.name: item.what for item in one.of_pool((1, 34), (1, 35), "Ubuntu")}
    assert said["ubuntu-24-04"].endswith("from Ubuntu 22.04 to 24.04")
    assert said["containerd-2"].endswith("from containerd 1.7 to 2")


@pytest.mark.parametrize(
    ("sku", "os", "minors", "ends"),
    [
        ("Ubuntu", "Ubuntu 22.04", ((1, 25), (1, 34)), date(2027, 6, 30)),
        ("Ubuntu", "Ubuntu 24.04", ((1, 35), None), None),
        ("Ubuntu2204", "Ubuntu 22.04", ((1, 25), (1, 36)), date(2027, 6, 30)),
        ("AzureLinux", "Azure Linux 2.0", (None, (1, 31)), date(2025, 11, 30)),
        ("AzureLinux3", "Azure Linux 3.0", ((1, 28), (1, 36)), None),
        ("Windows2022", "Windows Server 2022", ((1, 23), (1, 36)), date(2028, 6, 30)),
    ],
)
def test_an_image_ends_when_its_publisher_says(
    sku: str, os: str, minors: tuple[object, object], ends: date | None
) -> None:
    [image] = [one for one in Catalog.load().images(sku) if one.os == os]
    assert (image.first_minor, image.last_minor) == minors
    assert image.end_of_life == ends


@pytest.mark.parametrize("patch", ["1.36.3", "1.35.7", "1.34.10"])
def test_the_patches_of_the_last_release_notes_are_there(patch: str) -> None:
    major, minor, _ = map(int, patch.split("."))
    newest = Catalog.load().newest_patch((major, minor), date(2026, 9, 4))
    assert newest
    assert str(newest.version) == patch


def test_a_name_of_a_change_stands_once() -> None:
    twice = {**CHANGES, "changes": [CHANGES["changes"][0]] * 2}
    assert any("one name" in problem for problem in problems(ChangesData, twice))


def test_the_catalog_is_written_as_it_is_laid_out() -> None:
    assert catalog_file.render(CATALOG) == catalog.SHIPPED.read_text(encoding="utf-8")


def test_the_catalog_says_where_it_comes_from_and_when() -> None:
    loaded = Catalog.load()
    assert loaded.source
    assert loaded.date == date(2026, 9, 4)
    assert loaded.age_days(date(2026, 11, 23)) == 80


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("minors", 1, "endOfLife"), "2026-13", "neither a day"),
        (("minors", 1, "endOfLife"), "2025-01", "ends before it begins"),
        (("minors", 1, "ltsUntil"), "2026-12", "long-term support ends before"),
        (("minors", 1, "minor"), "1.36.2", "not a minor version"),
        (("minors", 1, "patches"), [{"version": "1.35.6", "since": date(2026, 9, 4)}], "no patch of it"),
        (("minors", 1, "patches"), [{"version": "1.36", "since": date(2026, 9, 4)}], "names no patch"),
        (("minors", 1, "patches"), [{"version": "1.36.2"}], "since: Field required"),
        (("minors", 1, "colour"), "red", "Extra inputs"),
        (("minors", 0, "minor"), "1.42", "have a gap"),
        (("minors",), [], "at least 1 item"),
        (("osImages", 0, "instead"), None, "names nothing to use instead"),
        (("osImages", 0, "osType"), "BSD", "'Linux' or 'Windows'"),
        (("schema",), 2, "Input should be 1"),
        (("date",), "yesterday", "valid date"),
    ],
)
def test_a_wrong_catalog_is_told_what_is_wrong(path: tuple, value: object, words: str) -> None:
    assert any(words in problem for problem in problems(CatalogData, changed(CATALOG, path, value)))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("apis", 0, "removed"), "1.5", "removed before it was deprecated"),
        (("apis", 0, "instead"), [], "names nothing to use instead"),
        (("apis", 0, "api"), "apps/one", "should match pattern"),
        (("apis", 0, "kinds"), [], "at least 1 item"),
        (("newestMinor",), "1", "not a minor version"),
    ],
)
def test_a_wrong_api_file_is_told_what_is_wrong(path: tuple, value: object, words: str) -> None:
    assert any(words in problem for problem in problems(OldApisData, changed(APIS, path, value)))


@pytest.mark.parametrize(
    "text", ["", "[]", "minors: 3", "{", "source: x\ndate: never\nminors: []\nosImages: []"]
)
def test_a_broken_file_is_named_and_never_a_traceback(tmp_path: Path, text: str) -> None:
    file = tmp_path / "catalog.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"catalog\.yaml: has not the shape"):
        Catalog.load(file)
    with pytest.raises(ValueError, match=r"catalog\.yaml: has not the shape"):
        OldApis.load(file)
    with pytest.raises(ValueError, match=r"catalog\.yaml: has not the shape"):
        Changes.load(file)
    with pytest.raises(ValueError, match=r"missing\.yaml: cannot be read: No such file"):
        Catalog.load(tmp_path / "missing.yaml")


def test_every_removed_beta_api_of_the_kubernetes_guide_is_there() -> None:
    old = OldApis.load()
    # The Kubernetes deprecated API migration guide, its sections v1.16 to v1.32, as (API, kind, removed in).
    guide = [
        *[
            ("extensions/v1beta1", kind, 16)
            for kind in ("NetworkPolicy", "DaemonSet", "Deployment", "ReplicaSet")
        ],
        *[("apps/v1beta2", kind, 16) for kind in ("DaemonSet", "Deployment", "StatefulSet", "ReplicaSet")],
        *[("apps/v1beta1", kind, 16) for kind in ("Deployment", "StatefulSet", "ReplicaSet")],
        ("extensions/v1beta1", "PodSecurityPolicy", 16),
        ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 22),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 22),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22),
        ("apiregistration.k8s.io/v1beta1", "APIService", 22),
        ("authentication.k8s.io/v1beta1", "TokenReview", 22),
        *[("authorization.k8s.io/v1beta1", f"{who}SubjectAccessReview", 22) for who in ("", "Local", "Self")],
        ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22),
        ("coordination.k8s.io/v1beta1", "Lease", 22),
        ("extensions/v1beta1", "Ingress", 22),
        *[("networking.k8s.io/v1beta1", kind, 22) for kind in ("Ingress", "IngressClass")],
        *[
            ("rbac.authorization.k8s.io/v1beta1", kind, 22)
            for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
        ],
        ("scheduling.k8s.io/v1beta1", "PriorityClass", 22),
        *[
            ("storage.k8s.io/v1beta1", kind, 22)
            for kind in ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment")
        ],
        ("batch/v1beta1", "CronJob", 25),
        ("discovery.k8s.io/v1beta1", "EndpointSlice", 25),
        ("events.k8s.io/v1beta1", "Event", 25),
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 25),
        ("policy/v1beta1", "PodDisruptionBudget", 25),
        ("policy/v1beta1", "PodSecurityPolicy", 25),
        ("node.k8s.io/v1beta1", "RuntimeClass", 25),
        *[
            ("flowcontrol.apiserver.k8s.io/v1beta1", kind, 26)
            for kind in ("FlowSchema", "PriorityLevelConfiguration")
        ],
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27),
        *[
            ("flowcontrol.apiserver.k8s.io/v1beta2", kind, 29)
            for kind in ("FlowSchema", "PriorityLevelConfiguration")
        ],
        *[
            ("flowcontrol.apiserver.k8s.io/v1beta3", kind, 32)
            for kind in ("FlowSchema", "PriorityLevelConfiguration")
        ],
    ]
    for api, kind, removed in guide:
        entry = old.find(api, kind)
        assert entry is not None, f"{api} {kind}"
        assert entry.removed == (1, removed), f"{api} {kind}"


def test_alpha_apis_that_left_are_there_too() -> None:
    old = OldApis.load()
    # The changelogs of 1.32 (the first form of dynamic resource allocation) and of 1.36 (workload-aware scheduling).
    for api, kind, removed in (
        ("resource.k8s.io/v1alpha3", "PodSchedulingContext", 32),
        ("scheduling.k8s.io/v1alpha1", "Workload", 36),
        ("scheduling.k8s.io/v1alpha2", "Workload", 37),
    ):
        entry = old.find(api, kind)
        assert entry is not None, f"{api} {kind}"
        assert entry.removed == (1, removed), f"{api} {kind}"


def test_no_successor_is_gone_where_it_is_offered() -> None:
    old = OldApis.load()
    for entry in old.apis:
        for api, since in entry.instead:
            for kind in entry.kinds:
                successor = old.find(api, kind)
                gone = successor.removed if successor else None
                assert gone is None or gone > since, f"{entry.api} -> {api}"


def changed(data: dict, path: tuple, value: object) -> dict:
    new = copy.deepcopy(data)
    place = new
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return new
