"""The facts that links follow; heard in the worker only."""

from __future__ import annotations

from gateway.identity.schemas import PatientMergedSchema
from gateway.identity.usecases import merge_patient
from shared.service import Subscription

SUBSCRIPTIONS = {"records.patient_merged.v1": Subscription(PatientMergedSchema, merge_patient)}
