"""What people agree to, in which version, and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from gateway.identity import consents, store
from gateway.identity.domain import ConsentOutdated, Principal
from gateway.identity.door import Identity, Opened
from shared.database import Database
from tests.support.clock import StandingClock

LogIn = Callable[..., Opened]
BOTH = {"service_terms": 1, "sensitive_information": 1}


def missing(identity: Identity, opened: Opened) -> list[str]:
    return [text.code for text in identity.missing_consents(principal(identity, opened))]


def principal(identity: Identity, opened: Opened) -> Principal:
    found = identity.whose_session(opened.token)
    assert found is not None
    return found


def kept(database: Database) -> list[tuple[Any, ...]]:
    table = store.consents
    with database.read() as uow:
        statement = sa.select(table.c.text, table.c.version, table.c.given, table.c.language, table.c.at)
        return [tuple(row) for row in uow.session.execute(statement.order_by(table.c.position))]


def test_at_the_first_log_in_both_texts_are_asked_for(identity: Identity, log_in: LogIn) -> None:
    assert missing(identity, log_in(agree=False)) == ["service_terms", "sensitive_information"]


def test_each_consent_is_kept_with_version_language_and_time(
    identity: Identity, log_in: LogIn, clock: StandingClock, database: Database
) -> None:
    opened = log_in(agree=False)
    account = opened.log_in.account_id
    identity.give_consents(account, {"service_terms": 1}, language="en")
    assert missing(identity, opened) == ["sensitive_information"]
    clock.advance(minutes=1)
    identity.give_consents(account, BOTH, language="zh")
    identity.give_consents(account, BOTH, language="zh")
    assert missing(identity, opened) == []
    before = clock.now.replace(minute=clock.now.minute - 1)
    assert kept(database) == [
        ("service_terms", 1, True, "en", before),
        ("sensitive_information", 1, True, "zh", clock.now),
    ]


def test_a_changed_text_is_asked_for_again(
    identity: Identity, log_in: LogIn, database: Database, clock: StandingClock
) -> None:
    opened = log_in()
    newer = (dataclasses.replace(consents.TEXTS[0], version=2), consents.TEXTS[1])
    later = Identity(database, "a secret that is long enough", is_demo=True, clock=clock, texts=newer)
    assert missing(later, opened) == ["service_terms"]
    with pytest.raises(ConsentOutdated):
        later.give_consents(opened.log_in.account_id, BOTH, language="zh")
    assert missing(later, opened) == ["service_terms"]
    later.give_consents(opened.log_in.account_id, {"service_terms": 2}, language="zh")
    assert missing(later, opened) == []


def test_a_text_that_does_not_exist_cannot_be_agreed_to(identity: Identity, log_in: LogIn, database: Database) -> None:
    opened = log_in(agree=False)
    with pytest.raises(ConsentOutdated):
        identity.give_consents(opened.log_in.account_id, {**BOTH, "selling_data": 1}, language="zh")
    assert kept(database) == []


def test_a_consent_is_taken_back_as_easily_as_it_was_given(
    identity: Identity, log_in: LogIn, database: Database
) -> None:
    opened = log_in()
    identity.withdraw_consent(opened.log_in.account_id, "sensitive_information", language="zh")
    identity.withdraw_consent(opened.log_in.account_id, "sensitive_information", language="zh")
    assert missing(identity, opened) == ["sensitive_information"]
    assert [(text, given) for text, _, given, _, _ in kept(database)] == [
        ("service_terms", True),
        ("sensitive_information", True),
        ("sensitive_information", False),
    ]


@pytest.mark.parametrize("change", [store.consents.delete(), store.consents.update().values(version=7)])
def test_the_database_itself_keeps_what_was_agreed(log_in: LogIn, database: Database, change: Any) -> None:
    log_in()
    before = kept(database)
    with pytest.raises(DBAPIError, match="append_only: consents"), database.write() as uow:
        uow.session.execute(change)
    assert kept(database) == before


@pytest.mark.parametrize("text", consents.TEXTS, ids=lambda text: text.code)
def test_every_text_stands_in_both_languages_with_the_same_paragraphs(text: consents.ConsentText) -> None:
    assert set(text.title) == set(text.paragraphs) == {"zh", "en"}
    assert len(text.paragraphs["zh"]) == len(text.paragraphs["en"]) == 5
    assert all(part == part.strip() and "\n" not in part for parts in text.paragraphs.values() for part in parts)
