"""The exact shape of the data files. The pack itself reads them without it, since it has to start fast.

The tests hold the shipped files against it, and `refresh` checks with it what it is about to write.
"""

from __future__ import annotations

import re
from datetime import date  # pydantic reads the annotations
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from secure_aks_lifecycle.versions.support import first_day, last_day
from secure_aks_lifecycle.versions.version import Version, parse_minor


def _month_or_day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        raise ValueError("is neither a day (2026-07-17) nor a month (2026-07)")
    return value


def _minor(value: str) -> str:
    parse_minor(value)
    return value


def _full(value: str) -> str:
    Version.parse(value)
    return value


MonthOrDay = Annotated[date | str, BeforeValidator(_month_or_day)]
MinorText = Annotated[str, AfterValidator(_minor)]
FullText = Annotated[str, AfterValidator(_full)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, strict=True)


class PatchData(_Data):
    """A patch and the day it was announced."""

    version: FullText
    since: date


class MinorData(_Data):
    """A minor: a month means its first day for `ga` and its last day for the two ends."""

    minor: MinorText
    ga: MonthOrDay
    end_of_life: MonthOrDay
    lts_until: MonthOrDay | None = None
    preview: bool = False
    patches: list[PatchData] = Field(default_factory=list[PatchData])

    @model_validator(mode="after")
    def _consistent(self) -> MinorData:
        if first_day(self.ga) >= last_day(self.end_of_life):
            raise ValueError(f"{self.minor}: ends before it begins")
        if self.lts_until and last_day(self.lts_until) < last_day(self.end_of_life):
            raise ValueError(f"{self.minor}: its long-term support ends before its support")
        strangers = [
            p.version for p in self.patches if Version.parse(p.version).minor != parse_minor(self.minor)
        ]
        if strangers:
            raise ValueError(f"{self.minor}: {', '.join(strangers)} is no patch of it")
        if len({patch.version for patch in self.patches}) != len(self.patches):
            raise ValueError(f"{self.minor}: a patch is listed twice")
        return self


class OsImageData(_Data):
    """An OS version behind an OS SKU for a range of minors, both ends included."""

    sku: str
    os_type: Literal["Linux", "Windows"]
    os: str
    first_minor: MinorText | None = None
    last_minor: MinorText | None = None
    end_of_life: date | None = None
    instead: str | None = None

    @model_validator(mode="after")
    def _has_a_way_out(self) -> OsImageData:
        if (self.end_of_life or self.last_minor) and not self.instead:
            raise ValueError(f"{self.sku}: ends, and names nothing to use instead")
        return self


class CatalogData(_Data):
    """The version catalog."""

    schema_: Literal[1] = Field(alias="schema")
    source: str
    date: date
    minors: list[MinorData] = Field(min_length=1)
    os_images: list[OsImageData] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_gaps(self) -> CatalogData:
        minors = sorted(parse_minor(item.minor) for item in self.minors)
        expected = [(minors[0][0], minors[0][1] + index) for index in range(len(minors))]
        if minors != expected:
            raise ValueError("the minors have a gap, or one stands twice")
        return self


class SuccessorData(_Data):
    """An API version to use instead, and the minor from which it is served."""

    api: str
    since: MinorText


class OldApiData(_Data):
    """An API version of some kinds that is deprecated, and perhaps removed."""

    api: Annotated[str, Field(pattern=r"^([a-z0-9.]+/)?v\d+((alpha|beta)\d+)?$")]
    kinds: list[str] = Field(min_length=1)
    deprecated: MinorText
    removed: MinorText | None = None
    instead: list[SuccessorData] = Field(default_factory=list[SuccessorData])
    note: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> OldApiData:
        if self.removed and parse_minor(self.removed) <= parse_minor(self.deprecated):
            raise ValueError(f"{self.api}: removed before it was deprecated")
        if not self.instead and not self.note:
            raise ValueError(f"{self.api}: names nothing to use instead")
        return self


class OldApisData(_Data):
    """The data file of deprecated and removed API versions."""

    schema_: Literal[1] = Field(alias="schema")
    source: str
    date: date
    newest_minor: MinorText
    apis: list[OldApiData] = Field(min_length=1)


class WhenData(_Data):
    """What has to be in use for a change to matter."""

    os_skus: list[str] = Field(default_factory=list[str])
    uses: str | None = None


class ChangeData(_Data):
    """A change that comes with a minor."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    minor: MinorText
    of: Literal["control plane", "pool"]
    when: WhenData = WhenData()
    what: str
    breaks: str | None = None
    instead: str


class FallbackData(_Data):
    """The first minor from which AKS goes on with a smaller surge."""

    first_minor: MinorText
    why: str


class RetiredData(_Data):
    """Something that nobody mends after a day, and when that was read where."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    what: str
    ends: date
    after: str
    instead: str
    source: Annotated[str, Field(pattern=r"^https://")]
    date: date


class ChangesData(_Data):
    """The data file of what else changes with a minor."""

    schema_: Literal[1] = Field(alias="schema")
    source: str
    date: date
    surge_fallback: FallbackData
    changes: list[ChangeData] = Field(min_length=1)
    retired: list[RetiredData]

    @model_validator(mode="after")
    def _named_once(self) -> ChangesData:
        names = [one.name for one in (*self.changes, *self.retired)]
        if len(set(names)) != len(names):
            raise ValueError("two changes have one name")
        return self


def problems(model: type[BaseModel], data: Any) -> list[str]:
    """List what is wrong with plain data for a model, each with its path; none when it fits."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in item['loc']) or 'file'}: {item['msg']}"
            for item in error.errors()
        ]
    return []
