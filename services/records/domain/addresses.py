"""Where a copy is posted to: a receiver, a phone, a region and a street, each checked before anybody pays for it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass

from services.records.domain.copy_refusals import AddressInvalid, RegionNotServed
from services.records.domain.names import NameInvalid, PhoneInvalid, mask_phone, person_name, phone_number

PROVINCES = {
    "11": ("北京市", "Beijing"),
    "12": ("天津市", "Tianjin"),
    "13": ("河北省", "Hebei"),
    "14": ("山西省", "Shanxi"),
    "15": ("内蒙古自治区", "Inner Mongolia"),
    "21": ("辽宁省", "Liaoning"),
    "22": ("吉林省", "Jilin"),
    "23": ("黑龙江省", "Heilongjiang"),
    "31": ("上海市", "Shanghai"),
    "32": ("江苏省", "Jiangsu"),
    "33": ("浙江省", "Zhejiang"),
    "34": ("安徽省", "Anhui"),
    "35": ("福建省", "Fujian"),
    "36": ("江西省", "Jiangxi"),
    "37": ("山东省", "Shandong"),
    "41": ("河南省", "Henan"),
    "42": ("湖北省", "Hubei"),
    "43": ("湖南省", "Hunan"),
    "44": ("广东省", "Guangdong"),
    "45": ("广西壮族自治区", "Guangxi"),
    "46": ("海南省", "Hainan"),
    "50": ("重庆市", "Chongqing"),
    "51": ("四川省", "Sichuan"),
    "52": ("贵州省", "Guizhou"),
    "53": ("云南省", "Yunnan"),
    "54": ("西藏自治区", "Tibet"),
    "61": ("陕西省", "Shaanxi"),
    "62": ("甘肃省", "Gansu"),
    "63": ("青海省", "Qinghai"),
    "64": ("宁夏回族自治区", "Ningxia"),
    "65": ("新疆维吾尔自治区", "Xinjiang"),
}
"""Regions served, by the first two digits of GB/T 2260; Hong Kong, Macau and Taiwan (81, 82, 71) are not."""
_ELSEWHERE = {"71", "81", "82"}
_SHORTEST_STREET = 5
_SHORTEST_CITY = 2
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """An address as the carrier needs it; `province` is two digits."""

    name: str
    phone: str
    province: str
    city: str
    street: str

    @staticmethod
    def checked(*, name: str, phone: str, province: str, city: str, street: str) -> PostalAddress:
        """The address in one spelling. Raises AddressInvalid with the member that is wrong, or RegionNotServed."""
        if province in _ELSEWHERE:
            raise RegionNotServed(member="province")
        if province not in PROVINCES:
            raise AddressInvalid(member="province")
        try:
            name, phone = person_name(name), phone_number(phone)
        except (NameInvalid, PhoneInvalid) as error:
            raise AddressInvalid(member="name" if isinstance(error, NameInvalid) else "phone") from error
        city, street = _one_line(city), _one_line(street)
        if len(city) < _SHORTEST_CITY or not _LETTER.search(city):
            raise AddressInvalid(member="city")
        if len(street) < _SHORTEST_STREET or not _LETTER.search(street):
            raise AddressInvalid(member="street")
        return PostalAddress(name=name, phone=phone, province=province, city=city, street=street)

    def to_text(self) -> str:
        """As it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> PostalAddress:
        """As it was sealed."""
        return PostalAddress(**json.loads(text))

    @property
    def phone_masked(self) -> str:
        """The phone as a list may show it."""
        return mask_phone(self.phone)


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
