"""What the pack knows of a stack with several clusters."""

import json

from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

FIRST = {"name": "a", "kubernetesVersion": "1.35.6", "breakGlass": [{"name": "x", "objectId": "1"}]}
BLUE = {"name": "b", "kubernetesVersion": "1.9.10", "breakGlass": [{"name": "y", "objectId": "2"}]}


def test_the_lowest_version_counts_and_the_groups_of_all():
    stack = {
        "secure-aks:cluster": json.dumps(FIRST),
        "secure-aks:clusters": json.dumps({"blue": {"cluster": BLUE}}),
    }
    both = configure(load_rules(), stack)
    assert both.problems == ()
    assert both.kubernetes_version == "1.9.10"
    assert (both.facts["kubernetesMinor"], both.facts["breakGlassGroups"]) == (9, ["1", "2"])


def test_a_single_cluster_is_as_it_was():
    assert configure(load_rules(), {"secure-aks:cluster": FIRST}).facts["breakGlassGroups"] == ["1"]
    assert configure(load_rules(), {"secure-aks:cluster": FIRST, "secure-aks:clusters": "no"}).problems
