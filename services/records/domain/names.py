"""Names and phone numbers of persons as they are written down and looked for."""

from __future__ import annotations

import re
import unicodedata

from shared.errors import Refused

MIDDLE_DOT = "·"
_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u22c5\u0387]")
_PUNCTUATION = frozenset(f"{MIDDLE_DOT} -'’.,")
_SHORTEST, _LONGEST = 2, 60
_MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FOREIGN_PHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


class NameInvalid(Refused):
    """This is not a person's name as it stands in a document."""


class PhoneInvalid(Refused):
    """This is not a phone number."""


def person_name(text: str) -> str:
    """A real name: letters of any script, with the middle dot of minority names always written as U+00B7.

    Raises NameInvalid for digits and signs, for fewer than 2 or more than 60 characters.
    """
    name = " ".join(_DOTS.sub(MIDDLE_DOT, unicodedata.normalize("NFKC", text)).split())
    if not _SHORTEST <= len(name) <= _LONGEST or not name[0].isalpha() or name[-1] in f"{MIDDLE_DOT} -'’,":
        raise NameInvalid(member="name")
    if not all(_is_letter(each) or each in _PUNCTUATION for each in name):
        raise NameInvalid(member="name")
    return name


def _is_letter(character: str) -> bool:
    """A letter, or a mark that belongs to one."""
    return unicodedata.category(character)[0] in "LM"


def name_key(name: str) -> str:
    """The form in which names are compared and searched: letters only, without case."""
    return "".join(
        each for each in unicodedata.normalize("NFKC", name).casefold() if _is_letter(each) or each.isdigit()
    )


def search_key(name: str) -> str:
    """The form in which a name is kept for searching: its words may be asked for in another order of first and last."""
    words = [name_key(each) for each in name.split()]
    return "".join([*words, *words[:-1]])


def phone_number(text: str) -> str:
    """A mainland mobile number as 11 digits, or a foreign one with + and country code. Raises PhoneInvalid."""
    phone = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    phone = phone.removeprefix("+86").removeprefix("0086") if phone.startswith(("+86", "0086")) else phone
    if not (_MAINLAND_MOBILE.fullmatch(phone) or (_FOREIGN_PHONE.fullmatch(phone) and not phone.startswith("+86"))):
        raise PhoneInvalid(member="phone")
    return phone


def mask_name(name: str | None) -> str | None:
    """王建国 -> 王*国, 李英 -> 李*, John Smith -> J*** S***: enough to compare at a bed, not to know a stranger by."""
    if not name:
        return None
    if " " in name or name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    return f"{name[0]}*" if len(name) <= _SHORTEST else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def mask_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
