"""The insurer's words in both languages."""

from __future__ import annotations

WORDS = {
    "title": ("医保模拟器", "Insurer simulator"),
    "no_real_money": ("模拟：不是真的医保，参数非官方", "Simulated: no real insurance, nothing official"),
    "other_language": ("English", "中文"),
    "about": (
        "这里扮演医保经办机构，有自己的账本。下面可以让它在接下来的几次调用里变慢、没有回音、拒绝或说不清。",
        "This plays the insurance platform, with its own books. Make its next calls slow, silent, refused or unclear.",
    ),
    "choose": ("接下来怎么回答", "How the next calls are answered"),
    "which": ("哪个交易", "Which transaction"),
    "mood": ("怎么回答", "How"),
    "calls": ("几次", "How many calls"),
    "set": ("就这样", "Set"),
    "reset": ("全部恢复正常", "Everything normal again"),
    "waiting_moods": ("还没用掉的", "Still to come"),
    "none_waiting": ("接下来一切正常", "The next calls are all normal"),
    "wrong_choice": ("没有看懂这次选择，请再选一次。", "That choice was not understood. Please choose again."),
    "any": ("任何交易", "Any transaction"),
    "1101": ("1101 查人", "1101 person"),
    "2301": ("2301 传明细", "2301 upload details"),
    "2302": ("2302 撤明细", "2302 withdraw details"),
    "2303": ("2303 预结算", "2303 pre-settlement"),
    "2304": ("2304 结算", "2304 settlement"),
    "2305": ("2305 取消结算", "2305 cancel settlement"),
    "2601": ("2601 冲正", "2601 reversal"),
    "5203": ("5203 查结算", "5203 query settlement"),
    "normal": ("正常", "Normal"),
    "slow": ("办了，但答得太慢", "Done, but answers too late"),
    "lost": ("办了，回音丢了", "Done, and the answer is lost"),
    "silent": ("没办，也没回音", "Not done, and no answer"),
    "unknown": ("办了，只说处理中", "Done, but says only “processing”"),
    "refusing": ("拒绝", "Refuses"),
    "differing": ("基金少付 10 元", "The fund pays 10 yuan less"),
    "broken": ("金额对不上", "Amounts that do not add up"),
    "settlements": ("结算", "Settlements"),
    "state.settled": ("已结算", "Settled"),
    "state.cancelled": ("已取消", "Taken back"),
    "state.barred": ("已冲正，未发生", "Barred before it came"),
    "fund": ("基金", "Fund"),
    "account": ("个人账户", "Account"),
    "cash": ("现金", "Cash"),
    "totals": ("账本合计", "Books in total"),
    "fund_total": ("基金共付", "Paid by the fund"),
    "account_total": ("个人账户共付", "Paid from accounts"),
    "latest_calls": ("最近的调用", "Latest calls"),
    "nothing": ("还没有调用", "No calls yet"),
    "not_found": ("没有这一页", "There is no such page"),
    "answer.done": ("办好", "done"),
    "answer.nothing": ("没有办", "not done"),
}


def say(name: str, language: str) -> str:
    """The words for a name in `zh` or `en`."""
    return WORDS[name][language == "en"]
