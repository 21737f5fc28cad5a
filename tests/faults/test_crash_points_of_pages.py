"""The forms of a patient's pages, cut off at each database call of gateway and service, then sent again by the browser.

A form carries its request id; whoever taps again after the crash, or comes back with the back button, has one effect.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app as create_gateway
from gateway.clients import Clients
from gateway.identity.domain import Proof, Relation
from gateway.identity.door import Identity
from gateway.web.session import COOKIE
from shared.cli import load
from shared.database import Database
from shared.settings import Settings
from shared.web import create_app
from tests.faults.leaving import state_of
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched
from tests.support.everyday import WANG, Everyday
from tests.support.in_process import InProcessAdapter, in_process_session
from tests.support.whole_hospital import OpenDatabase, open_hospital

IN_PROCESS = True
SEE_OTHER = 303


class Forms(HTMLParser):
    """The forms of a page: address and the values that are already in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = self.forms.setdefault(found.get("action", ""), {})
        elif tag == "input" and found.get("type") == "hidden":
            self._open[found["name"]] = found.get("value", "")


@dataclass
class Phone:
    """A browser that is logged in: its session survives whatever happens to the hospital."""

    token: str

    def at(self, client: FlaskClient) -> FlaskClient:
        """The same browser, talking to these processes."""
        client.set_cookie(COOKIE, self.token)
        return client

    def form(self, client: FlaskClient, page: str, action: str) -> tuple[str, dict[str, str]]:
        """The form on a page whose address ends like this, with what is hidden in it."""
        answer = self.at(client).get(page)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        [found] = [item for item in Forms(answer.get_data(as_text=True)).forms.items() if re.search(action, item[0])]
        return found


def log_in(identity: Identity) -> tuple[Phone, Any]:
    """A person who has agreed to everything; gives the phone and the account."""
    identity.request_code("19900000031", address="127.0.0.1")
    code = identity.demo_messages()[0].code
    opened = identity.log_in_with_code("19900000031", code, address="127.0.0.1")
    account = opened.log_in.account_id
    principal = identity.whose_session(opened.token)
    assert principal
    missing = identity.missing_consents(principal)
    identity.give_consents(account, {each.code: each.version for each in missing}, language="zh")
    return Phone(opened.token), account


# --------------------------------------------------------------------------------------------------- the forms


@dataclass(frozen=True)
class Ready:
    """A form about to be sent: the service that will do it, where it goes, and what it says."""

    service: str
    path: str
    fields: Mapping[str, str]
    phone: Phone


def _registration(day: Everyday, phone: Phone, _account: Any) -> Ready:
    client = day.hospital.phone()
    path, hidden = phone.form(client, "/family/new/self", "/family/new")
    fields = {**hidden, "document": "01", "name": WANG["name"], "document_number": WANG["document_number"]}
    return Ready("records", path, fields, phone)


def _linked(day: Everyday, account: Any) -> Any:
    wang = day.register()
    day.hospital.apps["gateway"].extensions["anxin.identity"].link_patient(
        account,
        wang,
        relation=Relation.SELF,
        display_name=WANG["name"],
        proof=Proof.REGISTERED,
        request_key="registered-by-hand",
    )
    return wang


def _hold(day: Everyday, phone: Phone, account: Any) -> Ready:
    slot = day.slots()[0]
    _linked(day, account)
    client = day.hospital.phone()
    department = re.search(r'href="(/book/departments/[^"?]+)', phone.at(client).get("/book").get_data(as_text=True))
    assert department
    page = client.get(department[1]).get_data(as_text=True)
    doctor = re.search(r'href="(/book/doctors/[^"?]+)', page)
    assert doctor
    confirm = f"{doctor[1]}/confirm?date=2026-11-24&slot={slot}"
    path, hidden = phone.form(client, confirm, "/confirm")
    return Ready("appointments", path, hidden, phone)


def _cancellation(day: Everyday, phone: Phone, account: Any) -> Ready:
    slot = day.slots()[0]
    wang = _linked(day, account)
    held = day.hold(wang, slot)
    day.hospital.turn()
    page = f"/appointments/{wang}/{held['id']}/cancellation"
    path, hidden = phone.form(day.hospital.phone(), page, "/cancellation")
    return Ready("appointments", path, hidden, phone)


