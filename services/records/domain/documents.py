"""Identity documents: which are accepted, what their numbers look like, and what a number tells of its holder.

Types 01 to 07 and 99 are the codes of WS 364.3 (CV02.01.101); that table has none for the documents below 50, which
carry codes of our own. The resident number follows GB 11643-1999 (18 characters, ISO 7064 MOD 11-2); numbers of 15
digits survive in old records only and are not accepted any more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from shared.errors import Refused

_RESIDENT_LENGTH = 18
_LONG, _MIDDLING = 15, 7
_MAINLAND = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"
_ISSUED_TO = "(?:[\u4e00-\u9fff]{1,4}第)?"


class DocumentTypeUnknown(Refused):
    """This kind of identity document is not accepted."""


class DocumentNumberInvalid(Refused):
    """The number does not belong to a document of this kind; `reason` says what is wrong with it."""


@dataclass(frozen=True)
class Holder:
    """What a number tells of its holder; None where it tells nothing."""

    birth_on: date | None = None
    sex: str | None = None


@dataclass(frozen=True)
class DocumentType:
    """One kind of document: its code, its names, the form of its number, and what the number tells."""

    code: str
    zh: str
    en: str
    form: re.Pattern[str]
    read: Callable[[str], Holder]


@dataclass(frozen=True)
class Document:
    """A document whose number has passed its rules, in the form in which it is kept and compared."""

    type: str
    number: str
    holder: Holder

    @property
    def system(self) -> str:
        """Where the number is unique: register, licence and resident card of a person carry one resident number."""
        is_resident = self.type in _RESIDENT_NUMBER_TYPES and len(self.number) == _RESIDENT_LENGTH
        return f"document:{'01' if is_resident else self.type}"

    @property
    def identity(self) -> str:
        """What stays the same when it is renewed: a Hong Kong or Macao permit counts its renewals at the end."""
        return self.number[:9] if self.type == "06" else self.number

    @property
    def masked(self) -> str:
        """The number as lists show it."""
        return mask(self.number)


def _tells_nothing(_number: str) -> Holder:
    return Holder()


def _resident(number: str) -> Holder:
    if ric.calc_check_digit(number) != number[-1]:
        raise DocumentNumberInvalid(reason="check_character", member="document_number")
    try:
        birth_on = ric.get_birth_date(number)
    except ValidationError as error:
        raise DocumentNumberInvalid(reason="birth_date", member="document_number") from error
    return Holder(birth_on, "male" if int(number[16]) % 2 else "female")


def _resident_if_long(number: str) -> Holder:
    return _resident(number) if len(number) == _RESIDENT_LENGTH else Holder()


def _type(code: str, zh: str, en: str, form: str, read: Callable[[str], Holder] = _tells_nothing) -> DocumentType:
    return DocumentType(code, zh, en, re.compile(form, re.ASCII), read)


_RESIDENT_FORM = rf"{_MAINLAND}\d{{15}}[\dX]"
_RESIDENT_NUMBER_TYPES = ("01", "02", "05")

TYPES: dict[str, DocumentType] = {
    each.code: each
    for each in (
        _type("01", "居民身份证", "Resident identity card", _RESIDENT_FORM, _resident),
        _type("02", "居民户口簿", "Household register", _RESIDENT_FORM, _resident),
        _type("03", "护照", "Passport", r"(?=.*\d)[A-Z0-9]{5,15}"),
        _type("04", "军官证", "Officer's card", rf"{_ISSUED_TO}\d{{5,9}}号?"),
        _type("05", "驾驶证", "Driving licence", rf"{_RESIDENT_FORM}|\d{{12}}", _resident_if_long),
        _type("06", "港澳居民来往内地通行证", "Mainland travel permit (Hong Kong, Macao)", r"[HM]\d{8}(?:\d{2})?"),
        _type("07", "台湾居民来往大陆通行证", "Mainland travel permit (Taiwan)", r"\d{8}(?:\d{2}[A-Z]?)?"),
        _type(
            "51", "港澳台居民居住证", "Residence permit (Hong Kong, Macao, Taiwan)", r"8[123]0000\d{11}[\dX]", _resident
        ),
        _type(
            "52",
            "外国人永久居留身份证",
            "Foreign permanent resident card",
            r"9\d{16}[\dX]|[A-Z]{3}\d{12}",
            _resident_if_long,
        ),
        _type("53", "出生医学证明", "Birth certificate", r"[A-Z]\d{9}"),
        _type("54", "士兵证、文职人员证", "Soldier's or civilian staff card", rf"{_ISSUED_TO}[A-Z0-9]{{5,12}}号?"),
        _type("99", "其他法定有效证件", "Other legal document", "(?=.*\\d)[A-Z0-9()/\u4e00-\u9fff-]{4,30}"),
    )
}
"""Every accepted kind of document by its code."""


def normal(number: str) -> str:
    """A number as it is kept: half-width, upper-case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def read_document(type_: str, number: str, *, today: date) -> Document:
    """Check a number by the rules of its kind.

    Raises DocumentTypeUnknown, or DocumentNumberInvalid whose `reason` is form, check_character or birth_date.
    """
    kind = TYPES.get(type_)
    if kind is None:
        raise DocumentTypeUnknown(member="document_type")
    kept = normal(number)
    if not kind.form.fullmatch(kept):
        raise DocumentNumberInvalid(reason="form", member="document_number")
    holder = kind.read(kept)
    if holder.birth_on is not None and not date(1880, 1, 1) <= holder.birth_on <= today:
        raise DocumentNumberInvalid(reason="birth_date", member="document_number")
    return Document(type_, kept, holder)


def mask(number: str) -> str:
    """The number with its middle hidden: 320302********0019; of a short one only the last two characters stay."""
    if len(number) >= _LONG:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    if len(number) >= _MIDDLING:
        return f"{number[0]}{'*' * (len(number) - 3)}{number[-2:]}"
    return "*" * max(0, len(number) - 2) + number[-2:]
