"""The hospital's diets as data: textures, restrictions and exclusions (handbook section 4.1). Limits are for a day.

Where sources differ, the figure that the hospital's diet manual would give stands here. Milligrams and micrograms as
in `nutrition`; energy in small calories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from services.meals.domain.food import Allergen, Trait
from services.meals.domain.meal_times import SPLIT, Meal
from services.meals.domain.nutrition import SODIUM_OF_SALT, Amounts, Nutrient

GRAM = KCAL = 1000
_MICROGRAMS = 1000


class Consistency(StrEnum):
    """How a dish comes to the table."""

    NORMAL = "normal"
    SOFT = "soft"
    SEMI_LIQUID = "semi_liquid"
    PUREE = "puree"
    LIQUID = "liquid"
    CLEAR = "clear"
    FORMULA = "formula"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One diet of the manual: what it limits for a day (`at_most`), asks for (`at_least`) and forbids.

    `split` is each meal's share of the day; `fat_ratio` is grams of fat for each gram of protein and carbohydrate.
    """

    code: str
    zh: str
    en: str
    at_most: Amounts = field(default_factory=dict)
    at_least: Amounts = field(default_factory=dict)
    forbids: frozenset[Trait] = frozenset()
    without: frozenset[Allergen] = frozenset()
    split: Mapping[Meal, Fraction] = field(default_factory=lambda: SPLIT)
    fat_ratio: int = 0


@dataclass(frozen=True, kw_only=True)
class Texture(Rule):
    """A basic diet: which dishes are soft enough; energy and protein of the day are what the kitchen aims at."""

    eats: frozenset[Consistency]
    aims_kcal: tuple[int, int] | None = None
    aims_protein_g: tuple[int, int] | None = None
    meals_a_day: tuple[int, int] = (3, 3)
    longest_days: int | None = None


def _by_code(rules: list[Rule]) -> dict[str, Rule]:
    return {each.code: each for each in rules}


_DRINKS = frozenset({Consistency.LIQUID, Consistency.CLEAR})
_HALF = _DRINKS | {Consistency.SEMI_LIQUID, Consistency.PUREE}
_LIQUID_DAYS = 3
"""A liquid diet alone feeds nobody: not for more than three days."""

TEXTURES: dict[str, Texture] = {
    each.code: each
    for each in (
        Texture(
            code="GENERAL",
            zh="普食",
            en="general",
            eats=frozenset(Consistency) - {Consistency.FORMULA},
            aims_kcal=(1800, 2400),
            aims_protein_g=(70, 90),
        ),
        Texture(
            code="SOFT",
            zh="软食",
            en="soft",
            eats=_HALF | {Consistency.SOFT},
            forbids=frozenset({Trait.FRIED, Trait.SPICY, Trait.COARSE_GRAIN}),
            aims_kcal=(1600, 2200),
            aims_protein_g=(60, 80),
            meals_a_day=(3, 5),
        ),
        Texture(
            code="SEMI_LIQUID",
            zh="半流质",
            en="semi-liquid",
            eats=_HALF,
            forbids=frozenset({Trait.FRIED, Trait.SPICY, Trait.COARSE_GRAIN}),
            aims_kcal=(1400, 1600),
            aims_protein_g=(40, 60),
            meals_a_day=(5, 6),
        ),
        Texture(
            code="LIQUID",
            zh="流质",
            en="liquid",
            eats=_DRINKS,
            aims_kcal=(600, 800),
            aims_protein_g=(30, 40),
            meals_a_day=(6, 6),
            longest_days=_LIQUID_DAYS,
        ),
        Texture(
            code="CLEAR_LIQUID",
            zh="清流质",
            en="clear liquid",
            eats=frozenset({Consistency.CLEAR}),
            at_most={Nutrient.ENERGY: 500 * KCAL, Nutrient.PROTEIN: 10 * GRAM},
            aims_protein_g=(0, 10),
            meals_a_day=(6, 8),
            longest_days=_LIQUID_DAYS,
        ),
        Texture(
            code="COLD_LIQUID",
            zh="冷流质",
            en="cold liquid",
            eats=_DRINKS,
            forbids=frozenset({Trait.HOT}),
            meals_a_day=(6, 6),
            longest_days=_LIQUID_DAYS,
        ),
        Texture(
            code="THICK_LIQUID",
            zh="浓流质",
            en="thick liquid",
            eats=frozenset({Consistency.LIQUID}),
            meals_a_day=(6, 6),
            longest_days=_LIQUID_DAYS,
        ),
        Texture(code="DYSPHAGIA", zh="吞咽障碍膳食", en="dysphagia", eats=frozenset({Consistency.PUREE})),
        Texture(code="TUBE", zh="管饲", en="tube feeding", eats=frozenset({Consistency.FORMULA}), meals_a_day=(4, 6)),
    )
}

