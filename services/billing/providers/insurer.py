"""What billing needs of the medical insurance platform, and the platform reached over HTTP.

One POST to `/fsi/api/{number}` with `{infno, msgid, input}` for each transaction of the national interface (handbook
section 3.13); `infcode` 0 is done, -1 refused, everything else unclear. Signed like the wallet, in the headers
`Insurer-Timestamp`, `Insurer-Nonce`, `Insurer-Signature`. Amounts that do not add up are no answer.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Protocol

import requests

from services.billing.domain.claim import ANSWER_BROKEN, ClaimAnswer, ClaimIntent, ClaimOutcome
from services.billing.domain.coverage import PersonAnswer
from services.billing.domain.insurance import Insured
from services.billing.domain.insurance_amounts import IdentitiesBroken, InsuranceAmounts
from services.billing.domain.insurance_parameters import InsuredKind
from services.billing.providers.signing import Unclear, signature
from shared.client import pooled_session
from shared.clock import Clock, utc_now
from shared.money import to_amount, to_fen

INSURER = "insurer"
"""The insurer's name in the outside world of billing."""
TIMEOUT_SECONDS = (1.0, 12.0)
FRESH_SECONDS = 300
_DONE, _REFUSED = 0, -1
_LONGEST_ID = 80
_KINDS = {
    ("310", "11"): InsuredKind.EMPLOYEE,
    ("310", "21"): InsuredKind.RETIRED,
    ("390", "14"): InsuredKind.RESIDENT,
}
_AMOUNTS = tuple(field.name for field in fields(InsuranceAmounts))


class Insurer(Protocol):
    """What billing needs of an insurer. No call raises for what the other side does: no clear answer is `unknown`."""

    def ask_person(self, psn_no: str) -> PersonAnswer:
        """1101: how a person is insured."""
        ...

    def presettle(self, intent: ClaimIntent) -> ClaimAnswer:
        """2301 and 2303: upload the details and ask what a settlement would give. Binds nobody, may be repeated."""
        ...

    def settle(self, intent: ClaimIntent) -> ClaimAnswer:
        """2304: settle; sent again with the same claim it is the same settlement."""
        ...

    def query(self, intent: ClaimIntent) -> ClaimAnswer:
        """5203: what became of a settlement."""
        ...

    def cancel(self, intent: ClaimIntent) -> ClaimAnswer:
        """2305: take back a settlement that is known."""
        ...

    def reverse(self, intent: ClaimIntent) -> ClaimAnswer:
        """2601: undo a settlement that may have been, and bar one that may still come."""
        ...


class _Refusal(Exception):
    """The platform clearly says no; the text is its reason."""


