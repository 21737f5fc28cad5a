"""The least that booking can cost with these libraries: a bare gateway before a bare service on two plain tables.

The service commits what waits together, as ours does; there is no authentication, no idempotency, no policy, no access
log and no outbox. Both are served by gunicorn with gevent, like ours.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import gevent
import psycopg
import requests
from flask import Flask, Response, request
from gevent.event import AsyncResult
from gevent.queue import Queue
from requests.adapters import HTTPAdapter

TABLES = """
CREATE TABLE slots (
    id uuid PRIMARY KEY, practitioner_id uuid NOT NULL, date date NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    capacity integer NOT NULL, taken integer NOT NULL CHECK (taken <= capacity)
);
CREATE INDEX ON slots (practitioner_id, date);
CREATE TABLE appointments (
    id uuid PRIMARY KEY, slot_id uuid NOT NULL REFERENCES slots, patient_id uuid NOT NULL, held_at timestamptz NOT NULL,
    UNIQUE (slot_id, patient_id)
);
"""
_TOGETHER = 64
_READERS = 4


def gateway() -> Flask:
    """Passes every request on over kept connections."""
    app = Flask("bare gateway")
    base = os.environ["BENCH_SERVICE_URL"]
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=64)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def forward(path: str) -> Response:
        body = request.get_data()
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = request.method, f"{base}/{path}?{request.query_string.decode()}"
        prepared.headers = requests.structures.CaseInsensitiveDict(
            {"Content-Type": "application/json", "Content-Length": str(len(body))}
        )
        prepared.body = body
        answer = adapter.send(prepared, timeout=(1.0, 8.0))
        return Response(answer.content, status=answer.status_code, content_type=answer.headers["Content-Type"])

    return app


def service() -> Flask:
    """Holds places and lists slots."""
    app = Flask("bare service")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    address = os.environ["BENCH_DATABASE_URL"]
    desk = _Desk(address)
    readers: Queue[psycopg.Connection[Any]] = Queue()
    for _ in range(_READERS):
        readers.put(psycopg.connect(address, autocommit=True))

    @app.get("/ready")
    def ready() -> dict[str, Any]:
        return {}

    @app.post("/appointments")
    def hold() -> tuple[dict[str, Any], int]:
        wish = request.get_json()
        appointment = desk.hold(UUID(wish["slot_id"]), UUID(wish["patient_id"]))
        return (appointment, 201) if appointment else ({"code": "slot_taken"}, 409)

    @app.get("/practitioners/<uuid:practitioner_id>/slots")
    def slots(practitioner_id: UUID) -> dict[str, Any]:
        reader = readers.get()
        try:
            rows = reader.execute(
                "SELECT id, starts_at, ends_at, capacity - taken FROM slots"
                " WHERE practitioner_id = %s AND date = %s ORDER BY starts_at",
                (practitioner_id, date.fromisoformat(request.args["date"])),
            ).fetchall()
        finally:
            readers.put(reader)
        names = ("id", "starts_at", "ends_at", "places_left")
        items = [
            dict(zip(names, (id_, begin.isoformat(), end.isoformat(), left), strict=True))
            for id_, begin, end, left in rows
        ]
        return {"items": items}

    return app


class _Desk:
    """One writer for everybody who waits: three statements and one commit for up to 64."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address)
        self._waiting: Queue[tuple[UUID, UUID, AsyncResult]] = Queue()
        gevent.spawn(self._work)

    def hold(self, slot_id: UUID, patient_id: UUID) -> dict[str, Any] | None:
        """The appointment, or None when the slot is full."""
        result = AsyncResult()
        self._waiting.put((slot_id, patient_id, result))
        appointment: dict[str, Any] | None = result.get()
        return appointment

    def _work(self) -> None:
        while True:
            wishes = [self._waiting.get()]
            gevent.sleep(0)
            while len(wishes) < _TOGETHER and not self._waiting.empty():
                wishes.append(self._waiting.get_nowait())
            try:
                answers = self._write([(slot_id, patient_id) for slot_id, patient_id, _ in wishes])
            except psycopg.Error as error:
                self._connection.rollback()
                for _, _, result in wishes:
                    result.set_exception(error)
                continue
            for (_, _, result), answer in zip(wishes, answers, strict=True):
                result.set(answer)

    def _write(self, wishes: list[tuple[UUID, UUID]]) -> list[dict[str, Any] | None]:
        now = datetime.now(UTC)
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, capacity - taken FROM slots WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                ([slot_id for slot_id, _ in wishes],),
            )
            left: dict[UUID, int] = dict(cursor.fetchall())
            answers: list[dict[str, Any] | None] = []
            held: list[tuple[UUID, UUID, UUID]] = []
            for slot_id, patient_id in wishes:
                if left[slot_id] <= 0:
                    answers.append(None)
                    continue
                left[slot_id] -= 1
                held.append((uuid4(), slot_id, patient_id))
                answers.append({"id": held[-1][0], "slot_id": slot_id, "patient_id": patient_id})
            if held:
                ids, slot_ids, patient_ids = (list(each) for each in zip(*held, strict=True))
                taken = Counter(slot_ids)
                cursor.execute(
                    "INSERT INTO appointments SELECT *, %s FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[])",
                    (now, ids, slot_ids, patient_ids),
                )
                cursor.execute(
                    "UPDATE slots SET taken = taken + more"
                    " FROM unnest(%s::uuid[], %s::integer[]) AS w (id, more) WHERE slots.id = w.id",
                    (list(taken), list(taken.values())),
                )
        self._connection.commit()
        return answers
