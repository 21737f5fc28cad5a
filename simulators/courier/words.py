"""The courier's words in both languages."""

from __future__ import annotations

WORDS = {
    "title": ("快递模拟器", "Courier simulator"),
    "simulated": ("模拟：没有真的包裹", "Simulated: no real parcels"),
    "other_language": ("English", "中文"),
    "about": (
        "这里扮演快递公司，有自己的账本。点开一个包裹，就能让它往前走、延误、退回；也可以让接下来的调用变慢、没有回音或拒绝。",
        "This plays a courier with its own books. Open a parcel to move it on, delay or return it, or spoil calls.",
    ),
    "parcels": ("包裹", "Parcels"),
    "none": ("还没有包裹", "No parcels yet"),
    "none.sub": ("医院要了面单，这里就会出现。", "One appears when the hospital asks for a label."),
    "number": ("运单号", "Tracking number"),
    "receiver": ("收件人", "Receiver"),
    "happened": ("经过", "What happened"),
    "next": ("接下来发生什么", "What happens next"),
    "nothing_next": ("这个包裹不会再动了", "Nothing more happens to this parcel"),
    "wrong_tap": ("现在不能这样，请再选一次。", "That cannot happen now. Please choose again."),
    "back": ("全部包裹", "All parcels"),
    "labelled": ("已出面单，等待揽收", "Labelled, waiting to be picked up"),
    "picked_up": ("已揽收", "Picked up"),
    "on_the_way": ("运输中", "On the way"),
    "delayed": ("延误", "Delayed"),
    "delivered": ("已签收", "Delivered"),
    "returning": ("正在退回", "On the way back"),
    "returned": ("已退回寄件人", "Returned to the sender"),
    "lost": ("丢失", "Lost"),
    "cancelled": ("面单已取消", "Label cancelled"),
    "choose": ("接下来怎么回答", "How the next calls are answered"),
    "mood": ("怎么样", "How"),
    "calls": ("几次", "How many times"),
    "set": ("就这样", "Set"),
    "reset": ("全部恢复正常", "Everything normal again"),
    "waiting_moods": ("还没用掉的", "Still to come"),
    "wrong_choice": ("没有看懂这次选择，请再选一次。", "That choice was not understood. Please choose again."),
    "slow": ("办了，但答得太慢", "Done, but answers too late"),
    "lost_answer": ("办了，回音丢了", "Done, and the answer is lost"),
    "silent": ("没办，也没回音", "Not done, and no answer"),
    "refusing": ("拒绝", "Refuses"),
    "told_twice": ("通知来两次", "The next notice comes twice"),
    "never_told": ("通知丢了", "The next notice is lost"),
    "untold": ("还没送达的通知", "Notices not delivered yet"),
    "not_found": ("没有这一页", "There is no such page"),
}


def say(name: str, language: str) -> str:
    """The words for a name in `zh` or `en`."""
    return WORDS[name][language == "en"]
