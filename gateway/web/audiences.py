"""The blueprints of the pages, one for each audience; `gateway.app` registers them all."""

from __future__ import annotations

from flask import Blueprint

from gateway.web import (
    cashier,
    checking,
    dietitian,
    front_desk,
    late_charges,
    meals,
    patient,
    receipts,
    records_window,
    staff,
    stuck,
    ward,
)
from gateway.web.demo import demo_pages
from gateway.web.design import design_pages

BLUEPRINTS: tuple[Blueprint, ...] = (
    *(
        design_pages,
        demo_pages,
        checking.pages,
        staff.pages,
        cashier.pages,
        late_charges.pages,
        records_window.pages,
        stuck.pages,
    ),
    *receipts.BLUEPRINTS,
    *patient.BLUEPRINTS,
    *front_desk.BLUEPRINTS,
    *ward.BLUEPRINTS,
    *dietitian.BLUEPRINTS,
    *meals.BLUEPRINTS,
)
