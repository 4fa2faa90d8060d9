"""CRM.RULES: by hand, dirty rows, what it says where there are none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.functions.calls import column, spilled

ROOT = Path(__file__).resolve().parents[2]
HEADS: Sequence[object] = ["客户代码", "日期", "订单号", "产品代码", "数量", "金额"]


def orders(*baskets: tuple[int, str]) -> list[Sequence[object]]:
    """A table: so many orders of these products, one letter each."""
    rows: list[Sequence[object]] = [HEADS]
    for count, products in baskets:
        for number in range(count):
            rows += [[f"{number:03}", "2017-05-04", f"{products}{number}", product, 1, 10] for product in products]
    return rows


def test_products_that_go_together_by_hand() -> None:
    # Of 40 orders 10 hold a and b, 2 a alone, 8 b alone, 20 neither: support 10/40, confidence 10/12, lift (10/12) / (18/40).
    found = spilled("rules", orders((10, "ab"), (2, "a"), (8, "b"), (20, "c")))
    assert found[0] == ["Who takes", "Takes too", "Support", "Confidence", "Lift"]
    by_pair = {(row[0], row[1]): row[2:] for row in found[1:]}
    assert set(by_pair) == {("a", "b"), ("b", "a")}
    assert by_pair["a", "b"] == pytest.approx([10 / 40, 10 / 12, 10 / 12 / (18 / 40)])
    assert by_pair["b", "a"] == pytest.approx([10 / 40, 10 / 18, 10 / 18 / (12 / 40)])


def test_a_return_is_no_purchase_and_later_orders_are_not_known() -> None:
    table = orders((10, "ab"), (2, "a"), (8, "b"), (20, "c"))
    returned = [*table, *(["900", "2017-05-04", f"r{number}", "c", -1, -10] for number in range(5))]
    later = [*table, *(["900", "2018-01-01", f"l{number}", product, 1, 10] for number in range(30) for product in "ac")]
    assert spilled("rules", returned) == spilled("rules", table)
    assert spilled("rules", later, column("2017-12-31")) == spilled("rules", table)
    assert spilled("rules", later) != spilled("rules", table)


@pytest.mark.parametrize(
    ("baskets", "said"),
    [
        (((4, "ab"), (9, "c")), "Too few orders of two products or more: 4"),
        (((20, "ab"), (20, "a"), (20, "b"), (20, "c")), "No products are bought together beyond chance; orders: 80"),
    ],
)
def test_where_there_are_none_the_table_says_why(baskets: tuple[tuple[int, str], ...], said: str) -> None:
    assert spilled("rules", orders(*baskets))[1:] == [[said, "", "", "", ""]]


def test_in_chinese() -> None:
    found = spilled("rules", orders((4, "ab")), language="zh")
    assert found == [["前项", "后项", "支持度", "置信度", "提升度"], ["含两种以上产品的订单太少：4", "", "", "", ""]]


def test_rows_that_cannot_be_read_stand_below() -> None:
    table = orders((10, "ab"), (2, "a"), (8, "b"), (20, "c"))
    broken = [*table, *(["900", "2017-05-04", f"x{number}", "a", "12箱", 10] for number in range(7))]
    found = spilled("rules", broken)
    assert found[:3] == spilled("rules", table)
    assert [str(row[0])[:18] for row in found[3:8]] == [f"Purchases, row {51 + number}:" for number in range(5)]
    assert found[8:] == [["And 2 more rows left out", "", "", "", ""]]


def test_without_purchases_the_cell_says_what_to_give() -> None:
    assert str(spilled("rules")[0][0]).startswith("Give the Purchases table as purchases. Example: =CRM.RULES(")
    assert spilled("rules", [HEADS]) == [["Purchases holds no day yet: give one, such as 2017-12-31"]]


def test_without_the_library_the_cell_names_it() -> None:
    program = (
        "import sys; sys.modules['efficient_apriori'] = None\n"
        "from xlcrm.functions import FUNCTIONS, call\n"
        "bought = [['Code', 'Date', 'Product', 'Amount'], ['001', '2017-01-05', 'A', 5]]\n"
        "print(call(FUNCTIONS['rules'], [bought], 'en'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "[['This host lacks the package efficient_apriori']]"
