"""The pack's judge, configured as every case expects."""

from dataclasses import replace
from datetime import date
from typing import Any

from secure_aks_security.configuration import configure
from secure_aks_security.judge import Judge, Record
from secure_aks_security.rules import load_rules

from tests.security.build import CONFIG

TODAY = date(2026, 11, 23)


def judge_of(facts: dict[str, Any] | None = None) -> Judge:
    """A judge with the configuration of every case, and other facts where a case has them."""
    rules = load_rules()
    configuration = configure(rules, CONFIG)
    assert configuration.problems == ()
    configuration = replace(configuration, facts=configuration.facts | (facts or {}))
    return Judge(rules, configuration, TODAY, Record())
