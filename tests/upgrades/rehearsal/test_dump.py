"""What kubectl printed, read: several lists, whatever else is in them, and a message for what is no dump."""

from __future__ import annotations

import json

import pytest

from tests.upgrades.rehearsal.printed import budget, node, pod, printed, replica_set
from upgrades.rehearsal import manifests
from upgrades.rehearsal.drains import Rehearsed
from upgrades.rehearsal.dump import COMMAND, Dump, DumpError
from upgrades.rehearsal.text import as_text

SMALL = [node("n0", "web", "we-1"), pod("shop", "web-0", "n0", "ReplicaSet/web")]


def test_several_texts_with_several_lists_each_are_one_dump_and_nothing_counts_twice():
    lists = printed(SMALL[0]) + "\n" + json.dumps({"kind": "PodList", "items": [SMALL[1]]})
    dump = Dump([("a", lists), ("b", printed(*SMALL, budget("shop", "web", 1)))])
    assert [len(dump.kinds[kind]) for kind in ("Node", "Pod", "PodDisruptionBudget")] == [1, 1, 1]
    assert dump.dropped == 0


def test_what_drains_do_not_depend_on_is_dropped_where_it_is_read():
    secret = {"kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}, "data": {"k": "aHVudGVyMg=="}}
    dump = Dump([("a", printed(*SMALL, secret))])
    assert dump.dropped == 1
    assert "aHVudGVyMg==" not in json.dumps(dump.kinds)


def test_neither_environment_nor_commands_nor_secrets_are_loaded():
    loaded = [manifests.pod(SMALL[1], "r"), manifests.controller(replica_set("shop", "web", 2, "web"), "r")]
    assert "hunter2" not in json.dumps(loaded)
    assert "secret" not in json.dumps(loaded)


def test_pools_come_in_the_order_of_an_upgrade_with_their_nodes():
    nodes = [node("a", "web", "we-1"), node("b", "web", "we-2"), node("c", "system", "we-1", mode="system")]
    pools = Dump([("a", printed(*nodes, SMALL[1]))]).pools("50%", 20)
    assert [(one.name, one.nodes, one.max_surge, one.drain_minutes) for one in pools] == [
        ("system", 1, "50%", 20),
        ("web", 2, "50%", 20),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no Node and no Pod"),
        (printed(SMALL[0]), "no Pod"),
        ('{"kind": "List",\n "items": [}', "cluster.json: line 2 is not JSON"),
        ("[1]", "holds [1] where an object should be"),
        ("null", "holds null where an object should be"),
        ('{"kind": "List", "items": null}', "no Node and no Pod"),
        ('{"kind": "List", "items": [1]}', "holds 1 where an object should be"),
    ],
)
def test_what_is_no_dump_is_told_with_the_command_that_prints_one(text, words):
    with pytest.raises(DumpError) as told:
        Dump([("cluster.json", text)])
    assert words in str(told.value)
    assert COMMAND in str(told.value)


@pytest.mark.parametrize("broken", [{"spec": None}, {"status": {}}, {"status": None}])
def test_a_node_that_is_none_is_told_too(broken):
    dump = Dump([("cluster.json", printed({**SMALL[0], **broken}, SMALL[1]))])
    with pytest.raises(DumpError, match="a node of the dump is not as kubectl prints one"):
        _ = dump.nodes


@pytest.mark.parametrize(
    ("at", "change", "words"),
    [
        (1, {"name": "web\x1b[31m-0"}, 'the name of a Pod is "web\\u001b[31m-0", which no cluster has'),
        (1, {"name": None}, "the name of a Pod is null"),
        (1, {"namespace": None}, "the namespace of a Pod is null"),
        (1, {"namespace": "../../nodes"}, 'the namespace of a Pod is "../../nodes"'),
        (0, {"name": "../../x"}, 'the name of a Node is "../../x"'),
    ],
)
def test_a_name_that_no_cluster_has_is_refused_before_a_path_is_made_of_it(at, change, words):
    items = [{**item} for item in SMALL]
    items[at]["metadata"] = items[at]["metadata"] | change
    with pytest.raises(DumpError) as told:
        Dump([("cluster.json", printed(*items))])
    assert words in str(told.value)


def hook(name, resource, operation="CREATE"):
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": [operation], "resources": [resource]}
    return {"name": name, "rules": [rule], "clientConfig": {"service": {"name": "x", "namespace": "y"}}}


def test_webhooks_that_are_asked_before_an_eviction_are_named_and_no_others():
    hooks = [
        hook("cleaner", "pods/eviction"),
        hook("all", "*/*", "*"),
        hook("makes", "pods"),
        {"name": "none"},
    ]
    item = {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "v"}, "webhooks": hooks}
    empty = {"kind": "MutatingWebhookConfiguration", "metadata": {"name": "m"}}
    dump = Dump([("cluster.json", printed(*SMALL, item, empty))])
    assert dump.not_asked == ("cleaner", "all")
    assert "Not rehearsed: webhook cleaner, which" in as_text(Rehearsed({}, (), dump.not_asked))
    broken = Dump([("cluster.json", printed(*SMALL, {**item, "webhooks": [1]}))])
    with pytest.raises(DumpError, match="a webhook of the dump is not as kubectl prints one"):
        _ = broken.not_asked
