"""Receipts: on the phone, at the ward, and a public page that says whether one is real."""

from gateway.web.receipts import checking, insurance, phone, wards

BLUEPRINTS = (checking.pages, phone.pages, wards.pages, insurance.pages)
