"""Of a patch's many containers those that are alike to a rule are asked about once; none hides among them."""

import copy

from secure_aks_security.judging.resources import Resource

from tests.security.build import pod
from tests.security.helpers import judge_of


def test_one_privileged_container_among_many_is_found_wherever_it_stands():
    item = pod()
    [one] = item["spec"]["containers"]
    for place in (0, 1, 9):
        containers = [{**copy.deepcopy(one), "name": f"app-{number}"} for number in range(10)]
        containers[place]["securityContext"]["privileged"] = True
        item["spec"]["containers"] = containers
        found = judge_of().judge(Resource("kubernetes:core/v1:PodPatch", "urn", "it", item))
        [words] = [finding.message for finding in found if finding.rule.id == "pod-privileged"]
        assert f'container "app-{place}" sets securityContext.privileged to true' in words
