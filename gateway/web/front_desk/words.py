"""Words of the front desk: how a patient is written in a line, so that two of one name are not taken for each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext

from gateway.web.look import in_own_language, live_filter, now
from gateway.web.patient.registering import DOCUMENTS
from gateway.web.words import Day, hospital_date
from shared.clock import hospital_day


def spaced_mrn(mrn: str) -> str:
    """100000015 -> 100 000 015, as it is read aloud; typed with the spaces it is found just as well."""
    return " ".join(mrn[start : start + 3] for start in range(0, len(mrn), 3))


def spaced_code(code: str) -> str:
    """ABCD2345 -> ABCD 2345."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def sex_word(sex: str | None) -> str:
    """One word for the sex as the records have it."""
    known: dict[str, str] = {"male": gettext("男"), "female": gettext("女"), "other": gettext("其他")}
    return known.get(sex or "") or str(gettext("没写性别"))


def age_word(birth_on: Day | None) -> str:
    """Completed years today, or that nobody wrote a date of birth."""
    if not birth_on:
        return str(gettext("没写生日"))
    years = age_number(birth_on)
    return str(gettext("%(n)s 岁", n=years) if years else gettext("不满 1 岁"))


def age_number(birth_on: Day) -> int:
    """Completed years today, for lists where a number is enough."""
    born, today = hospital_date(birth_on), hospital_day(now())
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def document_word(code: str | None) -> str:
    """The kind of document by the code that records uses."""
    return str(DOCUMENTS[code or "99"] if code in DOCUMENTS else DOCUMENTS["99"])


FILTERS: Mapping[str, Callable[..., object]] = {
    "mrn": spaced_mrn,
    "spaced_code": spaced_code,
    "sex_word": in_own_language(lambda sex, _lang: sex_word(sex)),
    "age_word": live_filter(age_word),
    "age_number": live_filter(age_number),
    "document_word": in_own_language(lambda code, _lang: document_word(code)),
}
"""What the templates of these pages call them."""
