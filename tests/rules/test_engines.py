"""One text of each rule, equal results on pandas, polars (eager and lazy), DuckDB and Spark."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest

from tests.rules.engines import Results, results
from tests.rules.handmade import AS_OF, BEFORE, NOW, compared, customers, grades, purchase, table
from xlcrm.rules.comparison import compare
from xlcrm.rules.frames import collected, tuples
from xlcrm.rules.totals import quarter_totals
from xlcrm.settings import Settings
from xlcrm.tables import columns as c


def _tables(seed: int = 7, people: int = 150) -> dict[str, pl.DataFrame]:
    """Customers of every kind: no route, no grade, no record, returns, recorded zeros, amounts nobody recorded, codes not in Customers."""
    chance = random.Random(seed)
    codes = [f"{number:012}" for number in range(people)]
    kinds = ["CS1", "CS2", "CS3", "CB1", "CB3", "CZ11", "CZ12", "CZ2", " cs2", "bad", None]
    bought = [
        purchase(code, quarter, chance.choice((None, 0, -3, 1.5, 20, 33)), chance.choice((None, 0, 12.34, 99.99, 150)))
        for code in codes for quarter in (NOW, BEFORE, "2016Q4") for _ in range(chance.randrange(4))
    ]  # fmt: skip
    held = {quarter: {code: chance.choice(kinds) for code in codes if chance.random() < 0.8} for quarter in (NOW, BEFORE, "2016Q4")}
    listed = customers({code: chance.choice(("1", "2", "3", "4", "5", "9", None)) for code in codes[:-20]})
    wanted = {
        "customers": (c.CUSTOMER_CODE, c.ROUTE), "grades": (c.CUSTOMER_CODE, c.QUARTER, c.GRADE),
        "purchases": (c.CUSTOMER_CODE, c.QUARTER, c.QUANTITY, c.AMOUNT),
    }  # fmt: skip
    frames = {"customers": listed, "grades": grades(*held.items()), "purchases": table("purchases", bought)}
    return {name: frames[name].select(columns) for name, columns in wanted.items()}


@pytest.fixture(scope="module")
def expected() -> Results:
    return results(_tables(), lambda frame: frame)


def _duckdb(frame: pl.DataFrame) -> Any:
    return duckdb.from_arrow(frame.to_arrow())


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "pandas": lambda frame: frame.to_pandas(),
    "pandas on arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "polars lazy": lambda frame: frame.lazy(),
    "duckdb": _duckdb,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_what_polars_gives(engine: str, expected: Results) -> None:
    found = results(_tables(), ENGINES[engine])
    for name, rows in expected.items():
        assert len(rows) > 5, name
        assert found[name] == rows, (engine, name)


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_without_a_row_give_results_without_a_row(engine: str) -> None:
    if engine == "pandas":
        pytest.skip("a pandas column without a value has no type")
    found = results({name: frame.clear() for name, frame in _tables().items()}, ENGINES[engine])
    assert {name: len(rows) for name, rows in found.items()} == dict.fromkeys(found, 1)  # the names of the columns


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if os.environ.get("XLCRM_REQUIRE_TOOLS") == "1":
        import pyspark.sql as sql  # here a missing engine is a failure, not a skip
    else:
        sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (the extra `engines`)")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java, which is not on this machine")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        # A few hundred rows: compiling a plan would take longer than running it.
        .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.codegen.factoryMode", "NO_CODEGEN").config("spark.sql.adaptive.enabled", "false")
        .getOrCreate()
    )  # fmt: skip
    yield session
    session.stop()


@pytest.mark.spark
def test_spark_gives_what_polars_gives(spark: Any, expected: Results) -> None:
    def to_spark(frame: pl.DataFrame) -> Any:
        kinds = ", ".join(f"{name} {'bigint' if dtype.is_integer() else 'string'}" for name, dtype in frame.schema.items())
        return spark.createDataFrame(frame.rows(), kinds)

    found = results(_tables(), to_spark)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_everything_at_once_is_the_same_from_pandas() -> None:
    tables = _tables(people=60)
    tables["purchases"] = tables["purchases"].with_columns(
        pl.Series(c.PRODUCT_CODE, ["P1", None, "P2"]).sample(len(tables["purchases"]), with_replacement=True, seed=1)
    )
    tables["routes"] = table("routes", [{c.ROUTE: "1", c.ACCOUNT_MANAGER: "Lee", c.POSITION: 3}, {c.ROUTE: "2", c.BATCH: "Fri"}])
    tables["follow_ups"] = table(
        "follow_ups", [{c.CUSTOMER_CODE: f"{number:012}", c.DATE: AS_OF - dt.timedelta(days=number)} for number in range(30)]
    )

    def found(to_engine: Callable[[pl.DataFrame], Any]) -> dict[str, list[tuple[Any, ...]]]:
        options = {"settings": Settings(), "current": NOW, "previous": BEFORE, "as_of": AS_OF}
        result = compare(**{name: to_engine(frame) for name, frame in tables.items()}, **options)
        names = ("changes", "statistics", "minimums", "gaps", "route_summary", "reconciliation", "visit_lines")
        frames = {name: nw.from_native(getattr(result, name), eager_only=True) for name in names}
        return {name: tuples(frame.select(*sorted(frame.columns))) for name, frame in frames.items()} | {"problems": result.problems}

    ours, theirs = found(lambda frame: frame), found(lambda frame: frame.to_pandas())
    for name, rows in ours.items():
        assert len(rows) > 2, name
        if name != "problems":
            rows = [tuple(pytest.approx(value) if isinstance(value, float) else value for value in row) for row in rows]
        assert theirs[name] == rows, name


def test_totals_of_all_quarters() -> None:
    bought = table("purchases", [purchase("1", quarter, 1, 2) for quarter in (NOW, BEFORE, "2016Q4")])
    assert collected(quarter_totals(bought)).get_column(c.QUARTER).sort().to_list() == ["2016Q4", BEFORE, NOW]


def test_purchases_without_a_column_of_products_name_no_dropped_product() -> None:
    found = compared({"1": "CS2"}, {"1": "CS1"}, purchases_table=table("purchases", [purchase("1", BEFORE, 9, 9)]).drop(c.PRODUCT_CODE))
    assert found.visit_lines.get_column("dropped_product").to_list() == [None]
