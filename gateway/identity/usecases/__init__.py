"""What somebody can ask of identity, one function each."""

from gateway.identity.usecases.accounts import end_all_sessions, end_session, give_consents, note_use, withdraw_consent
from gateway.identity.usecases.codes import log_in_with_code, open_account, put_demo_message, request_code
from gateway.identity.usecases.family import (
    choose_patient,
    link_patient,
    may_link_another,
    merge_patient,
    unlink_patient,
)
from gateway.identity.usecases.housekeeping import forget
from gateway.identity.usecases.staff import (
    add_staff_member,
    admit_password_try,
    change_password,
    change_roles,
    log_in_staff,
)
from gateway.identity.usecases.tokens import create_token, revoke_token

__all__ = [
    "add_staff_member",
    "admit_password_try",
    "change_password",
    "change_roles",
    "choose_patient",
    "create_token",
    "end_all_sessions",
    "end_session",
    "forget",
    "give_consents",
    "link_patient",
    "log_in_staff",
    "log_in_with_code",
    "may_link_another",
    "merge_patient",
    "note_use",
    "open_account",
    "put_demo_message",
    "request_code",
    "revoke_token",
    "unlink_patient",
    "withdraw_consent",
]
