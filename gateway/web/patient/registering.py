"""The form of real-name registration: which fields a document asks for, what can be seen to be wrong, and where.

The rules are records'; here is only what spares a person a second try, and which sentence stands under which field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from gateway.identity.domain import Relation
from gateway.web.patient.asking import Refusal

NO_DOCUMENT = "none"
RESIDENT_DIGITS = 18
_RESIDENT = ("01", "02", "51")

DOCUMENTS: Mapping[str, Any] = {
    "01": lazy_gettext("身份证"),
    "02": lazy_gettext("户口簿"),
    "53": lazy_gettext("出生证明"),
    "03": lazy_gettext("护照"),
    "06": lazy_gettext("港澳通行证"),
    "07": lazy_gettext("台湾通行证"),
    "51": lazy_gettext("港澳台居住证"),
    "52": lazy_gettext("外国人永居证"),
    "04": lazy_gettext("军官证"),
    "54": lazy_gettext("士兵证、文职证"),
    "05": lazy_gettext("驾驶证"),
    "99": lazy_gettext("其他证件"),
    NO_DOCUMENT: lazy_gettext("还没有证件"),
}
"""Kinds of document by the codes that records uses, in people's words."""

_GROWN_UP = ("01", "03", "06", "07", "51", "52", "04", "54", "05", "99")
_CHILD = ("01", "02", "53", NO_DOCUMENT, "03", "06", "07", "51", "52", "99")
FIELDS = (
    *("name", "document_number", "sex", "birth_year", "birth_month", "birth_day", "phone"),
    *("guardian_name", "guardian_document_type", "guardian_document_number", "guardian_phone"),
)
_SENTENCES = {
    "name_invalid": lazy_gettext("名字要和证件上的一样，不写数字和符号。"),
    "document_type_unknown": lazy_gettext("医院不收这种证件，换一种。"),
    "document_needed": lazy_gettext("满 14 岁要用本人的证件登记。"),
    "birth_date_needed": lazy_gettext("请填出生日期。"),
    "birth_date_mismatch": lazy_gettext("和证件号码里的生日不一样。"),
    "birth_date_in_future": lazy_gettext("这一天还没有到。"),
    "sex_needed": lazy_gettext("请选性别。"),
    "sex_mismatch": lazy_gettext("和证件号码里的不一样。"),
    "guardian_too_young": lazy_gettext("监护人要满 18 岁。"),
    "guardian_identity_used": lazy_gettext("这是监护人的证件，请填孩子自己的。"),
    "phone_invalid": lazy_gettext("手机号不对，看一看是不是 11 位。"),
}
_REASONS = {
    "check_character": lazy_gettext("号码里有一位不对，对着证件再看一遍。"),
    "birth_date": lazy_gettext("号码里的生日不存在，对着证件再看一遍。"),
    "form": lazy_gettext("这不是这种证件的号码，对着证件再看一遍。"),
}


def kinds_for(relation: Relation) -> tuple[str, ...]:
    """The documents with which such a person can be registered, the usual ones first."""
    return _CHILD if relation is Relation.CHILD else _GROWN_UP


