"""Numbers are sealed, found again by fingerprint, and opened only with the installation's secret."""

from __future__ import annotations

import pytest

from shared.sealing import SealBroken, Sealer

SECRET = "a secret of the tests, long enough to be one"
NUMBER = "329900195603080017"


def test_a_sealed_number_can_be_opened_and_looks_different_each_time() -> None:
    sealer = Sealer(SECRET)
    one, other = sealer.seal(NUMBER), sealer.seal(NUMBER)
    assert one != other
    assert NUMBER.encode() not in one
    assert (sealer.open(one), Sealer(SECRET).open(other)) == (NUMBER, NUMBER)


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_a_change_is_noticed(position: int) -> None:
    sealed = bytearray(Sealer(SECRET).seal(NUMBER))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        Sealer(SECRET).open(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01short", b"\x02" + b"x" * 40])
def test_what_was_never_sealed_is_not_opened(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        Sealer(SECRET).open(sealed)


def test_another_secret_opens_nothing_and_makes_other_fingerprints() -> None:
    other = Sealer(SECRET + "!")
    with pytest.raises(SealBroken):
        other.open(Sealer(SECRET).seal(NUMBER))
    assert other.fingerprint(NUMBER) != Sealer(SECRET).fingerprint(NUMBER)


def test_a_fingerprint_is_the_same_each_time_and_of_its_purpose_only() -> None:
    sealer = Sealer(SECRET)
    assert sealer.fingerprint(NUMBER) == Sealer(SECRET).fingerprint(NUMBER)
    made = {sealer.fingerprint(NUMBER), sealer.fingerprint(NUMBER, "message"), sealer.derive("number", NUMBER).hex()}
    assert len(made) == 3
    assert {len(each) for each in made} == {64}
