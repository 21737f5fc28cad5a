"""Identity's door for pages, API and command line: makes what is random, opens the unit of work, runs the use case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from gateway.identity import consents, passwords, queries, usecases
from gateway.identity.domain import (
    CodeNotSendable,
    CodeSent,
    CodeWrong,
    Limits,
    Link,
    NewSession,
    Opened,
    PasswordWrong,
    Principal,
    Proof,
    Relation,
    is_code,
    is_worth_noting,
    masked_phone,
    missing_consents,
    normal_phone,
)
from gateway.identity.keyed import Keyed, new_code, new_token, token_hash
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.errors import DomainError
from shared.together import Together

T = TypeVar("T")

_TRIES = 3
_LONGEST_PASSWORD = 200
_PREFIX = 12


class Identity:
    """Everything pages, API and command line may ask of identity. Refusals are raised as DomainError."""

    def __init__(
        self,
        database: Database,
        secret: str,
        *,
        is_demo: bool,
        clock: Clock = utc_now,
        limits: Limits | None = None,
        texts: tuple[consents.ConsentText, ...] = consents.TEXTS,
    ) -> None:
        self.database = database
        self.clock = clock
        self.limits = limits or Limits()
        self.texts = texts
        self._in_force = consents.in_force(texts)
        self._keyed = Keyed(secret)
        self._tokens = Together(self._find_tokens)
        self.is_demo = is_demo

    # ------------------------------------------------------------------------------------------------- logging in

    def request_code(self, phone: str, *, address: str) -> CodeSent:
        """Send a one-time code to a phone. The answer is the same whether anybody knows the phone or not.

        Raises PhoneInvalid, TooManyRequests (with `retry_at`), CodeNotSendable.
        """
        number = normal_phone(phone)
        if not self.is_demo:
            raise CodeNotSendable
        code = new_code()

        def send(uow: Any, *, now: datetime, **arguments: Any) -> datetime | DomainError:
            answer = usecases.request_code(uow, now=now, **arguments)
            if not isinstance(answer, DomainError):
                usecases.put_demo_message(uow, now=now, phone=number, code=code)
            return answer

        expires_at = self._write(
            send,
            phone=number,
            phone_key=self._keyed.of("phone", number),
            address_key=self._keyed.of("address", address),
            code_hash=self._keyed.of("code", number, code),
            limits=self.limits,
        )
        return CodeSent(
            phone=number,
            masked_phone=masked_phone(number),
            expires_at=expires_at,
            resend_at=expires_at - self.limits.code_lifetime + self.limits.resend_pause,
        )

    def log_in_with_code(self, phone: str, code: str, *, address: str) -> Opened:
        """Open a session with the code that was sent. Raises PhoneInvalid, CodeWrong, CodeExpired, TooManyTries."""
        number, digits = normal_phone(phone), code.strip()
        if not is_code(digits):
            raise CodeWrong
        token, session = _new_session()
        log_in = self._write(
            usecases.log_in_with_code,
            phone=number,
            address_key=self._keyed.of("address", address),
            guess_hash=self._keyed.of("code", number, digits),
            session=session,
            limits=self.limits,
        )
        return Opened(token=token, log_in=log_in)

    def log_in_staff(self, user_name: str, password: str, *, address: str) -> Opened:
        """Open a session for a member of staff. Raises PasswordWrong, TooManyTries; both alike for unknown names."""
        name = user_name.strip().lower()
        name_key = self._keyed.of("staff", name)
        credential = self._write(
            usecases.admit_password_try,
            user_name=name,
            name_key=name_key,
            address_key=self._keyed.of("address", address),
            limits=self.limits,
        )
        if len(password) > _LONGEST_PASSWORD or not passwords.is_right(password, credential.password_hash):
            raise PasswordWrong
        token, session = _new_session()
        log_in = self._write(usecases.log_in_staff, credential=credential, name_key=name_key, session=session)
        return Opened(token=token, log_in=log_in)

    def log_out(self, session_id: UUID) -> None:
        """End one session."""
        self._write(usecases.end_session, session_id=session_id)

    def log_out_everywhere(self, principal: Principal) -> None:
        """End every session of the account or member of staff."""
        self._write(usecases.end_all_sessions, account_id=principal.account_id, staff_id=principal.staff_id)

    # ------------------------------------------------------------------------------------------------ who is asking

    def whose_session(self, token: str, patient_id: UUID | None = None) -> Principal | None:
        """Whoever a session cookie belongs to, by one read; now and then its use is noted, so that it lives on."""
        now = self.clock()
        with self.database.read() as uow:
            found = queries.find_session(
                uow, token_hash=token_hash(token), now=now, limits=self.limits, patient_id=patient_id
            )
        if found is not None and is_worth_noting(found, now=now, limits=self.limits):
            self._write(usecases.note_use, session_id=found.session_id)
        return found

    def whose_token(self, token: str, patient_id: UUID | None = None) -> Principal | None:
        """Whoever a bearer token belongs to, by one read for everybody who asks at this moment."""
        return self._tokens.ask(queries.ShownToken(token_hash(token), patient_id))

    def _find_tokens(self, shown: list[queries.ShownToken]) -> list[Principal | None]:
        with self.database.read() as uow:
            return queries.find_tokens(uow, shown=shown, now=self.clock())

    def form_token(self, cookie: str) -> str:
        """The token that forms of this cookie's owner carry: it cannot be made without the installation's secret."""
        return self._keyed.of("form", cookie)

    # ---------------------------------------------------------------------------------------------------- consents

    def missing_consents(self, principal: Principal) -> tuple[consents.ConsentText, ...]:
        """The texts that this person has still to agree to; members of staff have none."""
        if principal.is_staff:
            return ()
        missing = missing_consents(principal.consented, self._in_force)
        return tuple(text for text in self.texts if text.code in missing)

    def give_consents(self, account_id: UUID, versions: Mapping[str, int], *, language: str) -> None:
        """Write down what was agreed to: {text: the version that was shown}. Raises ConsentOutdated."""
        self._write(
            usecases.give_consents,
            account_id=account_id,
            versions=versions,
            in_force=self._in_force,
            language=language,
        )

    def withdraw_consent(self, account_id: UUID, text: str, *, language: str) -> None:
        """Take a consent back."""
        self._write(usecases.withdraw_consent, account_id=account_id, text=text, language=language)

    # ------------------------------------------------------------------------------------------------------ family

    def links(self, account_id: UUID) -> list[Link]:
        """The patients this account acts for, oldest first."""
        with self.database.read() as uow:
            return queries.links_of(uow, account_id=account_id)

    def link_to(self, account_id: UUID, patient_id: UUID) -> Link | None:
        """The account's link to one patient."""
        with self.database.read() as uow:
            return queries.link_to(uow, account_id=account_id, patient_id=patient_id)

    def check_place(self, account_id: UUID, relation: Relation, *, request_key: str) -> None:
        """Whether another patient may be added. Raises FamilyLimitReached, SelfAlreadyLinked."""
        with self.database.read() as uow:
            usecases.may_link_another(
                uow, account_id=account_id, relation=relation, request_key=request_key, limits=self.limits
            )

    def link_patient(
        self,
        account_id: UUID,
        patient_id: UUID,
        *,
        relation: Relation,
        display_name: str,
        proof: Proof,
        request_key: str,
    ) -> Link:
        """Link a patient on a proof. Raises AlreadyLinked, SelfAlreadyLinked, FamilyLimitReached."""
        return self._write(
            usecases.link_patient,
            account_id=account_id,
            patient_id=patient_id,
            relation=relation,
            display_name=display_name,
            proof=proof,
            request_key=request_key,
            limits=self.limits,
        )

    def choose_patient(self, principal: Principal, patient_id: UUID) -> Link:
        """Act for another of the account's patients in this session from now on. Raises NotLinked."""
        return self._write(
            usecases.choose_patient,
            session_id=principal.session_id,
            account_id=principal.account_id,
            patient_id=patient_id,
        )

    def unlink_patient(self, account_id: UUID, patient_id: UUID) -> None:
        """Stop acting for a patient. Raises NotLinked."""
        self._write(usecases.unlink_patient, account_id=account_id, patient_id=patient_id)

    # --------------------------------------------------------------------------------------------- tokens and demo

    def create_token(
        self, *, name: str, days: int, account_id: UUID | None = None, staff_id: UUID | None = None
    ) -> str:
        """A new bearer token for a machine; it is told once and kept as a hash."""
        token = f"anx_{new_token()}"
        self._write(
            usecases.create_token,
            token_hash=token_hash(token),
            prefix=token[:_PREFIX],
            name=name,
            expires_at=self.clock() + timedelta(days=days),
            account_id=account_id,
            staff_id=staff_id,
        )
        return token

    def revoke_token(self, token_id: UUID) -> None:
        """End a bearer token. Raises NotFound."""
        self._write(usecases.revoke_token, token_id=token_id)

    def phone_of(self, account_id: UUID) -> str:
        """The account's own phone, masked."""
        with self.database.read() as uow:
            return queries.phone_of(uow, account_id=account_id)

    def demo_messages(self) -> list[queries.DemoMessage]:
        """The demo's message box, newest first; empty in production."""
        with self.database.read() as uow:
            return queries.demo_messages(uow) if self.is_demo else []

    # ----------------------------------------------------------------------------------------------- the five steps

    def _write(self, use_case: Callable[..., T | DomainError], **arguments: Any) -> T:
        """One unit of work. A refusal that a use case raises undoes all; one that it returns keeps what was counted."""
        for left in reversed(range(_TRIES)):
            try:
                with self.database.write() as uow:
                    result = use_case(uow, now=self.clock(), **arguments)
                break
            except IntegrityError:
                if not left:
                    raise
        if isinstance(result, DomainError):
            raise result
        return result


def _new_session() -> tuple[str, NewSession]:
    token = new_token()
    return token, NewSession(id=uuid4(), token_hash=token_hash(token))
