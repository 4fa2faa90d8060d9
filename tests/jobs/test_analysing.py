"""Analyse: the references through import, job and workbook; what a day cuts off; what is said where nothing can be fitted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from tests.jobs.both_stores import STORES, Do
from xlcrm.jobs.analysing import analyse, weekly_visits
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.showing import table
from xlcrm.models.leaving import auc
from xlcrm.problems import CannotDo
from xlcrm.rules.kpis import KPIS
from xlcrm.rules.lifecycle import STAGES
from xlcrm.samples import SAMPLE_DAY, sample_files
from xlcrm.settings import Settings
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.places import VALUE_NOTE, sheet_name, sheet_of_table
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.results_value import VALUE_TABLES
from xlcrm.texts import LANGUAGES, Language, text

CALIBRATION_ENDS = dt.date(1997, 9, 30)
DATA = Path(__file__).resolve().parents[1] / "data" / "cdnow_sample.csv"


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CDNOW imported and analysed at the end of its calibration."""
    folder = tmp_path_factory.mktemp("cdnow")
    rows = pl.read_csv(DATA, infer_schema=False)
    rows.select(customer_code="customer_id", date="date", quantity="cds", amount="dollars").write_csv(folder / "purchases.csv")
    book = folder / "cdnow.xlsx"
    import_files(FileStore.create(book, "en"), [folder / "purchases.csv"])
    analyse(FileStore.open(book), CALIBRATION_ENDS)
    return book


def test_the_models_in_the_workbook_are_the_published_ones_of_cdnow(cdnow: Path) -> None:
    rows = {(model, name): value for model, name, value, _ in table(FileStore.open(cdnow), "clv_model").iter_rows()}
    published = {
        ("bgnbd", "r"): 0.243, ("bgnbd", "alpha"): 4.414, ("bgnbd", "a"): 0.793, ("bgnbd", "b"): 2.426,
        ("gamma_gamma", "p"): 6.25, ("gamma_gamma", "q"): 3.74, ("gamma_gamma", "v"): 15.44,
    }  # fmt: skip
    for key, value in published.items():
        assert float(rows[key]) == pytest.approx(value, abs=0.01), key
    assert float(rows["bgnbd", "log_likelihood"]) == pytest.approx(-9582.4, abs=0.05)


def test_the_rfm_in_the_workbook_is_that_of_cdnow(cdnow: Path) -> None:
    rows = table(FileStore.open(cdnow), "rfm")
    assert rows.height == 2357
    first = rows.row(0, named=True)
    assert (first[c.CUSTOMER_CODE], first[c.FIRST_DATE], first[c.LAST_DATE], first[c.FREQUENCY], first[c.MONETARY]) == (
        "0001", "1997-01-01", "1997-08-02", "3", "74.02",
    )  # fmt: skip


def test_the_probability_in_the_workbook_ranks_better_than_recency_alone(cdnow: Path) -> None:
    later = pl.read_csv(DATA, schema_overrides={"customer_id": pl.String}, try_parse_dates=True).filter(pl.col("date") > CALIBRATION_ENDS)
    stays = set(later["customer_id"])
    shown = table(FileStore.open(cdnow), "activity").join(table(FileStore.open(cdnow), "rfm"), on=c.CUSTOMER_CODE)
    went = (~shown[c.CUSTOMER_CODE].is_in(list(stays))).cast(pl.Float64).to_numpy()
    said, recency = (shown[name].cast(pl.Float64).to_numpy() for name in (c.PROBABILITY, c.RECENCY_DAYS))
    assert auc(said, went) > auc(recency, went) + 0.005


def test_nothing_after_the_day_counts(cdnow: Path, tmp_path: Path) -> None:
    cut = pl.read_csv(DATA, infer_schema=False).filter(pl.col("date") <= "1997-09-30")
    cut.select(customer_code="customer_id", date="date", quantity="cds", amount="dollars").write_csv(tmp_path / "cut.csv")
    book = tmp_path / "cut.xlsx"
    import_files(FileStore.create(book, "en"), [tmp_path / "cut.csv"])
    analyse(FileStore.open(book), CALIBRATION_ENDS)
    for spec in VALUE_TABLES:
        assert table(FileStore.open(book), spec.id).equals(table(FileStore.open(cdnow), spec.id)), spec.id