_DIABETIC_SPLIT = {Meal.BREAKFAST: Fraction(1, 5), Meal.LUNCH: Fraction(2, 5), Meal.DINNER: Fraction(2, 5)}
DIABETIC, DIABETIC_KCAL = "DIABETIC", 1800
DIABETIC_SHARES = {Nutrient.CARBOHYDRATE: (Fraction(60, 100), 4), Nutrient.FAT: (Fraction(35, 100), 9)}
"""Of the energy prescribed (or 1,800 kcal: 20 exchanges): at most this share, at so many kilocalories a gram."""

_SALTY = frozenset({Trait.ADDED_SALT, Trait.PICKLED})
_NO_IODINE = frozenset({Trait.IODINE_RICH, Trait.SEAFOOD})


def _most(nutrient: Nutrient, amount: int) -> dict[Nutrient, int]:
    return {nutrient: amount}


RESTRICTIONS = _by_code(
    [
        Rule(
            code="LOW_SALT",
            zh="低盐",
            en="low-salt",
            at_most=_most(Nutrient.SODIUM, 3 * SODIUM_OF_SALT),
            forbids=frozenset({Trait.PICKLED}),
        ),
        Rule(code="NO_SALT", zh="无盐", en="salt-free", at_most=_most(Nutrient.SODIUM, 1000), forbids=_SALTY),
        Rule(
            code="LOW_SODIUM",
            zh="低钠",
            en="low-sodium",
            at_most=_most(Nutrient.SODIUM, 500),
            forbids=_SALTY | {Trait.ALKALI},
        ),
        Rule(code="LOW_FAT_LIGHT", zh="轻度限脂", en="fat-reduced", at_most=_most(Nutrient.FAT, 50 * GRAM)),
        Rule(
            code="LOW_FAT",
            zh="低脂",
            en="low-fat",
            at_most=_most(Nutrient.FAT, 40 * GRAM),
            forbids=frozenset({Trait.FRIED}),
        ),
        Rule(
            code="LOW_FAT_STRICT",
            zh="严格低脂",
            en="strict low-fat",
            at_most=_most(Nutrient.FAT, 20 * GRAM),
            forbids=frozenset({Trait.FRIED}),
        ),
        Rule(code="LOW_CHOLESTEROL", zh="低胆固醇", en="low-cholesterol", at_most=_most(Nutrient.CHOLESTEROL, 300)),
        Rule(
            code="LOW_CHOLESTEROL_STRICT",
            zh="严格低胆固醇",
            en="strict low-cholesterol",
            at_most=_most(Nutrient.CHOLESTEROL, 200),
        ),
        Rule(
            code=DIABETIC,
            zh="糖尿病",
            en="diabetic",
            forbids=frozenset({Trait.ADDED_SUGAR, Trait.STICKY_RICE}),
            split=_DIABETIC_SPLIT,
        ),
        Rule(code="LOW_PURINE", zh="低嘌呤", en="low-purine", at_most=_most(Nutrient.PURINE, 150)),
        Rule(code="HIGH_PROTEIN", zh="高蛋白", en="high-protein", at_least={Nutrient.PROTEIN: 100 * GRAM}),
        Rule(code="LOW_PROTEIN", zh="低蛋白", en="low-protein", at_most=_most(Nutrient.PROTEIN, 40 * GRAM)),
        Rule(code="HIGH_ENERGY", zh="高能量", en="high-energy", at_least={Nutrient.ENERGY: 2100 * KCAL}),
        Rule(code="LOW_ENERGY", zh="低能量", en="low-energy", at_most=_most(Nutrient.ENERGY, 1500 * KCAL)),
        Rule(
            code="LOW_RESIDUE",
            zh="少渣",
            en="low-residue",
            at_most=_most(Nutrient.FIBRE, 10 * GRAM),
            forbids=frozenset({Trait.COARSE_GRAIN, Trait.FRIED}),
        ),
        Rule(code="HIGH_FIBRE", zh="高纤维", en="high-fibre", at_least={Nutrient.FIBRE: 25 * GRAM}),
        Rule(code="LOW_POTASSIUM", zh="低钾", en="low-potassium", at_most=_most(Nutrient.POTASSIUM, 2000)),
        Rule(code="HIGH_POTASSIUM", zh="高钾", en="high-potassium", at_least={Nutrient.POTASSIUM: 3100}),
        Rule(code="LOW_PHOSPHORUS", zh="低磷", en="low-phosphorus", at_most=_most(Nutrient.PHOSPHORUS, 1000)),
        Rule(code="HIGH_IRON", zh="高铁", en="iron-rich", forbids=frozenset({Trait.TEA})),
        Rule(code="HIGH_CALCIUM", zh="高钙", en="high-calcium", at_least={Nutrient.CALCIUM: 1000}),
        Rule(code="LOW_IODINE", zh="低碘", en="low-iodine", forbids=_NO_IODINE),
        Rule(code="LOW_COPPER", zh="低铜", en="low-copper", at_most=_most(Nutrient.COPPER, 1500)),
        Rule(code="GLUTEN_FREE", zh="免麦胶", en="gluten-free", without=frozenset({Allergen.GLUTEN})),
        Rule(code="LACTOSE_FREE", zh="无乳糖", en="lactose-free", without=frozenset({Allergen.MILK})),
        Rule(code="KETOGENIC", zh="生酮", en="ketogenic", fat_ratio=3, forbids=frozenset({Trait.ADDED_SUGAR})),
        Rule(
            code="OCCULT_BLOOD_TEST",
            zh="潜血试验",
            en="occult blood test",
            forbids=frozenset({Trait.MEAT, Trait.OFFAL, Trait.GREEN_LEAF}),
        ),
        Rule(
            code="CREATININE_TEST",
            zh="肌酐试验",
            en="creatinine test",
            at_most=_most(Nutrient.PROTEIN, 40 * GRAM),
            forbids=frozenset({Trait.MEAT, Trait.SEAFOOD, Trait.TEA}),
        ),
        Rule(code="IODINE_131_TEST", zh="甲状腺碘131试验", en="iodine-131 test", forbids=_NO_IODINE),
        Rule(
            code="GLUCOSE_TOLERANCE_TEST",
            zh="葡萄糖耐量试验",
            en="glucose tolerance test",
            at_least={Nutrient.CARBOHYDRATE: 300 * GRAM},
        ),
        Rule(
            code="COLONOSCOPY_PREPARATION",
            zh="结肠镜准备",
            en="colonoscopy preparation",
            at_most=_most(Nutrient.FIBRE, 10 * GRAM),
            forbids=frozenset({Trait.COARSE_GRAIN}),
        ),
    ]
)

