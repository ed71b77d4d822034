"""The ranges of a cluster's pods and Services, as patterns of the addresses in them."""

import re
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure
from secure_aks_security.stack_file.facts import ranges

from settings.sections.cluster import Cluster


def patterns(**stack):
    said = {f"secure-aks:{name}": value for name, value in stack.items()}
    return configure(load_rules(), said).facts["clusterRanges"]


def inside(address, found):
    return any(re.search(pattern, str(address)) for pattern in found)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
@example(0x0AF40000, 16, 0x0AF5FFFF)
@example(0x0AF40000, 17, 0x0AF48000)
@example(0x01020304, 32, 0x01020305)
def test_a_pattern_has_the_addresses_of_its_range(network, prefix, other):
    cidr = IPv4Network((network, prefix), strict=False)
    found = patterns(cluster={"existing": {"podCidr": str(cidr)}})
    assert inside(cidr.network_address, found)
    assert inside(cidr.broadcast_address, found)
    assert inside(IPv4Address(other), found) == (IPv4Address(other) in cidr)


def test_what_a_stack_does_not_say_is_as_its_settings_have_it():
    fields = Cluster.model_fields
    assert ranges({}) == [str(fields[name].default) for name in ("pod_cidr", "service_cidr")]
    assert inside("10.244.1.2", patterns())
    assert inside("10.0.0.10", patterns())
    assert not inside("10.1.2.3", patterns(cluster={}))


def test_of_a_cluster_that_exists_nobody_knows_what_is_not_said():
    assert patterns(cluster={"existing": {"id": "x"}}) == []
    found = patterns(cluster={"existing": {"id": "x", "serviceCidr": "10.9.0.0/16"}})
    assert inside("10.9.0.1", found)
    assert not inside("10.244.1.2", found)


def test_those_of_every_cluster_of_a_stack_count():
    found = patterns(
        cluster={"podCidr": "10.10.0.0/16"}, clusters={"b": {"cluster": {"podCidr": "10.11.0.0/16"}}}
    )
    assert inside("10.10.0.1", found)
    assert inside("10.11.0.1", found)
    assert not inside("10.12.0.1", found)


@pytest.mark.parametrize("wrong", ["x", "10.0.0.0/99", "fd00::/8", 7])
def test_what_is_no_range_has_no_address(wrong):
    assert not inside("10.0.0.1", patterns(cluster={"existing": {"podCidr": wrong}}))
