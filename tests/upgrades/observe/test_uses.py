"""What in a cluster a new version may break, and by which removed APIs somebody writes."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes.client import ApiException
from secure_aks_lifecycle.facts.changes import Changes

from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.cluster.deprecated import deprecated
from upgrades.observe.cluster.uses import KNOWN, in_azure, in_cluster

PODS, MAP = "/api/v1/pods", "/api/v1/namespaces/kube-system/configmaps/coredns-custom"
DAEMONS, VOLUMES = "/apis/apps/v1/daemonsets", "/api/v1/persistentvolumes"
SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


class Reader(ApiReader):
    """Lists what it was given."""

    def __init__(self, lists=None, metrics=""):
        self.lists, self._metrics = lists or {}, metrics

    def items(self, path):
        return self.lists.get(path, [])

    def get(self, path) -> Any:
        if path not in self.lists:
            raise ApiException(status=404)
        return self.lists[path]


def pod(**volume):
    return {"spec": {"volumes": [{"name": "v", **volume}]}}


def beta(automanaged, code="200"):
    service = {
        "metadata": {"labels": {"kube-aggregator.kubernetes.io/automanaged": automanaged}},
        "spec": {"group": "storage.k8s.io", "version": "v1beta1"},
    }
    asked = f'apiserver_request_total{{code="{code}",group="storage.k8s.io",resource="x",verb="GET",version="v1beta1"}} 2'
    return {SERVICES: [service]}, asked


DAEMON = {"spec": {"template": {"spec": {"containers": [{"args": ["systemd.unified_cgroup_hierarchy=0"]}]}}}}


@pytest.mark.parametrize(
    ("lists", "metrics", "found"),
    [
        ({}, "", set()),
        ({MAP: {"metadata": {"name": "coredns-custom"}, "data": {"a.server": "x"}}}, "", {"coredns-custom"}),
        ({MAP: {"metadata": {"name": "coredns-custom"}}}, "", set()),
        ({PODS: [pod(gitRepo={})]}, "", {"git-repo-volumes"}),
        ({PODS: [pod(azureFile={})]}, "", {"in-tree-volumes"}),
        ({VOLUMES: [{"spec": {"azureDisk": {}}}, {"spec": {"csi": {}}}]}, "", {"in-tree-volumes"}),
        ({DAEMONS: [DAEMON]}, "", {"cgroup-v1"}),
        (*beta("onstart"), {"beta-apis"}),
        (*beta("onstart", code="404"), set()),
        (*beta("true"), set()),  # a custom resource's
    ],
)
def test_what_the_cluster_uses(lists, metrics, found):
    assert in_cluster(Reader(lists, metrics)) == found


@pytest.mark.parametrize(
    ("proxy", "found"),
    [
        (None, set()),
        ({"mode": "IPTABLES"}, set()),
        ({"mode": "IPVS"}, {"kube-proxy-ipvs"}),
        ({"enabled": False, "mode": "IPVS"}, set()),
    ],
)
def test_what_azure_tells_of_it(proxy, found):
    assert in_azure({"properties": {"networkProfile": {"kubeProxyConfig": proxy}}}) == found


def test_every_use_that_the_data_names_is_looked_for():
    assert {change.uses for change in Changes.load().changes} - {""} <= KNOWN


GAUGE = 'apiserver_requested_deprecated_apis{{group="{0}",removed_release="1.{1}",resource="{2}",subresource="",version="v1"}} 1'
COUNT = 'apiserver_request_total{{code="200",group="{0}",resource="{2}",subresource="",verb="{1}",version="v1"}} {3}'


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ([], True),  # not counted
        ([COUNT.format("apps", "LIST", "things", 4)], False),
        ([COUNT.format("apps", "LIST", "things", 4), COUNT.format("apps", "PATCH", "things", 1)], True),
        ([COUNT.format("apps", "LIST", "things", 4), COUNT.format("apps", "PATCH", "things", 0)], False),
        *(
            ([COUNT.format("apps", "LIST", "things", 4), COUNT.format("apps", verb, "things", 1)], True)
            for verb in ("POST", "PUT", "APPLY", "DELETE", "DELETECOLLECTION")
        ),
        *(([COUNT.format("apps", verb, "things", 4)], False) for verb in ("GET", "WATCH")),
        ([COUNT.format("apps", "LIST", "things", 4), COUNT.format("core", "POST", "things", 1)], False),
    ],
)
def test_who_only_reads_by_a_removed_api_is_told_apart(lines, written):
    metrics = "\n".join([GAUGE.format("apps", 40, "things"), GAUGE.format("", "", "x"), *lines])
    found = [(one.api, one.removed_in, one.written) for one in deprecated(Reader(metrics=metrics))]
    assert found[0] == ("apps/v1 things", "1.40", written)
