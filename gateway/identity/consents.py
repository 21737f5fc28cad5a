"""The texts that a person agrees to, in both languages, each with its version. A new version is asked for again.

The law asks for separate consent to the processing of sensitive personal information (Personal Information Protection
Law, articles 28 to 30), so it is a text and a tick of its own. A changed text gets the next version here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """One text that a person agrees to: its title and its paragraphs, by language (`zh`, `en`)."""

    code: str
    version: int
    title: Names
    paragraphs: Mapping[str, tuple[str, ...]]


def _chinese(text: str) -> tuple[str, ...]:
    return tuple("".join(line.strip() for line in part.splitlines()) for part in text.strip().split("\n\n"))


def _english(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))


_TERMS_ZH = """
安心帮您预约、付费、订餐和复印病历。看病和用药以医生当面说的为准。

预约后请在保留时间内付费，过时号会放给别人；过时才付的钱自动原路退回。

您可以为自己和家人预约，每位病人都要用本人的真实身份登记。请不要替不认识的人预约，也不要转卖号源。

请保管好手机。换手机或手机丢了，请在另一部手机上登录并选择“退出所有设备”，或请窗口帮忙。

不想再用时，可以随时退出或到窗口注销账号。医院依法保存的病历和账目不会因此删除。
"""

_TERMS_EN = """
Anxin helps you book, pay, order meals and get copies of records. What your doctor tells you always comes first.

Please pay within the time a place is kept for you. After that it goes to others, and money paid late is returned.

You may book for yourself and your family. Every patient is registered with their own real identity. Please do not book
for strangers or sell places.

Look after your phone. If you change or lose it, log in on another one and choose “log out everywhere”, or ask at the
front desk.

You may log out or close your account at the front desk at any time. Records and accounts that the law requires the
hospital to keep stay with the hospital.
"""

_SENSITIVE_ZH = """
为了给您和家人挂号、结算，我们需要处理：姓名、证件号码、手机号、预约和就诊记录、账单。
其中证件号码、就诊记录和未满 14 岁孩子的信息是敏感个人信息。

为什么需要：国家要求实名就诊；没有这些信息，医院无法确认是本人，也无法退费和开票。

怎样保护：只用于您申请的服务；证件号码加密保存、显示时遮住；谁看过您的资料都有记录，您可以随时查看。

给谁：只给为您服务的科室和您选择的支付机构，支付机构只得到金额和单号。

您可以不同意，也可以随时撤回；撤回后手机上不能再预约，窗口照常为您服务。
"""

_SENSITIVE_EN = """
To register you and your family and to settle bills we process names, identity document numbers, phone numbers,
appointments and visits, and bills. Document numbers, visits and everything about children under 14 are sensitive
personal information.

Why: real-name visits are required by the state. Without this the hospital cannot tell who you are, refund you or give
you receipts.

How it is protected: used only for the services you ask for; document numbers are encrypted and shown masked; everyone
who looks at your data is recorded, and you can read that record at any time.

Who receives it: only the departments that serve you, and the payment provider you choose, which learns the amount and
the bill number and nothing else.

You may refuse, and you may withdraw at any time. After that you cannot book on the phone; the front desk serves you as
before.
"""

TEXTS: tuple[ConsentText, ...] = (
    ConsentText(
        code="service_terms",
        version=1,
        title={"zh": "用户须知", "en": "Terms of service"},
        paragraphs={"zh": _chinese(_TERMS_ZH), "en": _english(_TERMS_EN)},
    ),
    ConsentText(
        code="sensitive_information",
        version=1,
        title={"zh": "敏感个人信息单独同意书", "en": "Separate consent to the use of sensitive information"},
        paragraphs={"zh": _chinese(_SENSITIVE_ZH), "en": _english(_SENSITIVE_EN)},
    ),
)


def in_force(texts: tuple[ConsentText, ...] = TEXTS) -> dict[str, int]:
    """The version in force of each text."""
    return {text.code: text.version for text in texts}