@pytest.mark.parametrize(("store", "language"), list(zip(STORES, LANGUAGES, strict=True)))
def test_the_sample_is_analysed_on_both_stores(store: str, language: Language, tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    import_files(FileStore.create(book, language), sample_files(language))
    do: Do = STORES[store]
    found = do(book, lambda opened: analyse(opened, SAMPLE_DAY))
    for spec in VALUE_TABLES:
        stands = FileStore.open(book).read(spec.id).frame
        for name in (column.id for column in spec.columns if column.terms):
            assert stands[name].to_list() == found.tables[spec.id][name].to_list(), (spec.id, name)
        assert stands.height == found.tables[spec.id].height, spec.id
    stages = found.tables["stages"]
    assert stages.height == 300
    assert not stages[c.STAGE].is_null().any()
    quarter = found.tables["transitions"].filter(pl.col(c.QUARTER) == pl.col(c.QUARTER).max())
    assert quarter[c.CUSTOMERS].sum() == 300
    assert found.tables["pareto"][c.SHARE].sum() == pytest.approx(1)
    assert len(found.lines(language)) >= 3


def shown_in(book: Path, language: Language, table_id: str, column_id: str) -> list[object]:
    """What the cells of a column show."""
    spec = TABLES[table_id]
    opened = load_workbook(book, data_only=True)
    sheet = opened[sheet_name(sheet_of_table(table_id), language)]
    head, *rows = sheet[sheet.tables[spec.excel_name].ref]
    column = [cell.value for cell in head].index(spec.by_id[column_id].label(language))
    return [row[column].value for row in rows]


@pytest.mark.parametrize("store", STORES)
def test_cells_show_words_and_names_and_another_language_means_the_same(store: str, tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    import_files(FileStore.create(book, "zh"), sample_files("zh"))
    do: Do = STORES[store]
    found = do(book, lambda opened: analyse(opened, SAMPLE_DAY)).tables["stages"]
    named = dict(zip(STAGES, ("潜在", "接触", "转化", "持续发展", "衰退"), strict=True))
    assert shown_in(book, "zh", "stages", c.STAGE) == [named[stage] for stage in found[c.STAGE]]
    if store == "closed file":  # an open workbook calculates its own formulas
        names = dict(FileStore.open(book).read("customers").frame.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows())
        assert shown_in(book, "zh", "warnings", c.CUSTOMER_NAME) == [
            names[code] for code in shown_in(book, "zh", "warnings", c.CUSTOMER_CODE)
        ]
    before = {spec.id: FileStore.open(book).read(spec.id).frame for spec in VALUE_TABLES}
    opened = FileStore.open(book)
    setting = pl.col(c.SETTING) == text("settings.language", "zh")
    settings = opened.read("settings").frame.with_columns(pl.when(setting).then(pl.lit("en")).otherwise(c.VALUE).alias(c.VALUE))
    opened.save(WorkbookChanges(tables={"settings": settings}))
    opened = FileStore.open(book)
    assert opened.settings().language == "en"
    for table_id, frame in before.items():
        assert opened.read(table_id).frame.equals(frame), table_id
    do(book, lambda other: analyse(other, SAMPLE_DAY))
    assert FileStore.open(book).read("transitions").frame.equals(before["transitions"])


def test_key_figures_keep_their_ids_in_show_and_names_stay_out_of_it(cdnow: Path) -> None:
    assert set(table(FileStore.open(cdnow), "kpis")[c.KPI]) == set(KPIS)
    for spec in VALUE_TABLES:
        assert c.CUSTOMER_NAME not in table(FileStore.open(cdnow), spec.id).columns


def test_churn_and_retention_add_up_to_one(cdnow: Path) -> None:
    rows = table(FileStore.open(cdnow), "kpis")
    both = rows.filter(pl.col(c.KPI).is_in(["churn", "retention"])).group_by(c.QUARTER).agg(pl.col(c.VALUE).cast(pl.Float64).sum())
    assert both.height
    assert both[c.VALUE].to_list() == pytest.approx([1.0] * both.height, abs=1e-3)


def test_warnings_are_no_more_than_a_weeks_visits(cdnow: Path) -> None:
    settings = Settings()
    assert weekly_visits(settings, 300) == 150
    assert table(FileStore.open(cdnow), "warnings").height <= weekly_visits(settings, 2357)


def test_without_a_purchase_up_to_the_day_nothing_is_done(cdnow: Path) -> None:
    before = cdnow.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        analyse(FileStore.open(cdnow), dt.date(1996, 1, 1))
    assert refusal.value.problem.code == "nothing_to_analyse"
    assert cdnow.read_bytes() == before


def test_models_that_cannot_be_fitted_are_said_and_leave_blanks(tmp_path: Path) -> None:
    book, export = tmp_path / "few.xlsx", tmp_path / "few.csv"
    export.write_text("customer_code,date,amount\na,2017-01-05,10\nb,2017-02-05,20\n", encoding="utf-8")
    import_files(FileStore.create(book, "en"), [export])
    found = analyse(FileStore.open(book), dt.date(2017, 6, 30))
    assert found.lines("en")[3:] == [
        "No model of lifetime value: 10 customers have to have bought again on another day, 0 have. "
        "Expected purchases, expected value and P(alive) stay blank.",
        "No probability of leaving: it takes 30 cases of a customer who bought nothing in the quarter after, and as many of one who bought; "
        "there are 2 and 0.",
        "No groups: it takes 30 customers with purchases, there are 2.",
    ]
    assert FileStore.open(book).value(VALUE_NOTE) == found.lines("en")[3]
    shown = table(FileStore.open(book), "clv")
    assert shown[c.SIMPLE].to_list() == ["10.00", "20.00"]
    assert shown[c.EXPECTED_VALUE].null_count() == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals_without_a_day_are_named_as_the_reason_for_a_missing_model(language: Language, tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    import_files(FileStore.create(book, language), sample_files(language))
    found = analyse(FileStore.open(book), dt.date(2017, 11, 20))
    undated = FileStore.open(book).read("purchases").frame.filter(pl.col(c.DATE).is_null() & (pl.col(c.PERIOD) <= "2017-11")).height
    told = found.lines(language)
    assert any(f"all {undated} purchases" in line or f"{undated} 笔购进均为" in line for line in told[3:])
    notes = FileStore.open(book).read("clv_model").frame
    assert notes.filter(pl.col("model") == "bgnbd")[c.NOTE].unique().to_list() == [told[3]] == [FileStore.open(book).value(VALUE_NOTE)]


def test_purchases_with_and_without_a_day_are_counted_apart(tmp_path: Path) -> None:
    book, export = tmp_path / "mixed.xlsx", tmp_path / "mixed.csv"
    export.write_text(
        "customer_code,date,month,amount\na,2017-01-05,,10\na,2017-02-05,,10\nb,2017-02-05,,20\nb,,2017-03,7\nc,,2017-04,5\n",
        encoding="utf-8",
    )
    import_files(FileStore.create(book, "en"), [export])
    told = analyse(FileStore.open(book), dt.date(2017, 6, 30)).lines("en")
    assert any("bought again on another day, 1 have; 2 purchases are totals" in line for line in told)
    assert table(FileStore.open(book), "clv")[c.CUSTOMER_CODE].to_list() == ["a", "b"]


def test_a_note_goes_when_its_reason_is_gone(cdnow: Path) -> None:
    assert FileStore.open(cdnow).value(VALUE_NOTE) == ""


def test_grades_ahead_and_groups_of_the_sample(tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    import_files(FileStore.create(book, "en"), sample_files("en"))
    found = analyse(FileStore.open(book), dt.date(2017, 11, 20))
    ahead, groups = found.tables["nowcast"], found.tables["segments"]
    assert ahead[c.QUARTER].unique().to_list() == ["2017Q4"]
    assert ahead.height > 250
    assert (ahead[c.INTERVAL_PROBABILITY] >= 0.9 - 1e-9).all()
    assert groups[c.CUSTOMERS].sum() == found.tables["rfm"].height == found.tables["segment_members"].height
    assert groups[c.SHARE].sum() == pytest.approx(1)


def test_products_bought_together_are_suggested_to_who_lacks_one(tmp_path: Path) -> None:
    rows = ["customer_code,date,order_number,product_code,quantity,amount"]
    for number in range(40):
        day, order = f"2017-05-{number % 28 + 1:02}", f"O{number}"
        rows += [f"{number % 20:04},{day},{order},TEA,1,5.00"]
        rows += [f"{number % 20:04},{day},{order},CUPS,1,9.00"] if number % 4 else []
    rows += [f"1{number:03},2017-05-03,P{number},SALT,1,2.00" for number in range(60)]
    export, book = tmp_path / "orders.csv", tmp_path / "orders.xlsx"
    export.write_text("\n".join(rows), encoding="utf-8")
    import_files(FileStore.create(book, "en"), [export])
    analyse(FileStore.open(book), dt.date(2017, 6, 30))
    rules = {(row[0], row[1]): row for row in table(FileStore.open(book), "baskets").iter_rows()}
    assert float(rules["CUPS", "TEA"][3]) == 1
    assert float(rules["TEA", "CUPS"][3]) == 0.75
    offered = table(FileStore.open(book), "suggestions")
    assert set(offered[c.PRODUCT_CODE]) == {"CUPS"}
    assert set(offered[c.CUSTOMER_CODE]) == {f"{number:04}" for number in range(20) if number % 4 == 0}
