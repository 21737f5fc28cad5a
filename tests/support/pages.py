"""A small application that has only the look of the gateway: the shell, the component page, the sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, render_template_string, request

import gateway
from gateway.web.design import design_pages
from gateway.web.look import init_look
from gateway.web.problems import problem_page
from shared.clock import Clock
from tests.support.clock import StandingClock

# A page as other people build them: one form with a reason, a countdown, one act at the foot.
SAMPLE = """
{% extends 'base.html' %}
{% from 'ui/core.html' import btn, facts, yuan %}{% from 'ui/nav.html' import bar, elder, language %}
{% from 'ui/flow.html' import count, live %}{% from 'ui/form.html' import field, form %}
{% set refresh = 10 %}
{% block title %}确认并支付{% endblock %}
{% block bar %}{{ bar('确认并支付', '/design', ('王建国', '本人'), end=language()) }}{% endblock %}
{% block main %}<div class="stack">{{ count(until, '号为您保留', ended='号已经放出去') }}
{% set rows = [('挂号费', yuan(2500)), ('时间', until|moment), ('长辈', 2500|spoken_money)] %}
<section class="card">{{ facts(rows) }}</section>
{% call live('/piece', 1) %}<p id="piece">正在核对</p>{% endcall %}{{ elder() }}</div>{% endblock %}
{% block foot %}<div class="foot">{% call form('/pay', c='stack') %}
{{ field('reason', '备注', reason) }}{{ btn('确认支付', 'wide', 'lock') }}
{% endcall %}</div>{% endblock %}
"""


def pages_app(clock: Clock | None = None, form_targets: Iterable[str] = (), minutes: float = 15) -> Flask:
    """The component page, `/sample` with a countdown of so many minutes, a problem page, and `/pay`.

    `app.extensions["sent"]` holds the request ids that `/pay` received; `/piece` counts how often it was asked for.
    """
    clock = clock or StandingClock()
    app = Flask("gateway", root_path=str(Path(gateway.__file__).parent))
    init_look(app, clock=clock, form_targets=form_targets)
    app.register_blueprint(design_pages)
    sent: list[str] = []
    asked: list[str] = []
    app.extensions["sent"], app.extensions["asked"] = sent, asked

    @app.get("/sample")
    def sample() -> str:
        until = clock() + timedelta(minutes=minutes)
        return render_template_string(SAMPLE, until=until, reason="<b>&\"'")

    @app.post("/pay")
    def pay() -> tuple[str, int]:
        sent.append(request.form["request_id"])
        return "", 204

    @app.get("/piece")
    def piece() -> tuple[str, int]:
        asked.append("piece")
        return '<p id="piece">已确认</p>', 286

    @app.get("/problem")
    def problem() -> Response:
        return problem_page("slot_taken", 409, request_id="0123456789")

    return app
