"""The tables that the charts draw: fixed height, right counts, nothing lost."""

from __future__ import annotations

import io
import re
import zipfile

import polars as pl

from xlcrm.settings import GradeGrammar, Settings
from xlcrm.sheets.charts import BATCH_ROWS, PARETO_ROWS, RFM_ROWS, TYPE_ROWS, changes_by_batch, grades_by_type, value_chart_tables
from xlcrm.sheets.template import template_bytes
from xlcrm.tables import columns as c


def changes(rows: list[tuple[str | None, str | None, str | None, str]]) -> pl.DataFrame:
    """Rows of business type, grade, batch, state."""
    return pl.DataFrame(rows, schema=dict.fromkeys((c.BUSINESS_TYPE, c.GRADE, c.BATCH, c.STATE), pl.String), orient="row")


def test_customers_are_counted_per_type_and_size_the_largest_type_first() -> None:
    table = grades_by_type(
        changes([("CB", "CB1", "mon", c.KEPT), ("CS", "CS1", "mon", c.UP), ("CS", "CS3", "tue", c.NEW), (None, None, "tue", c.LOST)]),
        Settings(),
        {},
    )
    assert table.height == TYPE_ROWS
    assert table.rows()[:3] == [("CS", 1, 0, 1), ("CB", 1, 0, 0), (None, None, None, None)]


def test_further_types_and_sizes_are_added_up_in_the_last_place() -> None:
    settings = Settings(grammar=GradeGrammar(sizes=("1", "2", "3", "4")))
    letters = [chr(65 + number) for number in range(13)]
    table = grades_by_type(changes([(letter, f"{letter}4", None, c.KEPT) for letter in letters]), settings, {})
    assert table.height == TYPE_ROWS
    assert table.row(TYPE_ROWS - 1) == ("other types", 0, 0, 4)
    assert table[c.SIZE_3].sum() == 13


def test_changes_stand_in_the_order_of_the_batches_under_their_names() -> None:
    found = changes_by_batch(
        changes([("CS", "CS1", "tue", c.UP), ("CS", "CS1", "mon", c.DOWN), ("CS", "CS1", "mon", c.NEW), ("CS", "CS1", None, c.UP)]),
        Settings(language="zh"),
    )
    assert found.height == BATCH_ROWS
    assert found.rows()[:3] == [("周一", 0, 0, 1), ("周二", 1, 0, 0), (None, None, None, None)]


def scored(rows: list[tuple[int, int]]) -> pl.DataFrame:
    """Scores of recency and frequency, a row a customer."""
    return pl.DataFrame(rows, schema={c.R: pl.Int64, c.F: pl.Int64}, orient="row")


def ranked(shares: list[float]) -> pl.DataFrame:
    return pl.DataFrame(
        {c.RANK: range(1, len(shares) + 1), c.CUMULATIVE_SHARE: shares}, schema={c.RANK: pl.Int64, c.CUMULATIVE_SHARE: pl.Float64}
    )


def test_the_grid_counts_every_customer_once_the_latest_at_the_top() -> None:
    grid = value_chart_tables(scored([(5, 1), (5, 1), (5, 5), (1, 3)]), ranked([1.0]), "en")["chart_rfm"]
    assert grid.height == RFM_ROWS
    assert grid.row(0) == ("Lately 5", 2, 0, 0, 0, 1)
    assert grid.row(4) == ("Lately 1", 0, 0, 1, 0, 0)
    assert sum(grid[name].sum() for name in c.FREQUENCY_SCORES) == 4


def test_a_tenth_of_the_customers_is_rounded_up_to_whole_ones() -> None:
    steps = value_chart_tables(scored([]), ranked([0.5, 0.75, 0.875, 1.0]), "zh")["chart_pareto"]
    assert steps.height == PARETO_ROWS
    assert steps.rows()[:3] == [("10%", 1, 0.5), ("20%", 1, 0.5), ("30%", 2, 0.75)]
    assert steps.row(9) == ("100%", 4, 1.0)


def test_without_a_customer_nothing_is_drawn() -> None:
    assert value_chart_tables(scored([]), ranked([]), "en")["chart_pareto"][c.AMOUNT_SHARE].null_count() == PARETO_ROWS


def test_the_charts_draw_exactly_the_rows_of_their_tables() -> None:
    with zipfile.ZipFile(io.BytesIO(template_bytes("en"))) as archive:
        drawn = [archive.read(name).decode() for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        tables = [archive.read(name).decode() for name in archive.namelist() if "/tables/" in name]
    charts = [chart for chart in drawn if "'Charts'!" in chart]
    assert len(charts) == 4
    refs = {name: ref for table in tables for name, ref in re.findall(r'displayName="(Chart\w+)" ref="([^"]+)"', table)}
    for chart, name in zip(charts, ("ChartGrades", "ChartChanges", "ChartPareto", "ChartRfm"), strict=True):
        first, last = (int(row) for row in re.fullmatch(r"[A-Z]+(\d+):[A-Z]+(\d+)", refs[name]).groups())  # type: ignore[union-attr]
        ranges = re.findall(r"\$(\d+):\$?[A-Z]+\$(\d+)", chart)
        assert ranges
        assert set(ranges) == {(str(first + 1), str(last))}
        assert "Segoe UI" in chart
