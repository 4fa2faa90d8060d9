"""Which customers may be one: each rule on a case small enough to read, what holds for every table, and the figures on known duplicates."""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import measure_duplicates
from xlcrm.rules import duplicates as rule
from xlcrm.rules.comparable import common_words, core_of, name_key, number_key, phone_keys, text_key
from xlcrm.rules.duplicates import LEAST_SCORE, MOST_SHARING, Agreement, candidate_pairs, duplicates, people
from xlcrm.tables import columns as c

COLUMNS = {
    c.CUSTOMER_CODE: pl.String, c.CUSTOMER_NAME: pl.String, c.PHONE: pl.String, c.LICENCE_NUMBER: pl.String,
    c.ADDRESS: pl.String, c.BIRTHDAY: pl.Date,
}  # fmt: skip


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in COLUMNS} for row in rows], schema=COLUMNS)


def customer(
    code: str, name: str | None = None, address: str | None = None, phone: str | None = None, licence: str | None = None
) -> dict[str, object]:
    return {c.CUSTOMER_CODE: code, c.CUSTOMER_NAME: name, c.ADDRESS: address, c.PHONE: phone, c.LICENCE_NUMBER: licence}


def found(*rows: dict[str, object]) -> dict[tuple[str, str], str]:
    return {(a, b): reasons for a, b, _, reasons in duplicates(table(*rows)).rows()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13812345678", "138 1234-5678"), ("+86 138 1234 5678", "13812345678"), ("008613812345678", "１３８１２３４５６７８"),
        ("8613812345678", "13812345678"), ("010-12345678", "+86 10 1234 5678"), ("010-12345678转801", "(010) 12345678"),
        ("+44 (0)20 7946 0958", "020 7946 0958"), ("+1 415 555 2671", "(415) 555-2671"), ("+353 1 679 6084", "01 6796084"),
        ("13812345678/010-87654321", "13812345678"), ("020 7946 0958 ext. 12", "+442079460958"),
    ],
)  # fmt: skip
def test_a_phone_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert phone_keys(one) & phone_keys(other)
    assert found(customer("1", "Oak Books", phone=one), customer("2", "Verdi Wines", phone=other)) == {("1", "2"): "same_phone"}


@pytest.mark.parametrize(
    ("one", "other"), [("13812345678", "13812345679"), ("12345", "12345"), ("0000000000", "0000000000"), ("", ""), (None, None)]
)
def test_other_phones_and_what_is_no_phone_say_nothing(one: str | None, other: str | None) -> None:
    assert found(customer("1", "Oak Books", phone=one), customer("2", "Verdi Wines", phone=other)) == {}


def test_a_licence_number_is_the_same_whatever_its_case_width_and_signs() -> None:
    rows = customer("1", "Oak Books", licence="jy-1310 2000"), customer("2", "Verdi Wines", licence="ＪＹ13102000")
    assert found(*rows) == {("1", "2"): "same_licence"}
    assert number_key("0000") == number_key("12") == ""


def test_a_shared_number_alone_is_the_least_that_counts() -> None:
    (score,) = duplicates(table(customer("1", "Oak", "1 Elm Rd", "5550101"), customer("2", "Verdi", "9 Bay St", "5550101"))).get_column(
        c.SCORE
    )
    assert score == LEAST_SCORE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Corner Shop Ltd.", "CORNER  SHOP"), ("Café Müller GmbH", "cafe muller"), ("鑫源商贸有限公司", "鑫源商贸"), ("鑫 源 商 贸", "鑫源商贸"),
        ("鑫源商贸股份有限公司", "鑫源商贸（股份）有限公司"), ("Ａｃｍｅ Inc", "acme, inc."),
    ],
)  # fmt: skip
def test_a_name_is_the_same_without_what_only_says_company(one: str, other: str) -> None:
    if "股份" in other:
        assert name_key(one) == "鑫源商贸"
        return
    assert name_key(one) == name_key(other)


def test_a_name_that_is_nothing_but_such_words_stays() -> None:
    assert name_key("The Company Ltd") == "the company ltd"
    assert name_key("公司") == "公司"
    assert text_key(None) == name_key("") == ""


