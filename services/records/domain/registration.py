"""Real-name registration: what was typed becomes an identity, or a refusal that names the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.records.domain.documents import Document, DocumentNumberInvalid, read_document
from services.records.domain.names import name_key, person_name, phone_number
from services.records.domain.patient import Patient
from services.records.domain.refusals import (
    BirthDateInFuture,
    BirthDateMismatch,
    BirthDateNeeded,
    DocumentNeeded,
    GuardianForChildrenOnly,
    GuardianIdentityUsed,
    GuardianNeeded,
    GuardianTooYoung,
    SexMismatch,
    SexNeeded,
)
from shared.errors import DomainError

CHILD_UNDER = 14
"""Below this age a guardian stands in (PIPL article 31), and a child without a number of its own may be registered."""
ADULT_FROM = 18


@dataclass(frozen=True, kw_only=True)
class GuardianGiven:
    """A child's guardian, as somebody typed it."""

    name: str
    document_type: str
    document_number: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A person as somebody typed it into the form."""

    name: str
    document_type: str | None = None
    document_number: str | None = None
    birth_on: date | None = None
    sex: str | None = None
    phone: str | None = None
    guardian: GuardianGiven | None = None


@dataclass(frozen=True, kw_only=True)
class Guardian:
    """A guardian whose document and phone have passed their rules."""

    name: str
    document: Document
    phone: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person who has passed the real-name rules."""

    name: str
    birth_on: date
    sex: str
    document: Document | None
    guardian: Guardian | None
    phone: str | None

    @property
    def natural_key(self) -> tuple[str, str]:
        """What makes the person one: where the number is unique, and the number.

        A child without a number is known by its guardian's number, its name and its date of birth.
        """
        if self.document is not None:
            return self.document.system, self.document.identity
        if self.guardian is None:
            raise DocumentNeeded(member="document_number")
        own = f"{name_key(self.name)}|{self.birth_on.isoformat()}"
        return "child", f"{self.guardian.document.system}|{self.guardian.document.identity}|{own}"


def age(birth_on: date, today: date) -> int:
    """Full years on a day; who was born on 29 February completes a year on 1 March."""
    return today.year - birth_on.year - ((today.month, today.day) < (birth_on.month, birth_on.day))


def identify(given: Registration, *, today: date) -> Identity:
    """Apply the real-name rules to what was typed.

    A person has a document of their own; a child under 14 comes with a guardian, and may then be without a document.
    What the document tells and what was typed agree. Raises the refusals of this module; `member` names the field.
    """
    name = person_name(given.name)
    document = _own_document(given, today)
    birth_on = _birth_date(given.birth_on, document, today)
    sex = _sex(given.sex, document)
    guardian = _guardian(given.guardian, document, today) if given.guardian else None
    is_child = age(birth_on, today) < CHILD_UNDER
    if guardian is not None and not is_child:
        raise GuardianForChildrenOnly(member="guardian")
    if guardian is None and is_child:
        raise GuardianNeeded(member="guardian")
    if document is None and not is_child:
        raise DocumentNeeded(member="document_number")
    phone = phone_number(given.phone) if given.phone else None
    return Identity(name=name, birth_on=birth_on, sex=sex, document=document, guardian=guardian, phone=phone)


def identify_at_desk(patient: Patient, given: Registration, *, today: date) -> tuple[Identity, Document]:
    """The same for a patient known from messages, whose document lies on the desk: it decides, whatever was sent.

    What the document does not tell is taken from the form, and then from what is known. A person of any age may be
    verified with a document of their own.
    """
    name = person_name(given.name) if given.name else person_name(patient.name or "")
    document = _own_document(given, today)
    if document is None:
        raise DocumentNeeded(member="document_number")
    known_birth = patient.birth_on if document.holder.birth_on is None else None
    known_sex = patient.sex if document.holder.sex is None and patient.sex in {"male", "female"} else None
    birth_on = _birth_date(given.birth_on or known_birth, document, today)
    sex = _sex(given.sex or known_sex, document)
    identity = Identity(name=name, birth_on=birth_on, sex=sex, document=document, guardian=None, phone=None)
    return identity, document


def _own_document(given: Registration, today: date) -> Document | None:
    if given.document_type and given.document_number:
        return read_document(given.document_type, given.document_number, today=today)
    if given.document_type or given.document_number:
        raise DocumentNumberInvalid(reason="form", member="document_number" if given.document_type else "document_type")
    return None


def _birth_date(typed: date | None, document: Document | None, today: date) -> date:
    told = document.holder.birth_on if document else None
    if told and typed and told != typed:
        raise BirthDateMismatch(member="birth_on")
    birth_on = told or typed
    if birth_on is None:
        raise BirthDateNeeded(member="birth_on")
    if birth_on > today:
        raise BirthDateInFuture(member="birth_on")
    return birth_on


def _sex(typed: str | None, document: Document | None) -> str:
    told = document.holder.sex if document else None
    if told and typed and told != typed:
        raise SexMismatch(member="sex")
    sex = told or typed
    if sex is None:
        raise SexNeeded(member="sex")
    return sex


def _guardian(given: GuardianGiven, child: Document | None, today: date) -> Guardian:
    try:
        guardian = Guardian(
            name=person_name(given.name),
            document=read_document(given.document_type, given.document_number, today=today),
            phone=phone_number(given.phone),
        )
    except DomainError as refusal:
        raise type(refusal)(**{**refusal.facts, "member": f"guardian.{refusal.facts['member']}"}) from refusal
    if child is not None and (child.system, child.identity) == (guardian.document.system, guardian.document.identity):
        raise GuardianIdentityUsed(member="document_number")
    born = guardian.document.holder.birth_on
    if born is not None and age(born, today) < ADULT_FROM:
        raise GuardianTooYoung(member="guardian.document_number")
    return guardian
