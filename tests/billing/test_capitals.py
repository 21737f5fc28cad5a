"""Chinese capitals on receipts: a table, and what holds for every amount."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.capitals import LARGEST_FEN, in_capitals

TABLE = {
    "0.00": "零元整",
    "0.01": "壹分",
    "0.05": "伍分",
    "0.10": "壹角整",
    "0.56": "伍角陆分",
    "1.00": "壹元整",
    "1.01": "壹元零壹分",
    "1.10": "壹元壹角整",
    "10.00": "壹拾元整",
    "10.05": "壹拾元零伍分",
    "12.30": "壹拾贰元叁角整",
    "20.20": "贰拾元贰角整",
    "100.00": "壹佰元整",
    "101.00": "壹佰零壹元整",
    "110.50": "壹佰壹拾元伍角整",
    "325.04": "叁佰贰拾伍元零肆分",
    "1000.00": "壹仟元整",
    "1001.00": "壹仟零壹元整",
    "1010.00": "壹仟零壹拾元整",
    "1409.50": "壹仟肆佰零玖元伍角整",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "3567.78": "叁仟伍佰陆拾柒元柒角捌分",
    "6007.14": "陆仟零柒元壹角肆分",
    "10000.00": "壹万元整",
    "10001.00": "壹万零壹元整",
    "10010.00": "壹万零壹拾元整",
    "10100.00": "壹万零壹佰元整",
    "11000.00": "壹万壹仟元整",
    "12693.94": "壹万贰仟陆佰玖拾叁元玖角肆分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "100000.00": "壹拾万元整",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "100500.00": "壹拾万零伍佰元整",
    "1000000.00": "壹佰万元整",
    "10000000.01": "壹仟万元零壹分",
    "100000000.00": "壹亿元整",
    "100000001.00": "壹亿零壹元整",
    "100010000.00": "壹亿零壹万元整",
    "110000000.00": "壹亿壹仟万元整",
    "100001000.00": "壹亿零壹仟元整",
    "10000000000.00": "壹佰亿元整",
    "1000000000000.00": "壹万亿元整",
    "1000100000000.00": "壹万零壹亿元整",
    "-12.30": "负壹拾贰元叁角整",
    "-0.01": "负壹分",
}


@pytest.mark.parametrize(("amount", "said"), TABLE.items())
def test_an_amount_is_said_as_banks_write_it(amount: str, said: str) -> None:
    assert in_capitals(int(amount.replace(".", ""))) == said


def heard(said: str) -> int:
    """What a reader makes of it, in fen."""
    values = {digit: number for number, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    sign, said = (-1, said[1:]) if said.startswith("负") else (1, said)
    total = group = digit = 0
    whole, _, rest = said.rpartition("元")
    for letter in whole:
        if letter in values:
            digit = values[letter]
        elif letter in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(letter) + 1), 0
        elif letter == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    fen = (total + group + digit) * 100
    for letter, worth in (("角", 10), ("分", 1)):
        found = re.search(f"(.){letter}", rest)
        fen += values[found[1]] * worth if found else 0
    return sign * fen


@given(st.one_of(st.integers(-(10**9), 10**9), st.integers(-(10**17), 10**17)))
def test_every_amount_is_heard_as_it_was_said(fen: int) -> None:
    said = in_capitals(fen)
    assert heard(said) == fen
    assert "零零" not in said
    assert not re.search("零[元万亿整拾佰仟]", said) or fen == 0
    assert said.endswith(("整", "分"))


@pytest.mark.parametrize("fen", [LARGEST_FEN + 1, -LARGEST_FEN - 1])
def test_what_no_receipt_can_hold_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="no receipt"):
        in_capitals(fen)