def _payment(day: Everyday, phone: Phone, account: Any) -> Ready:
    slot = day.slots()[0]
    wang = _linked(day, account)
    held = day.hold(wang, slot)
    day.hospital.turn()
    path, hidden = phone.form(day.hospital.phone(), f"/appointments/{wang}/{held['id']}", "/payment$")
    return Ready("billing", path, hidden, phone)


FORMS: dict[str, Callable[[Everyday, Phone, Any], Ready]] = {
    "register oneself": _registration,
    "keep a place": _hold,
    "give it back": _cancellation,
    "pay": _payment,
}


@dataclass
class Processes:
    """Gateway and one service, newly started on copies of their databases."""

    gateway: Database
    service: Database
    client: FlaskClient

    def close(self) -> None:
        """They are gone; what they wrote stays."""
        self.gateway.close()
        self.service.close()


def left_by(processes: Processes) -> tuple[Any, Any]:
    """What both databases hold. Who looked is left out: whoever sends a form again looks again."""
    return (
        state_of(processes.gateway, without=("access_log",)),
        state_of(processes.service, without=("access_log",)),
    )


@dataclass
class Trial:
    """A prepared hospital on disk, of which gateway and one service are started again and again."""

    ready: Ready
    prepared: Mapping[str, Path]
    folder: Path
    settings: Settings
    clock: StandingClock

    def copy(self, number: int) -> Path:
        """A new folder with the databases as they were when the form was about to be sent."""
        folder = self.folder / f"cut-{number}"
        folder.mkdir()
        for name in ("gateway", self.ready.service):
            shutil.copyfile(self.prepared[name], folder / f"{name}.sqlite3")
        return folder

    def start(self, folder: Path) -> Processes:
        """New processes on these databases; the browser is the same."""
        name = self.ready.service
        gateway = Database(f"sqlite:///{folder}/gateway.sqlite3", load("gateway").toolbox)
        service = Database(f"sqlite:///{folder}/{name}.sqlite3", load(name).toolbox)
        app = create_app(load(name), self.settings, database=service, clock=self.clock)
        session = in_process_session(InProcessAdapter({self.settings.url(name): app}))
        clients = Clients.make(self.settings, clock=self.clock, sessions={name: session})
        door = create_gateway(self.settings, database=gateway, clients=clients, clock=self.clock)
        return Processes(gateway, service, self.ready.phone.at(door.test_client()))

    def send(self, processes: Processes) -> tuple[int, str]:
        """The browser sends the form: status and where it leads."""
        answer = processes.client.post(self.ready.path, data=dict(self.ready.fields))
        return answer.status_code, re.sub(r"[0-9a-f-]{36}", "<id>", answer.location or "")


@pytest.fixture
def trial(
    open_database: OpenDatabase, settings: Settings, clock: StandingClock, tmp_path: Path
) -> Callable[[str], Trial]:
    """A function that prepares a hospital in which one of the forms is about to be sent."""

    def prepare(name: str) -> Trial:
        hospital = open_hospital(open_database, settings, clock, "sqlite")
        phone, account = log_in(hospital.apps["gateway"].extensions["anxin.identity"])
        ready = FORMS[name](Everyday(hospital), phone, account)
        hospital.close()
        for database in hospital.databases.values():
            database.close()
        files = {each: Path(str(database.url.database)) for each, database in hospital.databases.items()}
        return Trial(ready, files, tmp_path, settings, clock)

    return prepare


@pytest.mark.parametrize("name", list(FORMS))
def test_a_form_cut_off_anywhere_has_one_effect_when_it_is_sent_again(name: str, trial: Callable[[str], Trial]) -> None:
    form = trial(name)
    undisturbed = form.start(form.copy(0))
    with watched(CallCounter(), undisturbed.gateway, undisturbed.service) as counter:
        expected = form.send(undisturbed)
    assert expected[0] == SEE_OTHER, expected
    left = left_by(undisturbed)
    undisturbed.close()
    for number, (call, after) in enumerate(crash_points(counter.calls), 1):
        folder = form.copy(number)
        cut = form.start(folder)
        with pytest.raises(Crash), watched(CallCounter(call, after=after), cut.gateway, cut.service):
            form.send(cut)
        cut.close()
        reborn = form.start(folder)
        point = f"call {call} of {counter.calls}, {'after' if after else 'before'}"
        assert form.send(reborn) == expected, point
        assert form.send(reborn) == expected, point
        assert left_by(reborn) == left, point
        reborn.close()
        shutil.rmtree(folder)
