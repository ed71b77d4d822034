"""What a rule says of itself, for a terminal."""

import json
import textwrap
from difflib import get_close_matches

from secure_aks_security.model import Rule
from secure_aks_security.rules import load_rules, rights
from secure_aks_security.stack import STACK_RULES, StackRule

_WIDTH = 100


class UnknownRuleError(LookupError):
    """There is no rule of that id; the message names the nearest ones."""


def listing() -> str:
    """Return every rule with its level, severity and title."""
    rules: list[Rule | type[StackRule]] = [*load_rules(), *STACK_RULES]
    width = max(len(rule.id) for rule in rules)
    return "".join(f"{rule.id:{width}}  {rule.level:9}  {rule.severity:8}  {rule.title}\n" for rule in rules)


def explain(name: str) -> str:
    """Return what the rule of that id wants, why, and how to mend it. Raises UnknownRuleError."""
    for rule in load_rules():
        if rule.id == name:
            return _rule(rule)
    for stack_rule in STACK_RULES:
        if stack_rule.id == name:
            return (
                _head(stack_rule)
                + _reasons(stack_rule)
                + (f"\n{stack_rule.link}\n" if stack_rule.link else "")
            )
    near = get_close_matches(name, [rule.id for rule in (*load_rules(), *STACK_RULES)])
    raise UnknownRuleError(
        f"there is no rule {name}"
        + (f"; did you mean {', '.join(near)}?" if near else "; name none to see them all")
    )


def _rule(rule: Rule) -> str:
    parts = [
        _head(rule),
        _text("Why", rule.why),
        _text("Remedy", rule.remedy),
        _text("Since", f"Kubernetes {rule.since}" if rule.since else ""),
        _items("Restricted fields", rule.fields),
        _items("Allowed values", rule.allowed),
        _more(rule),
        _text(
            "At admission",
            "yes, as a ValidatingAdmissionPolicy" if rule.area.resources else "no, at preview alone",
        ),
        _text(
            "Platform controllers",
            ", ".join(
                f"the right {name} lifts it" for name, right in rights().items() if rule.id in right.rules
            ),
        ),
        _text("Remediation", "yes" if rule.remediation else ""),
        f"\nCEL, true for what is allowed{f' ({rule.over})' if rule.over else ''}:\n",
        textwrap.indent(rule.expression, "  "),
        f"\n\n{rule.link}\n",
    ]
    return "".join(parts)


def _reasons(rule: type[StackRule]) -> str:
    return _text("Why", rule.why) + _text("Remedy", rule.remedy) + _more(rule)


def _more(rule: Rule | type[StackRule]) -> str:
    parameters = [
        f"{name}: {item.description} Default: {json.dumps(item.default)}"
        for name, item in rule.parameters.items()
    ]
    return _items("Parameters", parameters) + _items("Answers", [str(item) for item in rule.compliance])


def _head(rule: Rule | type[StackRule]) -> str:
    return f"{rule.id}: {rule.title}\n{rule.level}, severity {rule.severity}\n"


def _text(title: str, text: str) -> str:
    if not text:
        return ""
    return (
        "\n"
        + textwrap.fill(
            f"{title}: {text}", _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
        + "\n"
    )


def _items(title: str, items: list[str] | tuple[str, ...]) -> str:
    return f"\n{title}:\n" + "".join(f"  - {item or repr(item)}\n" for item in items) if items else ""
