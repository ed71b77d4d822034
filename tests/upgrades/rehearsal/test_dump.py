"""What kubectl printed, read: several lists, whatever else is in them, and a message for what is no dump."""

from __future__ import annotations

import json

import pytest

from tests.upgrades.rehearsal.printed import budget, node, pod, printed, replica_set
from upgrades.rehearsal import manifests
from upgrades.rehearsal.dump import COMMAND, Dump, DumpError

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