EXCLUSIONS = _by_code(
    [
        Rule(
            code="HALAL",
            zh="清真",
            en="halal",
            forbids=frozenset({Trait.PORK, Trait.ALCOHOL, Trait.OFFAL}),
            without=frozenset({Allergen.ALCOHOL}),
        ),
        Rule(
            code="VEGETARIAN",
            zh="素食",
            en="vegetarian",
            forbids=frozenset({Trait.MEAT, Trait.SEAFOOD, Trait.OFFAL}),
        ),
        Rule(code="VEGAN", zh="全素", en="vegan", forbids=frozenset({Trait.ANIMAL})),
        Rule(code="NO_PORK", zh="不吃猪肉", en="no pork", forbids=frozenset({Trait.PORK})),
        Rule(code="NO_BEEF_MUTTON", zh="不吃牛羊肉", en="no beef or mutton", forbids=frozenset({Trait.BEEF_MUTTON})),
        Rule(code="NO_SEAFOOD", zh="不吃水产", en="no fish or seafood", forbids=frozenset({Trait.SEAFOOD})),
        Rule(code="NO_OFFAL", zh="不吃内脏", en="no offal", forbids=frozenset({Trait.OFFAL})),
        Rule(code="NO_SPICY", zh="忌辛辣", en="nothing hot", forbids=frozenset({Trait.SPICY})),
        Rule(code="NO_FRIED", zh="忌油炸", en="nothing fried", forbids=frozenset({Trait.FRIED})),
        Rule(code="NO_STICKY_RICE", zh="忌糯米", en="no sticky rice", forbids=frozenset({Trait.STICKY_RICE})),
        Rule(code="NO_CORIANDER", zh="不吃香菜", en="no coriander", forbids=frozenset({Trait.CORIANDER})),
        Rule(code="WARFARIN", zh="服华法林", en="on warfarin", forbids=frozenset({Trait.VITAMIN_K})),
        Rule(code="MAOI", zh="服单胺氧化酶抑制剂", en="on MAO inhibitors", forbids=frozenset({Trait.TYRAMINE})),
        Rule(code="NO_GRAPEFRUIT", zh="忌葡萄柚", en="no grapefruit", forbids=frozenset({Trait.GRAPEFRUIT})),
        Rule(code="G6PD", zh="蚕豆病", en="G6PD deficiency", without=frozenset({Allergen.BROAD_BEAN})),
    ]
)
"""What belief, taste or medicine rules out; allergies are facts of their own."""