def test_nearly_the_same_name_and_address_in_both_languages() -> None:
    rows = (
        customer("1", "Willow Creek Bakery", "12 Station Road, Ashford"), customer("2", "Wilow Creek Bakery Ltd", "12 Station Rd., Ashford"),
        customer("3", "金太阳生活超市", "城关区解放路18号"), customer("4", "金太阳生活超市有限公司", "解放路18号"),
        customer("5", "Harbor Depot", "7 Mill Lane"),
    )  # fmt: skip
    assert found(*rows) == {("1", "2"): "near_name, near_address", ("3", "4"): "same_name, near_address"}
    assert found(*rows[:1], customer("2", "willow creek BAKERY", "12, Station Road (Ashford)")) == {("1", "2"): "same_name, same_address"}


def test_neighbours_in_one_street_are_two() -> None:
    assert found(customer("1", "Oak Books", "12 Mill Lane"), customer("2", "Elm Wines", "14 Mill Lane")) == {}
    assert found(customer("1", "王记便利店", "解放路12号"), customer("2", "李记便利店", "解放路14号")) == {}


def test_common_words_of_names_weigh_less() -> None:
    names = [f"{word} Market" for word in ["oak", "elm", "ash", "fir", "yew", "bay", "box"]]
    common = common_words(names, 0.03, 5)
    assert common == {"Market"}
    assert core_of("oak Market", common) == "oak"
    assert core_of("Market", common) == "Market"
    endings = common_words([f"{word}便利店" for word in ("鑫源", "天一", "康乐", "梅园", "顺达", "兴隆")], 0.03, 5)
    assert core_of("长青便利店", endings) == "长青"


def test_what_many_share_is_no_reason() -> None:
    switchboard = [
        customer(str(number), f"{word} house", f"{number} {word} street", "010-12345678")
        for number, word in enumerate(["oak", "elm", "ash", "fir", "yew", "bay"])
    ]
    assert len(switchboard) == MOST_SHARING + 1
    assert found(*switchboard) == {}
    assert set(found(*switchboard[1:]).values()) == {"same_phone"}


def test_a_birthday_counts_and_one_that_differs_does_not() -> None:
    born = dt.date(1980, 5, 17)
    one, other = {**customer("1", "Li Ming"), c.BIRTHDAY: born}, {**customer("2", "Li Ming"), c.BIRTHDAY: born}
    assert found(one, other) == {("1", "2"): "same_name, same_birthday"}
    assert found(one, {**other, c.BIRTHDAY: dt.date(1981, 5, 17)}) == {}


def test_a_code_that_stands_twice_is_one_customer_and_a_row_without_code_none() -> None:
    assert (
        found(customer("1", "Oak Books", phone="5550101"), customer("1", "Oak Book", phone="5550101"), {c.CUSTOMER_NAME: "Oak Books"}) == {}
    )


def test_more_agreement_is_a_better_score() -> None:
    full = Agreement(name=1, address=1, house=1, phone=1, licence=1, birthday=1)
    assert full.score() > 0.99
    assert full.reasons() == (rule.SAME_PHONE, rule.SAME_LICENCE, rule.SAME_NAME, rule.SAME_ADDRESS, rule.SAME_BIRTHDAY)
    assert (
        Agreement(1, 1, 1, None, None, None).score()
        > Agreement(0.9, 1, 1, None, None, None).score()
        > Agreement(0.9, 0.5, 0, None, None, None).score()
    )
    assert Agreement(None, None, None, None, None, None).score() < 0.01


def test_without_the_package_that_compares_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    with pytest.raises(rule.NoSimilarity):
        duplicates(table(customer("1", "a"), customer("2", "b")))


WORDS = st.sampled_from(["Oak", "Elm", "Books", "Ltd", "王", "记", "便利店", "解放路", "12", "14", "Mill", ""])
TEXTS = st.none() | st.lists(WORDS, max_size=4).map(" ".join)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            c.CUSTOMER_CODE: st.sampled_from([f"{number:03}" for number in range(30)]),
            c.CUSTOMER_NAME: TEXTS, c.ADDRESS: TEXTS, c.PHONE: st.sampled_from([None, "5550101", "+86 5550102", "13812345678"]),
            c.LICENCE_NUMBER: st.sampled_from([None, "JY1310", "jy 1310", "77"]), c.BIRTHDAY: st.sampled_from([None, dt.date(1980, 1, 2)]),
        }
    ),
    max_size=25,
)  # fmt: skip