class HttpInsurer:
    """The platform at an address."""

    def __init__(
        self, address: str, *, secret: str, session: requests.Session | None = None, clock: Clock = utc_now
    ) -> None:
        self._address, self._secret = address, secret.encode()
        self._session = session or pooled_session(8)
        self._clock = clock

    def ask_person(self, psn_no: str) -> PersonAnswer:
        """1101."""
        try:
            return PersonAnswer(insured=_read_person(self._call("1101", psn_no, {"psn_no": psn_no})))
        except _Refusal as refusal:
            return PersonAnswer(refused=True, problem=str(refusal))
        except (Unclear, ValueError, KeyError, TypeError, IndexError) as error:
            return PersonAnswer(problem=_silence(error))

    def presettle(self, intent: ClaimIntent) -> ClaimAnswer:
        """2301, then 2303 for exactly what was uploaded."""
        try:
            uploaded = self._call("2301", intent.claim_id, self._about(intent) | {"feedetail": intent.lines})
            if to_fen(uploaded["medfee_sumamt"]) != intent.total_fen or uploaded["count"] != len(intent.lines):
                return ClaimAnswer(outcome=ClaimOutcome.UNKNOWN, problem=ANSWER_BROKEN)
        except _Refusal as refusal:
            return ClaimAnswer(outcome=ClaimOutcome.REFUSED, problem=str(refusal))
        except (Unclear, ValueError, KeyError, TypeError) as error:
            return ClaimAnswer(outcome=ClaimOutcome.UNKNOWN, problem=_silence(error))
        return self._ask("2303", intent, self._about(intent) | _sum(intent))

    def settle(self, intent: ClaimIntent) -> ClaimAnswer:
        """2304."""
        return self._ask("2304", intent, self._about(intent) | _sum(intent))

    def query(self, intent: ClaimIntent) -> ClaimAnswer:
        """5203."""
        return self._ask("5203", intent, self._about(intent))

    def cancel(self, intent: ClaimIntent) -> ClaimAnswer:
        """2305."""
        return self._ask("2305", intent, self._about(intent) | {"setl_id": intent.setl_id})

    def reverse(self, intent: ClaimIntent) -> ClaimAnswer:
        """2601."""
        return self._ask("2601", intent, self._about(intent) | {"omsgid": str(intent.claim_id), "oinfno": "2304"})

    @staticmethod
    def _about(intent: ClaimIntent) -> dict[str, Any]:
        return {"mdtrt_id": str(intent.claim_id), "psn_no": intent.psn_no}

    def _ask(self, infno: str, intent: ClaimIntent, data: dict[str, Any]) -> ClaimAnswer:
        try:
            return _read_claim(infno, self._call(infno, intent.claim_id, data), intent)
        except _Refusal as refusal:
            code = str(refusal)
            found = {
                "settlement_not_found": ClaimOutcome.NOT_FOUND,
                "settlement_cancelled": ClaimOutcome.REVERSED,
                "transaction_reversed": ClaimOutcome.REVERSED,
            }
            return ClaimAnswer(outcome=found.get(code, ClaimOutcome.REFUSED), problem=code)
        except IdentitiesBroken:
            return ClaimAnswer(outcome=ClaimOutcome.UNKNOWN, problem=ANSWER_BROKEN)
        except (Unclear, ValueError, KeyError, TypeError) as error:
            return ClaimAnswer(outcome=ClaimOutcome.UNKNOWN, problem=_silence(error))

    def _call(self, infno: str, key: object, data: dict[str, Any]) -> dict[str, Any]:
        """The output of a transaction that was done. Raises _Refusal, or Unclear for everything that is neither."""
        message = {"infno": infno, "msgid": f"{infno}-{key}", "input": data}
        path, body = f"/fsi/api/{infno}", json.dumps(message, ensure_ascii=False).encode()
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "Insurer-Timestamp": timestamp,
            "Insurer-Nonce": nonce,
            "Insurer-Signature": signature(self._secret, "POST", path, timestamp, nonce, body),
        }
        try:
            response = self._session.post(
                self._address + path, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
            content = response.content
        except requests.RequestException as error:
            raise Unclear("insurer_silent") from error
        self._check_signature(response.headers, content)
        answer = json.loads(content)
        if answer["infcode"] == _REFUSED and response.ok:
            raise _Refusal(str(answer["err_msg"])[:80])
        if answer["infcode"] != _DONE or not isinstance(answer["output"], dict):
            raise Unclear("insurer_processing")
        output: dict[str, Any] = answer["output"]
        return output

    def _check_signature(self, headers: Mapping[str, str], body: bytes) -> None:
        timestamp, nonce = headers.get("Insurer-Timestamp", ""), headers.get("Insurer-Nonce", "")
        given = headers.get("Insurer-Signature", "")
        is_right = given.isascii() and hmac.compare_digest(given, signature(self._secret, timestamp, nonce, body))
        is_fresh = timestamp.isdecimal() and abs(self._clock().timestamp() - int(timestamp)) <= FRESH_SECONDS
        if not is_right or not is_fresh:
            raise Unclear("insurer_unreadable")


def _sum(intent: ClaimIntent) -> dict[str, str]:
    return {"medfee_sumamt": to_amount(intent.total_fen), "acct_used_flag": "1" if intent.use_account else "0"}


def _silence(error: Exception) -> str:
    return str(error) if isinstance(error, Unclear) else "insurer_unreadable"


def _read_person(output: dict[str, Any]) -> Insured:
    insurance, used = output["insuinfo"][0], output["cuminfo"]
    admissions = used["admissions"]
    if insurance["psn_insu_stas"] != "1" or type(admissions) is not int or admissions < 0:
        raise ValueError("no insurance in force")
    return Insured(
        kind=_KINDS[insurance["insutype"], insurance["psn_type"]],
        account_balance_fen=_not_negative(insurance["balc"]),
        admissions_before=admissions,
        pool_paid_fen=_not_negative(used["pool_paid"]),
        own_in_scope_fen=_not_negative(used["own_in_scope"]),
        supplement_paid_fen=_not_negative(used["supplement_paid"]),
    )


def _not_negative(amount: str) -> int:
    fen = to_fen(amount)
    if fen < 0:
        raise ValueError("an amount is negative")
    return fen


def _read_claim(infno: str, output: dict[str, Any], intent: ClaimIntent) -> ClaimAnswer:
    """The platform's words for a claim in ours. Raises IdentitiesBroken, ValueError, KeyError or TypeError."""
    if infno == "2601":
        if output["state"] != "reversed":
            raise ValueError("a reversal in no known state")
        return ClaimAnswer(outcome=ClaimOutcome.REVERSED)
    told = output["setlinfo"]
    if told["mdtrt_id"] != str(intent.claim_id):
        raise ValueError("an answer about another claim")
    if infno != "2303" and told["state"] in {"cancelled", "barred"}:
        return ClaimAnswer(outcome=ClaimOutcome.REVERSED, problem="insurer_reversed")
    amounts = InsuranceAmounts(**{name: to_fen(told[name]) for name in _AMOUNTS})
    amounts.check()
    if amounts.medfee_sumamt != intent.total_fen:
        raise IdentitiesBroken("the total is not that of the details")
    if infno == "2303":
        return ClaimAnswer(outcome=ClaimOutcome.PRESETTLED, amounts=amounts)
    if told["state"] != "settled":
        raise ValueError("a settlement in no known state")
    return ClaimAnswer(outcome=ClaimOutcome.SETTLED, amounts=amounts, setl_id=_text(told["setl_id"]))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise ValueError("a text is missing or too long")
    return value
