"""Amounts in Chinese capitals, as they stand on receipts so that no digit can be altered (handbook section 3.16)."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
LARGEST_FEN = 10**18 - 1
_GROUP = 10_000


def in_capitals(fen: int) -> str:
    """1693200 -> 壹万陆仟玖佰叁拾贰元整. Raises ValueError beyond 9,999 万亿 yuan.

    Zeros between digits are said once (零), also where only the 角 is nothing; zeros at an end are not said.
    What ends at yuan or 角 is closed with 整. A red receipt's amount begins with 负.
    """
    if abs(fen) > LARGEST_FEN:
        raise ValueError("an amount that no receipt can hold")
    yuan, jiao, rest = abs(fen) // 100, abs(fen) // 10 % 10, abs(fen) % 10
    said = f"{_whole(yuan)}元" if yuan or not fen else ""
    if jiao:
        said += f"{DIGITS[jiao]}角"
    elif rest and yuan:
        said += "零"
    said += f"{DIGITS[rest]}分" if rest else "整"
    return ("负" if fen < 0 else "") + said


def _whole(yuan: int) -> str:
    """A whole number, group of four digits by group."""
    if not yuan:
        return DIGITS[0]
    groups = []
    while yuan:
        yuan, group = divmod(yuan, _GROUP)
        groups.append(group)
    said = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            continue
        skipped = said and (group < _GROUP // 10 or (index + 1 < len(groups) and not groups[index + 1]))
        said += (DIGITS[0] if skipped else "") + _group(group) + _name(index, groups)
    return said


def _name(index: int, groups: list[int]) -> str:
    """The name of a group; of 万亿 the 亿 is left to the group below, where that one says it."""
    return "万" if index == len(GROUPS) - 1 and groups[index - 1] else GROUPS[index]


def _group(group: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            said += (DIGITS[0] if gap and said else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return said
