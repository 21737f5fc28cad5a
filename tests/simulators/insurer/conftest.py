"""The insurer simulator under a standing clock, and a hospital that calls it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared.settings import Settings
from simulators.insurer.app import create_app
from simulators.insurer.books import Books
from simulators.insurer.moods import Mood, choose
from simulators.signature import signature
from tests.support.clock import StandingClock

EMPLOYEE = "3299000001"


@dataclass
class Insurer:
    """The insurer, and the hospital that calls it."""

    app: Flask
    clock: StandingClock
    secret: str
    waited: list[float] = field(default_factory=list)

    @property
    def books(self) -> Books:
        """Its books."""
        books: Books = self.app.extensions["insurer.books"]
        return books

    def send(self, infno: str, body: bytes, **changes: str) -> TestResponse:
        """A signed request as it is."""
        path, timestamp = f"/fsi/api/{infno}", str(int(self.clock().timestamp()))
        headers = {
            "Insurer-Timestamp": timestamp,
            "Insurer-Nonce": "n1",
            "Insurer-Signature": signature(self.secret, "POST", path, timestamp, "n1", body),
        }
        return self.app.test_client().post(path, data=body, headers=headers | changes)

    def call(self, infno: str, **data: Any) -> dict[str, Any]:
        """One transaction; gives the answer's document."""
        message = {"infno": infno, "msgid": "m", "input": {"psn_no": EMPLOYEE, "mdtrt_id": "claim-1"} | data}
        answer: dict[str, Any] = self.send(infno, json.dumps(message).encode()).json or {}
        return answer

    def output(self, infno: str, **data: Any) -> dict[str, Any]:
        """The output of a transaction that must be done."""
        answer = self.call(infno, **data)
        assert answer["infcode"] == 0, answer
        output: dict[str, Any] = answer["output"]
        return output

    def refusal(self, infno: str, **data: Any) -> str:
        """Why a transaction is refused."""
        answer = self.call(infno, **data)
        assert answer["infcode"] == -1, answer
        return str(answer["err_msg"])

    def person(self, psn_no: str = EMPLOYEE) -> dict[str, Any]:
        """A person as the books have them."""
        found = self.books.one("SELECT * FROM persons WHERE psn_no = ?", psn_no)
        assert found is not None
        return found

    def uploaded(self, mdtrt_id: str = "claim-1", psn_no: str = EMPLOYEE) -> None:
        """A stay over 2,000.00 with its details."""
        self.output("2301", mdtrt_id=mdtrt_id, psn_no=psn_no, feedetail=[detail()])

    def settle(self, mdtrt_id: str = "claim-1", **data: Any) -> dict[str, Any]:
        """A settlement that must be done."""
        wanted = {"medfee_sumamt": "2000.00", "acct_used_flag": "1"} | data
        output: dict[str, Any] = self.output("2304", mdtrt_id=mdtrt_id, **wanted)["setlinfo"]
        return output

    def mood(self, infno: str, mood: Mood, calls: int = 1) -> None:
        """How the next calls are answered."""
        choose(self.books, infno, mood, calls)


def detail(**changes: Any) -> dict[str, Any]:
    """A treatment over 2,000.00, in scope in full."""
    return {
        "feedetl_sn": "1",
        "chrgitm_lv": "01",
        "pric": "2000",
        "cnt": "1",
        "selfpay_prop": "0",
        "det_item_fee_sumamt": "2000.00",
    } | changes


@pytest.fixture
def insurer(settings: Settings, clock: StandingClock) -> Insurer:
    waited: list[float] = []
    app = create_app(settings, clock=clock, pause=waited.append)
    return Insurer(app, clock, settings.secrets["insurer_secret"], waited)