@dataclass
class Form:
    """What somebody typed about a person, and the sentence under each field that has to be mended."""

    relation: Relation
    document: str
    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def sent(relation: Relation, form: Mapping[str, str]) -> Form:
        """The form as it was sent; an unknown document is the usual one."""
        kinds = kinds_for(relation)
        document = form.get("document", "")
        values = {name: form.get(name, "").strip()[:60] for name in FIELDS}
        return Form(relation, document if document in kinds else kinds[0], values)

    @property
    def tells_birth(self) -> bool:
        """Whether the number tells date of birth and sex."""
        return self.document in _RESIDENT

    @property
    def is_child(self) -> bool:
        """Whether a guardian is asked for; for a child of 14 or older it stays empty."""
        return self.relation is Relation.CHILD

    @property
    def birth(self) -> str:
        """The date of birth as three typed parts, for the fields."""
        parts = [self.values.get(f"birth_{part}", "") for part in ("year", "month", "day")]
        return "-".join(parts) if any(parts) else ""

    @property
    def birth_on(self) -> date | None:
        """The date of birth, where the three parts are one."""
        try:
            return date(*(int(self.values.get(f"birth_{part}") or 0) for part in ("year", "month", "day")))
        except ValueError:
            return None

    @property
    def has_guardian(self) -> bool:
        """Whether anything of a guardian was filled in that is not filled in beforehand."""
        return self.is_child and any(self.values.get(f"guardian_{name}") for name in ("document_number", "phone"))

    def check(self, today: date) -> None:
        """Find what is missing or plainly wrong before anybody is asked."""
        self._need("name", gettext("请填名字。"))
        if self.document != NO_DOCUMENT:
            self._check_number("document_number", self.document)
        if not self.tells_birth:
            self._check_birth(today)
        if self.document == NO_DOCUMENT or self.has_guardian:
            self._need("guardian_name", gettext("请填监护人的名字。"))
            self._check_number("guardian_document_number", self._guardian_type)
            self._need("guardian_phone", gettext("请填监护人的手机号。"))

    @property
    def _guardian_type(self) -> str:
        given = self.values.get("guardian_document_type") or "01"
        return given if given in _GROWN_UP else "01"

    def _need(self, name: str, sentence: str) -> None:
        if not self.values.get(name):
            self.errors[name] = sentence

    def _check_number(self, name: str, document: str) -> None:
        number = "".join(self.values.get(name, "").split())
        if not number:
            self.errors[name] = gettext("请填证件号码。")
        elif document in _RESIDENT and len(number) != RESIDENT_DIGITS:
            missing = RESIDENT_DIGITS - len(number)
            self.errors[name] = (
                gettext("少了 %(n)s 位，身份证号是 18 位。", n=missing)
                if missing > 0
                else gettext("多了 %(n)s 位，身份证号是 18 位。", n=-missing)
            )

    def _check_birth(self, today: date) -> None:
        if self.birth_on is None:
            self.errors["birth"] = gettext("没有这一天，请再看一看。") if self.birth else gettext("请填出生日期。")
        elif self.birth_on > today:
            self.errors["birth"] = str(_SENTENCES["birth_date_in_future"])
        if self.values.get("sex") not in {"male", "female"}:
            self.errors["sex"] = gettext("请选性别。")

    def person(self) -> dict[str, Any]:
        """The members that records takes; what was not asked for is left out."""
        birth_on = None if self.tells_birth else self.birth_on
        return {
            "name": self.values["name"],
            "document_type": None if self.document == NO_DOCUMENT else self.document,
            "document_number": None if self.document == NO_DOCUMENT else self.values["document_number"],
            "birth_on": birth_on.isoformat() if birth_on else None,
            "sex": None if self.tells_birth else self.values["sex"] or None,
            "phone": self.values["phone"] or None,
            "guardian": self._guardian() if self.document == NO_DOCUMENT or self.has_guardian else None,
        }

    def _guardian(self) -> dict[str, str]:
        return {
            "name": self.values["guardian_name"],
            "document_type": self._guardian_type,
            "document_number": self.values["guardian_document_number"],
            "phone": self.values["guardian_phone"],
        }

    def learn(self, refusal: Refusal) -> None:
        """Put a refusal by records under the field it names; one without a field stays above the form."""
        if refusal.code == "guardian_needed":
            self.errors["guardian_document_number"] = gettext("不满 14 岁要有监护人一起登记。")
            return
        name = str(refusal.facts.get("member", "")).replace(".", "_").replace("birth_on", "birth")
        sentence = _SENTENCES.get(refusal.code)
        if refusal.code == "document_number_invalid":
            sentence = _REASONS.get(str(refusal.facts.get("reason")), _REASONS["form"])
        if sentence is not None and (name in FIELDS or name == "birth"):
            self.errors[name] = str(sentence)
