"""Of what is refused: the line, why, and what to write instead, word by word."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from settings.fields.quantities import Cpu, Memory
from settings.reading.problem import SettingsError
from settings.reading.source import parse
from settings.sections.features.load_balancer import LoadBalancer


@pytest.mark.parametrize(
    ("text", "line", "why", "remedy"),
    [
        ("config:\n  a:b: 1\n---\nx: 1\n", 3, "a second document begins here, and the engine reads the first alone", "remove the `---` and what follows"),
        ("config:\n  a:b: *x\n", 2, "the alias *x stands for nothing", "define &x above, or write the values out"),
        ("config:\n  a:b: &x\n    c: *x\n", 3, "the alias *x stands for something that it is part of", "write the values out"),
        ("config: [1]\n", 1, "it holds no mapping `config`", "write `config:` and the keys below it"),
        ("config:\n  'a:b:c': 1\n", 2, "'a:b:c' is not a key of the configuration", "write <namespace>:<name>, such as secure-aks:cluster"),
        ("config:\n  secure-aks:x: 1\n  x: 2\n", 3, "'x' is written twice, first on line 2", "remove one of the two"),
    ],
)  # fmt: skip
def test_a_fault_of_the_text(text: str, line: int, why: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text, "Pulumi.x.yaml")
    [found] = raised.value.problems
    assert (found.line, found.why, found.remedy) == (line, why, remedy)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Cpu, "0", '\'0\' is no amount that a namespace can work with; write cores, such as "64"'),
        (Cpu, "32Gi", '\'32Gi\' is not an amount of CPU; write cores in quotes, such as "64" or "500m"'),
        (Cpu, "9999999", '\'9999999\' is no amount that a namespace can work with; write cores, such as "64"'),
        (Memory, "64", '\'64\' is 64 bytes, in which no namespace can work; write 16Mi or more, such as "256Gi"'),
        (Memory, "64 GB", '\'64 GB\' is not an amount of memory; write it in quotes, such as "256Gi"'),
        (LoadBalancer, {"portsPerNode": 1020}, "Azure hands ports out by eights, and 1020 is no multiple of 8; write 1024"),
    ],
)  # fmt: skip
def test_a_value_that_can_not_be(kind: Any, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python(value)
    assert [error["msg"] for error in raised.value.errors()] == [said]
