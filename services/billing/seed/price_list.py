"""The demo's price list put together: 300 items with terms from a day long ago, the same in every installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from services.billing.domain.charging import FeeCategory, PricedItem, PriceTerms
from services.billing.domain.insurance import CatalogueClass
from services.billing.domain.stay_days import DailyCharge
from services.billing.seed import goods, services

FROM = date(2025, 1, 1)
_NAMESPACE = UUID("0b2f6a53-41c7-4b5c-8a0f-329900000001")
_CLASSES = {"A": CatalogueClass.A, "B": CatalogueClass.B, "C": CatalogueClass.C}
_LISTS = {
    FeeCategory.BED: services.BED,
    FeeCategory.CONSULTATION: services.CONSULTATION,
    FeeCategory.LABORATORY: services.LABORATORY,
    FeeCategory.TREATMENT: services.TREATMENT,
    FeeCategory.SURGERY: services.SURGERY,
    FeeCategory.NURSING: services.NURSING,
    FeeCategory.CONSUMABLES: goods.CONSUMABLES,
    FeeCategory.WESTERN_MEDICINE: goods.WESTERN_MEDICINE,
    FeeCategory.HERBAL_PIECES: goods.HERBAL_PIECES,
    FeeCategory.PATENT_MEDICINE: goods.PATENT_MEDICINE,
    FeeCategory.OTHER: services.OTHER,
}
_SITES = (
    (services.CT_SITES, "CT平扫", "CT, plain", "180.00|A|"),
    (services.CT_SITES, "CT增强扫描", "CT, with contrast", "320.00|B10|"),
    (services.MRI_SITES, "磁共振平扫", "MRI, plain", "480.00|B10|"),
    (services.MRI_SITES, "磁共振增强扫描", "MRI, with contrast", "760.00|B20|"),
    (services.X_RAY_SITES, "数字化摄影", "X-ray", "60.00|A|"),
    (services.ULTRASOUND_SITES, "彩色超声检查", "Doppler ultrasound", "110.00|A|"),
)


def demo_price_list() -> tuple[list[PricedItem], list[PriceTerms]]:
    """Every item with its terms; codes count within the category, like 03017."""
    items, terms = [], []
    for category, lines in _by_category():
        for number, line in enumerate(lines, 1):
            item = _item(category, number, line)
            items.append(item)
            terms.append(_terms(item.id, line))
    return items, terms


def demo_rates(items: Iterable[PricedItem]) -> dict[tuple[str, DailyCharge], UUID]:
    """What a day costs: a room of three and nursing level 2, in paediatrics and cardiology something of its own."""
    by_name = {item.name_zh: item.id for item in items}
    return {
        ("", DailyCharge.BED): by_name["三人间床位费"],
        ("", DailyCharge.NURSING): by_name["二级护理"],
        ("6号楼-4F-PEDI1", DailyCharge.BED): by_name["儿科病房床位费"],
        ("1号楼-12F-CARD1", DailyCharge.NURSING): by_name["一级护理"],
    }


def _by_category() -> Iterator[tuple[FeeCategory, list[str]]]:
    for category in FeeCategory:
        if category is FeeCategory.EXAMINATION:
            yield category, [*_imaging(), *services.EXAMINATION.strip().splitlines()]
        elif category in _LISTS:
            yield category, _LISTS[category].strip().splitlines()


def _imaging() -> Iterator[str]:
    for sites, zh, en, rest in _SITES:
        for site in sites:
            site_zh, site_en = site.split("|")
            yield f"{site_zh}{zh}|{en}: {site_en}||次/time|{rest}"


def _item(category: FeeCategory, number: int, line: str) -> PricedItem:
    zh, en, spec, unit, *_ = line.split("|")
    code = f"{category.value}{number:03d}"
    unit_zh, unit_en = unit.split("/")
    return PricedItem(
        id=uuid5(_NAMESPACE, code),
        code=code,
        national_code=f"DEMO{category.value}00000000{number:04d}",
        name_zh=zh,
        name_en=en,
        spec=spec,
        unit_zh=unit_zh,
        unit_en=unit_en,
        category=category,
    )


def _terms(item_id: UUID, line: str) -> PriceTerms:
    price, treated, ceiling = line.split("|")[4:]
    return PriceTerms(
        item_id=item_id,
        from_on=FROM,
        price=Decimal(price),
        catalogue_class=_CLASSES[treated[0]],
        self_pay_ratio=Decimal(treated[1:]) / 100 if treated[0] == "B" else Decimal(treated == "C"),
        ceiling=Decimal(ceiling) if ceiling else None,
    )
