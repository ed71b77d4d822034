"""kured of a stack file as the library's arguments."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pulumi

from settings.calendar.reboots import frozen
from settings.sections.kured import Kured
from settings.sections.maintenance import DateSpan
from settings.sections.pools import Pool

from ..args.like import like
from ..args.pools import PoolArgs
from ..args.reboots import KuredArgs, NoRebootsArgs, RuleGroupArgs
from ..node_reboots import NodeRebootsArgs


def reboots_args(
    kured: Kured,
    pools: Iterable[Pool] = (),
    not_allowed: Iterable[DateSpan] = (),
    rules: RuleGroupArgs | None = None,
    deployers: Sequence[pulumi.Input[str]] = (),
) -> NodeRebootsArgs:
    """Return how nodes of these pools are rebooted, and on which days they are not."""
    spans = [_span(span, kured) for span in not_allowed]
    return NodeRebootsArgs(kured_args(kured), pool_args(pools), spans, rules, deployers)


def kured_args(kured: Kured) -> KuredArgs:
    """Return when and how kured reboots."""
    url = kured.notify_url.get_secret_value() if kured.notify_url else None
    return replace(like(KuredArgs, kured), notify_url=url)


def pool_args(pools: Iterable[Pool]) -> list[PoolArgs]:
    """Return the pools whose nodes are rebooted."""
    return [like(PoolArgs, pool) for pool in pools]


def _span(span: DateSpan, kured: Kured) -> NoRebootsArgs:
    begin, until = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in frozen(span, kured))
    return NoRebootsArgs(begin, until, f"{span.start} to {span.end}")
