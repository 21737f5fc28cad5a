"""What may be in food that somebody must not eat: allergens and what diets and people exclude (handbook 4.1, 4.4)."""

from __future__ import annotations

from enum import StrEnum


class Allergen(StrEnum):
    """The eight groups of GB 7718, and what hospitals add to them."""

    GLUTEN = "gluten"
    CRUSTACEAN = "crustacean"
    FISH = "fish"
    EGG = "egg"
    PEANUT = "peanut"
    SOY = "soy"
    MILK = "milk"
    NUT = "nut"
    MOLLUSC = "mollusc"
    MANGO = "mango"
    BEEF_MUTTON = "beef_mutton"
    ALCOHOL = "alcohol"
    MSG = "msg"
    BROAD_BEAN = "broad_bean"


GB_7718 = tuple(list(Allergen)[:8])
"""The groups that the national standard lists; the others are the hospital's own."""


class Trait(StrEnum):
    """What an ingredient or the way of cooking brings along, beside its numbers."""

    ADDED_SALT = "added_salt"
    PICKLED = "pickled"
    ALKALI = "alkali"
    ADDED_SUGAR = "added_sugar"
    IODINE_RICH = "iodine_rich"
    COARSE_GRAIN = "coarse_grain"
    STICKY_RICE = "sticky_rice"
    FRIED = "fried"
    SPICY = "spicy"
    PORK = "pork"
    BEEF_MUTTON = "beef_mutton"
    MEAT = "meat"
    SEAFOOD = "seafood"
    OFFAL = "offal"
    ANIMAL = "animal"
    ALCOHOL = "alcohol"
    TEA = "tea"
    VITAMIN_K = "vitamin_k"
    TYRAMINE = "tyramine"
    GRAPEFRUIT = "grapefruit"
    CORIANDER = "coriander"
    GREEN_LEAF = "green_leaf"
    HOT = "hot"


NAMES: dict[Allergen | Trait, tuple[str, str]] = {
    Allergen.GLUTEN: ("含麸质谷物", "gluten"),
    Allergen.CRUSTACEAN: ("甲壳类（虾蟹）", "crustaceans"),
    Allergen.FISH: ("鱼", "fish"),
    Allergen.EGG: ("蛋", "egg"),
    Allergen.PEANUT: ("花生", "peanut"),
    Allergen.SOY: ("大豆", "soy"),
    Allergen.MILK: ("乳", "milk"),
    Allergen.NUT: ("坚果", "nuts"),
    Allergen.MOLLUSC: ("贝类", "molluscs"),
    Allergen.MANGO: ("芒果", "mango"),
    Allergen.BEEF_MUTTON: ("牛羊肉", "beef and mutton"),
    Allergen.ALCOHOL: ("酒精（料酒）", "alcohol (cooking wine)"),
    Allergen.MSG: ("味精", "monosodium glutamate"),
    Allergen.BROAD_BEAN: ("蚕豆", "broad beans"),
    Trait.ADDED_SALT: ("盐或酱油", "salt or soy sauce"),
    Trait.PICKLED: ("腌制品", "pickled food"),
    Trait.ALKALI: ("食用碱", "alkali"),
    Trait.ADDED_SUGAR: ("添加糖", "added sugar"),
    Trait.IODINE_RICH: ("高碘食材或加碘盐", "iodine-rich food or iodised salt"),
    Trait.COARSE_GRAIN: ("粗粮", "coarse grain"),
    Trait.STICKY_RICE: ("糯米", "sticky rice"),
    Trait.FRIED: ("油炸", "deep-fried food"),
    Trait.SPICY: ("辛辣", "hot spice"),
    Trait.PORK: ("猪肉", "pork"),
    Trait.BEEF_MUTTON: ("牛羊肉", "beef or mutton"),
    Trait.MEAT: ("肉", "meat"),
    Trait.SEAFOOD: ("水产", "fish or seafood"),
    Trait.OFFAL: ("内脏或血", "offal or blood"),
    Trait.ANIMAL: ("动物性食材", "food from animals"),
    Trait.ALCOHOL: ("酒", "alcohol"),
    Trait.TEA: ("茶", "tea"),
    Trait.VITAMIN_K: ("富含维生素K的食材", "food rich in vitamin K"),
    Trait.TYRAMINE: ("富含酪胺的食材", "food rich in tyramine"),
    Trait.GRAPEFRUIT: ("葡萄柚", "grapefruit"),
    Trait.CORIANDER: ("香菜", "coriander"),
    Trait.GREEN_LEAF: ("绿叶菜", "green leaves"),
    Trait.HOT: ("热食", "served hot"),
}
