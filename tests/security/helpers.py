"""The pack's judge, configured as every case expects."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck
from secure_aks_security.configuration import configure
from secure_aks_security.judge import Judge, Record
from secure_aks_security.rules import load_rules

from tests.security.build import CONFIG

TODAY = date(2026, 11, 23)
ANY_HEALTH = (
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
)
"""A busy machine is no reason for a property test to fail."""


def judge_of(facts: dict[str, Any] | None = None) -> Judge:
    """A judge with the configuration of every case, and other facts where a case has them."""
    rules = load_rules()
    configuration = configure(rules, CONFIG)
    assert configuration.problems == ()
    configuration = replace(configuration, facts=configuration.facts | (facts or {}))
    return Judge(rules, configuration, TODAY, Record())
