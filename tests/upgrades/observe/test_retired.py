"""What a cluster runs that is retired: by IngressClasses, by images, by what Azure says of the add-on."""

from __future__ import annotations

import pytest
from secure_aks_lifecycle.facts.changes import Changes

from upgrades.observe.cluster.retired import CLASSES, COMMUNITY, KNOWN, MANAGED, retired, retired_in_azure


class Lists:
    def __init__(self, lists):
        self.lists = lists

    def items(self, path):
        return self.lists.get(path, [])


def ingress_class(controller):
    return {CLASSES: [{"metadata": {"name": "nginx"}, "spec": {"controller": controller}}]}


def runs(image, namespace="edge", plural="deployments"):
    pod = {"containers": [{"image": "contoso/side:1"}, {"image": image}]}
    item = {"metadata": {"name": "x", "namespace": namespace}, "spec": {"template": {"spec": pod}}}
    return {f"/apis/apps/v1/{plural}": [item]}


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ({}, set()),
        (ingress_class("k8s.io/ingress-nginx"), {COMMUNITY}),
        (ingress_class("k8s.io/ingress-nginx/internal"), {COMMUNITY}),
        (ingress_class("webapprouting.kubernetes.azure.com/nginx"), {MANAGED}),
        (ingress_class("webapprouting.kubernetes.azure.com/nginx/internal"), {MANAGED}),
        (ingress_class("approuting.kubernetes.azure.com/internal"), {MANAGED}),
        *(
            (ingress_class(other), set())
            for other in ("nginx.org/ingress-controller", "azure/application-gateway", "k8s.io/ingress-nginxes")
        ),
        ({CLASSES: [{"metadata": {"name": "bare"}}]}, set()),
        (runs("registry.k8s.io/ingress-nginx/controller:v1.14.0@sha256:0"), {COMMUNITY}),
        (runs("contoso.azurecr.io/mirror/ingress-nginx/controller-chroot:v1", plural="daemonsets"), {COMMUNITY}),
        (runs("bitnami/nginx-ingress-controller"), {COMMUNITY}),
        (runs("mcr.microsoft.com/oss/kubernetes/ingress/nginx-ingress-controller:v1", "app-routing-system"), {MANAGED}),
        *(
            (runs(other), set())
            for other in ("nginx/nginx-ingress:5", "contoso/controller:1", "contoso/ingress-nginx/controllers:1", None)
        ),
    ],
)  # fmt: skip
def test_what_the_cluster_runs(lists, found):
    assert retired(Lists(lists)) == found


@pytest.mark.parametrize(
    ("routing", "found"),
    [
        (None, set()),
        ({"enabled": False}, set()),
        ({"enabled": True}, {MANAGED}),
        ({"enabled": True, "nginx": {"defaultIngressControllerType": "Internal"}}, {MANAGED}),
        ({"enabled": True, "nginx": {"defaultIngressControllerType": "None"}}, set()),
    ],
)
def test_what_azure_tells_of_it(routing, found):
    assert retired_in_azure({"properties": {"ingressProfile": {"webAppRouting": routing}}}) == found


def test_all_that_is_retired_is_looked_for():
    assert {one.name for one in Changes.load().retired} == KNOWN
