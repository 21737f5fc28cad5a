"""The table of insurance parameters with effective dates. Not official: cities set theirs every year (section 3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class InsuredKind(StrEnum):
    """How a person is insured: 职工在职, 职工退休, 居民, or not at all (自费)."""

    NONE = "none"
    EMPLOYEE = "employee"
    RETIRED = "retired"
    RESIDENT = "resident"

    @property
    def has_account(self) -> bool:
        """Employees have a personal account, working or retired."""
        return self in {InsuredKind.EMPLOYEE, InsuredKind.RETIRED}


class HospitalLevel(StrEnum):
    """一级, 二级, 三级医院: the deductible rises with it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


@dataclass(frozen=True, kw_only=True)
class Band:
    """What is in scope up to this amount of fen (none: without end) is paid by the pool with this ratio."""

    upto_fen: int | None
    ratio: Decimal


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """The supplementary fund: a ratio above a second deductible over the year, up to a ceiling (fen)."""

    deductible_fen: int
    ratio: Decimal
    ceiling_fen: int


@dataclass(frozen=True, kw_only=True)
class KindParameters:
    """What holds for one kind of insured person: deductibles by nth admission (the last one goes on), bands, caps."""

    deductibles_fen: tuple[int, ...]
    bands: tuple[Band, ...]
    pool_ceiling_fen: int
    supplement: Supplement

    def __post_init__(self) -> None:
        """Refuse tables that cannot be computed with: ValueError."""
        bounds = [band.upto_fen for band in self.bands]
        limited = [bound for bound in bounds[:-1] if bound is not None]
        in_order = len(limited) == len(bounds) - 1 and limited == sorted(set(limited)) and bounds[-1] is None
        if not in_order or not self.deductibles_fen or min(self.deductibles_fen) < 0 or self.pool_ceiling_fen < 0:
            raise ValueError("bands rise and the last has no end; deductibles and ceilings are not negative")
        if any(not 0 <= ratio <= 1 for ratio in [*(band.ratio for band in self.bands), self.supplement.ratio]):
            raise ValueError("a ratio lies between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class InsuranceParameters:
    """One table for one level of hospital, valid from a hospital day to another (inclusive; none: until changed)."""

    name: str
    level: HospitalLevel
    valid_from: date
    valid_to: date | None
    kinds: dict[InsuredKind, KindParameters]
    official: bool = False

    def deductible(self, kind: InsuredKind, admissions_before: int) -> int:
        """起付线 in fen of the next admission; the last one named holds for all later ones."""
        named = self.kinds[kind].deductibles_fen
        return named[min(admissions_before, len(named) - 1)]

    def bands(self, kind: InsuredKind) -> tuple[Band, ...]:
        """The bands of the pool's ratio."""
        return self.kinds[kind].bands

    def pool_ceiling(self, kind: InsuredKind) -> int:
        """封顶线: the most that the pool pays in a year, in fen."""
        return self.kinds[kind].pool_ceiling_fen

    def supplement(self, kind: InsuredKind) -> Supplement:
        """职工大额 or 居民大病."""
        return self.kinds[kind].supplement


def parameters_on(
    tables: Iterable[InsuranceParameters], day: date, level: HospitalLevel = HospitalLevel.TERTIARY
) -> InsuranceParameters | None:
    """The table in force on a hospital day; of two, the one that began later. None where there is none."""
    fitting = [
        table
        for table in tables
        if table.level is level and table.valid_from <= day and (table.valid_to is None or day <= table.valid_to)
    ]
    return max(fitting, key=lambda table: table.valid_from, default=None)


def _bands(*steps: tuple[int | None, str]) -> tuple[Band, ...]:
    return tuple(Band(upto_fen=upto, ratio=Decimal(ratio)) for upto, ratio in steps)


def _kinds(scale: int, employee: str, retired: str, resident: str) -> dict[InsuredKind, KindParameters]:
    """A table for demonstrations: deductibles of 3, 2 or 1 parts of 300 yuan, falling with each admission."""
    first = scale * 300_00
    large = Supplement(deductible_fen=20_000_00, ratio=Decimal("0.90"), ceiling_fen=300_000_00)
    serious = Supplement(deductible_fen=15_000_00, ratio=Decimal("0.60"), ceiling_fen=400_000_00)
    employees = (first, first * 2 // 3, first // 3)
    return {
        InsuredKind.EMPLOYEE: KindParameters(
            deductibles_fen=employees,
            bands=_bands((50_000_00, employee), (None, str(Decimal(employee) + Decimal("0.04")))),
            pool_ceiling_fen=200_000_00,
            supplement=large,
        ),
        InsuredKind.RETIRED: KindParameters(
            deductibles_fen=employees,
            bands=_bands((50_000_00, retired), (None, str(Decimal(retired) + Decimal("0.03")))),
            pool_ceiling_fen=200_000_00,
            supplement=large,
        ),
        InsuredKind.RESIDENT: KindParameters(
            deductibles_fen=(first, first // 2),
            bands=_bands((20_000_00, resident), (None, str(Decimal(resident) + Decimal("0.05")))),
            pool_ceiling_fen=150_000_00,
            supplement=serious,
        ),
    }


def _demo(year: int, level: HospitalLevel, scale: int, *ratios: str) -> InsuranceParameters:
    return InsuranceParameters(
        name=f"demo-{year}-{level.value}",
        level=level,
        valid_from=date(year, 1, 1),
        valid_to=None,
        kinds=_kinds(scale, *ratios),
    )


DEMO_PARAMETERS = (
    _demo(2025, HospitalLevel.PRIMARY, 1, "0.92", "0.94", "0.82"),
    _demo(2025, HospitalLevel.SECONDARY, 2, "0.89", "0.92", "0.74"),
    _demo(2025, HospitalLevel.TERTIARY, 3, "0.86", "0.90", "0.65"),
    _demo(2026, HospitalLevel.PRIMARY, 1, "0.93", "0.95", "0.85"),
    _demo(2026, HospitalLevel.SECONDARY, 2, "0.90", "0.93", "0.76"),
    _demo(2026, HospitalLevel.TERTIARY, 3, "0.88", "0.92", "0.68"),
)
"""Parameters of the demo hospital's made-up city. Not official; each holds until the next begins."""