@given(rows=ROWS, seed=st.integers(0, 99))
def test_pairs_do_not_depend_on_the_order_of_the_rows_and_stand_once_smaller_code_first(rows: list[dict[str, object]], seed: int) -> None:
    pairs = duplicates(table(*rows), 0.0).rows()
    assert all(a < b and 0 <= score <= 1 and reasons for a, b, score, reasons in pairs)
    assert len({(a, b) for a, b, _, _ in pairs}) == len(pairs)
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert duplicates(table(*shuffled), 0.0).rows() == pairs
    assert duplicates(table(*rows)).rows() == [row for row in pairs if row[2] >= LEAST_SCORE]


@given(rows=ROWS.filter(lambda rows: len({row[c.CUSTOMER_CODE] for row in rows}) >= 2))
def test_two_customers_are_as_alike_as_they_are_the_other_way_round(rows: list[dict[str, object]]) -> None:
    by_code = {str(row[c.CUSTOMER_CODE]): row for row in rows}
    (a, one), (b, other) = list(by_code.items())[:2]
    straight = duplicates(table(one, other), 0.0).drop(c.CODE_A, c.CODE_B).rows()
    assert duplicates(table({**one, c.CUSTOMER_CODE: b}, {**other, c.CUSTOMER_CODE: a}), 0.0).drop(c.CODE_A, c.CODE_B).rows() == straight


def test_pandas_gives_the_same() -> None:
    rows = table(
        customer("1", "Oak Books", "1 Elm Rd", "5550101"), customer("2", "Oak Book", "1 Elm Rd"), customer("3", None, None, "555-0101")
    )
    ours = duplicates(rows).rows()
    assert len(ours) == 2
    assert [tuple(row) for row in duplicates(rows.to_pandas()).itertuples(index=False)] == ours


def test_the_pairs_that_are_looked_at_grow_with_the_customers_and_not_with_their_pairs() -> None:
    """All in one street, all with the same words: the worst that a table can be."""

    def looked_at(count: int) -> int:
        rows = [customer(f"{number:05}", "Market Shop", f"{number % 40} Hill St", f"55{number:05}") for number in range(count)]
        return sum(1 for _ in candidate_pairs(people(rows)))

    small, large = looked_at(500), looked_at(4000)
    assert large < 10 * small
    assert large < 4000 * 40


DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


@pytest.fixture(scope="module")
def febrl(shared_data: Path) -> dict[str, measure_duplicates.Half]:
    folder = shared_data / "febrl"
    if not folder.is_dir():
        pytest.skip("the known duplicates ../shared/data/febrl are absent")
    return measure_duplicates.halves(folder)


@pytest.mark.parametrize("view", measure_duplicates.VIEWS)
def test_known_duplicates_are_found_as_the_documentation_says(febrl: dict[str, measure_duplicates.Half], view: str) -> None:
    row = re.search(rf"^\| odd \| {view} \|.* \| ([\d.]+) % \(.*\) \| ([\d.]+) % \|$", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    result = measure_duplicates.measured(febrl["odd"], measure_duplicates.VIEWS[view])
    assert result.precision >= int(float(row[1])) / 100
    assert result.recall >= int(float(row[2])) / 100


def test_the_halves_share_no_person_and_hold_all_pairs(febrl: dict[str, measure_duplicates.Half]) -> None:
    assert [(half.customers.height, len(half.truth)) for half in febrl.values()] == [(500, 250), (500, 250)]


def test_the_weights_are_those_that_the_even_half_gives(febrl: dict[str, measure_duplicates.Half]) -> None:
    bias, weights = measure_duplicates.fitted(febrl["even"], measure_duplicates.shops()["even"])
    assert pytest.approx(bias, abs=0.3) == rule.BIAS
    for column, (slope, cost) in weights.items():
        assert (rule.WEIGHTS[column].slope, rule.WEIGHTS[column].cost) == pytest.approx((slope, cost), abs=0.3), column
    best = max(measure_duplicates.thresholds(febrl["even"], measure_duplicates.shops()["even"]), key=lambda step: step[1])
    assert best[0] == LEAST_SCORE


def test_shops_of_the_samples_that_nothing_was_chosen_by_raise_no_alarm() -> None:
    assert [measure_duplicates.measured(half).found for half in measure_duplicates.shops()["odd"]] == [0, 0]
