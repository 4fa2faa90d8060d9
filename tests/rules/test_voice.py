"""CSAT and NPS: by hand, against published intervals, and how often the interval holds the truth."""

from __future__ import annotations

import itertools
import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules.proportions import normal_quantile, wilson
from xlcrm.rules.voice import FEW_ANSWERS, csat, nps, nps_interval


def test_wilson_gives_the_intervals_of_newcombe_1998() -> None:
    """R. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I, method 3."""
    for hits, total, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert wilson(hits, total) == pytest.approx((low, high), abs=0.00005)


def test_the_normal_quantile() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)


def test_csat_by_hand() -> None:
    found = csat([5, 4, 4, 3, 1, None, 6, 0, 4.5])
    assert (found.value, found.answers, found.satisfied, found.left_out) == (60.0, 5, 3, 3)
    assert (found.low, found.high) == pytest.approx(tuple(100 * bound for bound in wilson(3, 5)))
    assert found.few
    assert not csat([5] * FEW_ANSWERS).few


def test_nps_by_hand() -> None:
    found = nps([10, 9, 9, 8, 7, 6, 0, None, 11, -1, 9.5])
    assert (found.promoters, found.passives, found.detractors, found.answers, found.left_out) == (3, 2, 2, 7, 3)
    assert found.value == pytest.approx(100 / 7)
    up, down = 3.75 / 10, 2.75 / 10
    half = normal_quantile(0.95) * ((up + down - (up - down) ** 2) / 10) ** 0.5
    assert (found.low, found.high) == pytest.approx((100 * (0.1 - half), 100 * (0.1 + half)))


def test_without_an_answer_nothing_is_claimed() -> None:
    assert (nps([]).value, nps([]).low, nps([]).high) == (None, -100, 100)
    assert (csat([None]).value, csat([]).low, csat([]).high) == (None, 0, 100)


def test_answers_all_alike_leave_room_for_others() -> None:
    found = nps([10] * 8)
    assert found.value == found.high == 100
    assert found.low < 75
    assert csat([5] * 8).low < 70


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.7, 0.2, 0.1), (0.3, 0.4, 0.3), (0.85, 0.1, 0.05), (0.2, 0.2, 0.6)])
@pytest.mark.parametrize("total", [10, 20, 40])
def test_the_interval_of_nps_holds_the_truth_about_as_often_as_it_says(shares: tuple[float, float, float], total: int) -> None:
    """Summed over every possible sample, where the usual interval falls to 80 % and less."""
    up, _, down = shares
    held = 0.0
    for promoters in range(total + 1):
        for detractors in range(total - promoters + 1):
            passives = total - promoters - detractors
            low, high = nps_interval(promoters, passives, detractors)
            if low - 1e-9 <= 100 * (up - down) <= high + 1e-9:
                ways = comb(total, promoters) * comb(total - promoters, detractors)
                held += ways * up**promoters * down**detractors * (1 - up - down) ** passives
    assert held > 0.925


@given(st.lists(st.integers(0, 10), max_size=60))
def test_the_score_lies_in_its_interval_and_more_answers_narrow_it(answers: list[int]) -> None:
    found = nps(answers)
    assert -100 <= found.low <= found.high <= 100
    assert found.value is None or found.low - 1e-9 <= found.value <= found.high + 1e-9
    more = nps(answers * 4)
    assert more.value == pytest.approx(found.value)
    assert more.high - more.low <= found.high - found.low + 1e-9


@given(st.integers(0, 40), st.integers(0, 40))
def test_csat_lies_in_its_interval(hits: int, others: int) -> None:
    found = csat(itertools.chain([5] * hits, [1] * others))
    assert found.value is None or found.low - 1e-9 <= found.value <= found.high + 1e-9


def test_the_order_of_the_answers_is_nothing() -> None:
    answers = [random.Random(number).randrange(11) for number in range(50)]
    assert nps(answers) == nps(sorted(answers))
