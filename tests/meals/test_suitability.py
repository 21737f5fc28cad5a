"""What somebody may eat is computed from grams and limits; the tightest limit wins, and more rules never allow more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.meals.domain import (
    EXCLUSIONS,
    RESTRICTIONS,
    TEXTURES,
    Allergen,
    Diet,
    DietImpossible,
    DietUnknown,
    Dish,
    Meal,
    MealTime,
    Need,
    Npo,
    NpoKind,
    NpoReason,
    Nutrient,
    Part,
    menu_codes,
    objections,
    tray_objections,
)
from services.meals.seed.dishes import DISHES
from services.meals.seed.ingredients import INGREDIENTS
from tests.support.clock import MONDAY_MORNING

DAY = date(2026, 11, 24)
STAY, WANG = UUID(int=1), UUID(int=2)
FROM_MENU = [each for each in DISHES.values() if each.active]


def need(
    diet: Diet | None, meal: Meal = Meal.LUNCH, *, allergens: set[str] | None = None, npo: tuple[Npo, ...] = ()
) -> Need:
    return Need(
        encounter_id=STAY,
        patient_id=WANG,
        time=MealTime(DAY, meal),
        at=MONDAY_MORNING,
        diet=diet,
        allergens=frozenset(Allergen(each) for each in allergens or ()),
        npo=npo,
    )


def diet(*codes: str, texture: str = "GENERAL", kcal: int | None = None) -> Diet:
    return Diet(
        texture=texture,
        restrictions=frozenset(codes) & RESTRICTIONS.keys(),
        exclusions=frozenset(codes) & EXCLUSIONS.keys(),
        energy_kcal=kcal,
    )


def fasting(from_at: datetime = MONDAY_MORNING, ended_at: datetime | None = None) -> Npo:
    return Npo(
        id=UUID(int=9),
        encounter_id=STAY,
        kind=NpoKind.NO_FOOD,
        reason=NpoReason.SURGERY,
        from_at=from_at,
        until_at=None,
        ordered_at=from_at,
        ordered_by="staff:nurse",
        ended_at=ended_at,
    )


def said(code: str, wanted: Need) -> list[str]:
    return [each.zh for each in objections(DISHES[code], wanted)]


def test_a_general_diet_may_eat_pork_with_celery() -> None:
    assert objections(DISHES["PORKCEL"], need(diet())) == ()


def test_a_salty_dish_is_refused_with_its_grams_and_the_limit_of_the_meal() -> None:
    assert said("PORKCEL", need(diet("LOW_SALT"), Meal.DINNER)) == ["含盐1.7克，低盐饮食这一餐最多0.9克"]
    [objection] = objections(DISHES["PORKCEL"], need(diet("LOW_SALT"), Meal.DINNER))
    assert objection.en == "holds 1.7 g of salt; a low-salt diet allows 0.9 g at this meal"
    assert (objection.code, objection.facts) == (
        "limit",
        {"nutrient": "sodium", "has": 661, "most": 353, "diet": "LOW_SALT"},
    )


def test_a_dish_whose_salt_is_edited_leaves_and_joins_the_low_salt_menu() -> None:
    low_salt, beef = need(diet("LOW_SALT")), DISHES["BEEFLS"]
    assert objections(beef, low_salt) == ()
    salted = replace(beef, parts=(*beef.parts[:-1], Part(INGREDIENTS["SALT"], 1500)), version=2)
    assert [each.zh for each in objections(salted, low_salt)] == ["含盐1.6克，低盐饮食这一餐最多1.2克"]
    assert objections(replace(salted, parts=beef.parts), low_salt) == ()


@pytest.mark.parametrize(
    ("code", "codes", "sentence"),
    [
        ("BOILEGG", ("LOW_CHOLESTEROL",), "含胆固醇293毫克，低胆固醇饮食这一餐最多120毫克"),
        ("LOTUS", ("DIABETIC",), "含添加糖，糖尿病饮食不能吃"),
        ("BASS", ("LOW_PURINE",), "含嘌呤70.0毫克，低嘌呤饮食这一餐最多60.0毫克"),
        ("LAVER", ("LOW_IODINE",), "含高碘食材或加碘盐，低碘饮食不能吃"),
        ("PICKLES", ("LOW_SALT",), "含腌制品，低盐饮食不能吃"),
        ("MANTOU", ("GLUTEN_FREE",), "含麸质谷物，免麦胶饮食不能吃"),
        ("PORKCEL", ("HALAL",), "含猪肉，清真饮食不能吃"),
        ("RICE150", ("KETOGENIC",), "生酮饮食由营养师单独配餐"),
    ],
)
def test_each_kind_of_rule_speaks_plainly(code: str, codes: tuple[str, ...], sentence: str) -> None:
    assert sentence in said(code, need(diet(*codes)))


def test_a_texture_refuses_what_is_too_solid() -> None:
    assert said("RICE150", need(diet(texture="SEMI_LIQUID"))) == ["这道菜是普通质地，不适合半流质饮食"]
    assert said("CONGEE", need(diet(texture="SEMI_LIQUID"))) == []
    assert said("MILK", need(diet(texture="CLEAR_LIQUID"), Meal.LUNCH))[0] == "这道菜是流质，不适合清流质饮食"
    assert said("RICEWATER", need(diet(texture="COLD_LIQUID"))) == ["含热食，冷流质饮食不能吃"]


def test_an_allergy_is_found_in_a_hidden_ingredient() -> None:
    assert said("CARP", need(diet(), allergens={"soy"})) == ["过敏：含大豆（酱油）"]
    assert said("OYSTERLETT", need(diet(), allergens={"mollusc"})) == ["过敏：含贝类（蚝油）"]
    assert said("RICE150", need(diet(), allergens={"soy"})) == []


def test_fasting_refuses_everything_and_so_does_a_missing_order() -> None:
    assert said("RICEWATER", need(diet(), npo=(fasting(),))) == ["禁食：现在不能进食"]
    assert said("RICEWATER", need(None)) == ["还没有膳食医嘱"]


def test_a_tray_is_judged_as_a_whole_too() -> None:
    low_salt = need(diet("LOW_SALT"))
    tray = [(DISHES["BEEFLS"], 1), (DISHES["PUMPKIN"], 1), (DISHES["WMELON"], 1)]
    assert tray_objections(tray, low_salt) == ()
    twice = tray_objections([(DISHES["BEEFLS"], 3)], low_salt)
    assert [each.zh for each in twice] == ["含盐1.5克，低盐饮食这一餐最多1.2克"]


def test_of_two_limits_the_tightest_wins() -> None:
    both = diet("LOW_SALT", "NO_SALT", "LOW_FAT_LIGHT", "LOW_FAT_STRICT").limits(Meal.LUNCH)
    assert (both[Nutrient.SODIUM].amount, both[Nutrient.SODIUM].rule.code) == (400, "NO_SALT")
    assert (both[Nutrient.FAT].amount, both[Nutrient.FAT].rule.code) == (8000, "LOW_FAT_STRICT")


def test_diabetics_eat_a_fifth_and_two_fifths_of_what_is_prescribed() -> None:
    assert diet("DIABETIC").limits(Meal.BREAKFAST)[Nutrient.CARBOHYDRATE].amount == 54_000
    assert diet("DIABETIC").limits(Meal.DINNER)[Nutrient.CARBOHYDRATE].amount == 108_000
    prescribed = diet("DIABETIC", kcal=1500).limits(Meal.LUNCH)
    assert prescribed[Nutrient.CARBOHYDRATE].amount == 90_000
    assert prescribed[Nutrient.ENERGY].amount == 600_000


@pytest.mark.parametrize(
    ("codes", "between"),
    [
        (("HIGH_PROTEIN", "LOW_PROTEIN"), ["HIGH_PROTEIN", "LOW_PROTEIN"]),
        (("HIGH_FIBRE", "LOW_RESIDUE"), ["HIGH_FIBRE", "LOW_RESIDUE"]),
        (("HIGH_POTASSIUM", "LOW_POTASSIUM"), ["HIGH_POTASSIUM", "LOW_POTASSIUM"]),
        (("HIGH_ENERGY", "LOW_ENERGY"), ["HIGH_ENERGY", "LOW_ENERGY"]),
        (("HIGH_FIBRE", "COLONOSCOPY_PREPARATION"), ["HIGH_FIBRE", "COLONOSCOPY_PREPARATION"]),
    ],
)
def test_an_impossible_set_is_refused_naming_both(codes: tuple[str, ...], between: list[str]) -> None:
    with pytest.raises(DietImpossible) as refused:
        diet(*codes).check()
    assert refused.value.facts["between"] == between


def test_a_texture_and_a_number_can_be_impossible_too() -> None:
    for wrong in (diet("HIGH_PROTEIN", texture="CLEAR_LIQUID"), diet("HIGH_ENERGY", kcal=1200)):
        with pytest.raises(DietImpossible):
            wrong.check()
    diet("HIGH_PROTEIN", texture="LIQUID").check()


@pytest.mark.parametrize(
    "wrong",
    [
        Diet(texture="NPO"),
        Diet(texture="GENERAL", restrictions=frozenset({"LOW_JOY"})),
        Diet(texture="GENERAL", exclusions=frozenset({"LOW_SALT"})),
        Diet(texture="GENERAL", energy_kcal=599),
        Diet(texture="GENERAL", energy_kcal=4001),
    ],
)
def test_what_the_manual_does_not_hold_is_refused(wrong: Diet) -> None:
    with pytest.raises(DietUnknown):
        wrong.check()


TEXTURE = st.sampled_from(sorted(TEXTURES))
SOME = st.frozensets(st.sampled_from(sorted(RESTRICTIONS)), max_size=4)
WITHOUT = st.frozensets(st.sampled_from(sorted(EXCLUSIONS)), max_size=3)
MEAL = st.sampled_from(list(Meal))
ALLERGENS = st.frozensets(st.sampled_from(list(Allergen)), max_size=3)


def allowed(wanted: Need) -> set[str]:
    return {each.code for each in FROM_MENU if not objections(each, wanted)}


@given(TEXTURE, SOME, SOME, WITHOUT, WITHOUT, ALLERGENS, ALLERGENS, MEAL)
def test_more_rules_never_allow_more(
    texture: str,
    some: frozenset[str],
    more: frozenset[str],
    without: frozenset[str],
    also_without: frozenset[str],
    allergens: frozenset[Allergen],
    further: frozenset[Allergen],
    meal: Meal,
) -> None:
    few = need(Diet(texture=texture, restrictions=some, exclusions=without), meal)
    many = need(Diet(texture=texture, restrictions=some | more, exclusions=without | also_without), meal)
    before = allowed(replace(few, allergens=allergens))
    assert allowed(replace(many, allergens=allergens | further)) <= before
    assert allowed(replace(few, allergens=allergens, npo=(fasting(),))) == set()


@given(TEXTURE, SOME, st.none() | st.integers(600, 4000), MEAL)
def test_no_allowed_dish_breaks_any_limit_of_the_day(
    texture: str, some: frozenset[str], kcal: int | None, meal: Meal
) -> None:
    wanted = Diet(texture=texture, restrictions=some, energy_kcal=kcal)
    ok = allowed(need(wanted, meal))
    for code in ok:
        dish: Dish = DISHES[code]
        assert dish.consistency in wanted.basis.eats
        for limit in wanted.day_limits():
            assert dish.amounts[limit.nutrient] <= limit.amount * limit.rule.split[meal]
        for rule in wanted.rules():
            assert not dish.traits & rule.forbids
            assert not dish.allergens & rule.without


def is_impossible(wanted: Diet) -> bool:
    try:
        wanted.check()
    except DietImpossible:
        return True
    return False


@given(SOME, SOME, TEXTURE)
def test_what_is_impossible_stays_impossible_with_more(
    some: frozenset[str], more: frozenset[str], texture: str
) -> None:
    if is_impossible(Diet(texture=texture, restrictions=some)):
        assert is_impossible(Diet(texture=texture, restrictions=some | more))


DAYS = [DAY + timedelta(days=ahead) for ahead in range(7)]


@pytest.mark.parametrize("restriction", sorted(RESTRICTIONS.keys() - {"KETOGENIC"}))
def test_every_restriction_finds_something_filling_on_every_day(restriction: str) -> None:
    for day in DAYS:
        for meal in Meal:
            time = MealTime(day, meal)
            here = replace(need(diet(restriction), meal), time=time)
            kinds = {DISHES[code].kind for code in menu_codes(time) if not objections(DISHES[code], here)}
            assert "staple" in kinds, (day, meal, kinds)
            assert kinds & {"meat", "half_meat", "drink"}, (day, meal, kinds)


@pytest.mark.parametrize("texture", sorted(TEXTURES))
def test_every_texture_finds_something_on_every_day(texture: str) -> None:
    for day in DAYS:
        for meal in Meal:
            time = MealTime(day, meal)
            here = replace(need(diet(texture=texture), meal), time=time)
            assert [code for code in menu_codes(time) if not objections(DISHES[code], here)], (day, meal)
