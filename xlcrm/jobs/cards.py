"""One customer's card, from the tables as they stand: only the columns that it shows are read, and nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from xlcrm.jobs.cardfindings import findings_of
from xlcrm.jobs.quarter import type_names
from xlcrm.jobs.results import pair, quarters_of
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.analogy import is_new, likeness, nearest
from xlcrm.rules.card import Card, Contact, ProductFigures, QuarterFigures, Similar, Task, Warned, open_tasks
from xlcrm.rules.changes import changes_of_rows
from xlcrm.rules.comparison import visit_line
from xlcrm.rules.due import NEXT_ACTION, due
from xlcrm.rules.followups import TASK_MARK
from xlcrm.rules.frames import collected, lazy, records
from xlcrm.rules.grades import graded
from xlcrm.rules.quarters import previous_quarter, quarter_of_day, quarters_back
from xlcrm.rules.totals import quarter_totals
from xlcrm.rules.why import ROW, why
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.quarters import purchase_quarter
from xlcrm.texts import Language, has, text

HISTORY_QUARTERS = 8
MOST_PRODUCTS = 5

_PURCHASE_COLUMNS = (c.CUSTOMER_CODE, c.DATE, c.PERIOD, c.PRODUCT_CODE, c.QUANTITY, c.AMOUNT)
_FOLLOW_UP_COLUMNS = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.OUTCOME, c.NOTE, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.FOLLOW_UP_ID)
_PROFILE = (c.OWNER, c.STATUS, c.OPENED_ON, c.BIRTHDAY, c.SOURCE, c.LICENCE_NUMBER)

Frames = dict[str, pl.DataFrame]


def card_of(store: Store, code: str, as_of: dt.date | None = None) -> Card:
    """The card of a customer on a day (today, if none is given), for the quarters chosen in the workbook, else the newest.

    Raises CannotDo where no table knows the code.
    """
    as_of = as_of or today()
    settings = store.settings()
    frames = _read(store)
    customers, own = frames["customers"], {name: frame.filter(pl.col(c.CUSTOMER_CODE) == code) for name, frame in _of_customers(frames)}
    if own["customers"].is_empty() and own["grades"].is_empty():
        raise CannotDo(Problem("unknown_customer", file=store.name, value=code))
    quarter, previous = _quarters(frames, settings, as_of)
    line = visit_line(
        code, customers, frames["routes"], frames["grades"], frames["purchases"], own["follow_ups"], settings, quarter, previous
    ) or {}  # fmt: skip
    profile = own["customers"].row(0, named=True) if own["customers"].height else {}
    follow_ups = _follow_ups(own["follow_ups"], settings)
    contacts, tasks = [each for each in follow_ups if not each.is_task], open_tasks(follow_ups, as_of)
    names = type_names(store.read("business_types").frame)
    kind = str(profile.get(c.BUSINESS_TYPE) or line.get(c.BUSINESS_TYPE) or "")
    return Card(
        code=code, name=str(profile.get(c.CUSTOMER_NAME) or ""), as_of=as_of, quarter=quarter, previous=previous,
        type_name=names.get(kind, kind), line=line,
        history=_history(own, frames["grades"], settings, quarter),
        profile=_profile(profile, line, own["purchases"], contacts, settings),
        own_columns=[(name, _shown(profile[name])) for name in customers.columns if name not in TABLES["customers"].by_id and profile],
        products=_products(own["purchases"], frames["products"], quarter, previous, settings.language),
        contacts=contacts, tasks=tasks,
        warnings=_warnings(own, frames["purchases"], tasks, settings, as_of),
        why=_why(code, frames, store, settings, line, quarter, previous),
        similar=_similar(code, frames, settings, quarter),
        findings=findings_of(store, code, _product_names(frames["products"])),
    )  # fmt: skip


def _read(store: Store) -> Frames:
    """The tables of a card; grades and purchases with the row of the sheet that each of their rows stands on."""
    frames = {table_id: store.read(table_id).frame for table_id in ("customers", "routes")}
    grades = store.read("grades")
    purchases, follow_ups = store.read("purchases", only=_PURCHASE_COLUMNS), store.read("follow_ups", only=_FOLLOW_UP_COLUMNS)
    frames["grades"] = grades.frame.with_columns(grades.rows.alias(ROW))
    bought = purchases.frame
    if c.PRODUCT_CODE not in bought.columns:
        bought = bought.with_columns(pl.lit(None, dtype=pl.String).alias(c.PRODUCT_CODE))
    frames["purchases"] = bought.with_columns(purchase_quarter(), purchases.rows.alias(ROW))
    frames["follow_ups"] = follow_ups.frame
    frames["products"] = store.read("products").frame
    return frames


def _of_customers(frames: Frames) -> list[tuple[str, pl.DataFrame]]:
    return [(name, frame) for name, frame in frames.items() if c.CUSTOMER_CODE in frame.columns]


def _quarters(frames: Frames, settings: Settings, as_of: dt.date) -> tuple[str, str]:
    """The quarters chosen, else the newest known; of a workbook without any, the one that the day is in."""
    if settings.current_quarter or quarters_of(frames):
        return pair(frames, settings, None, None)
    now = quarter_of_day(as_of)
    return now, previous_quarter(now)


def _types(frames: Frames, settings: Settings) -> dict[str, str | None]:
    """The business type of each customer: as Customers names it, else as its latest grade does."""
    parts = collected(graded(frames["grades"], settings.grammar).select(c.CUSTOMER_CODE, c.QUARTER, c.BUSINESS_TYPE))
    found: dict[str, str | None] = {
        row[c.CUSTOMER_CODE]: row[c.BUSINESS_TYPE] for row in sorted(records(parts), key=lambda row: row[c.QUARTER])
    }
    named = frames["customers"].select(c.CUSTOMER_CODE, c.BUSINESS_TYPE).drop_nulls()
    return found | dict(reversed(named.rows()))


def _history(own: Mapping[str, pl.DataFrame], grades: pl.DataFrame, settings: Settings, quarter: str) -> list[QuarterFigures]:
    """The quarters from the customer's first one, or the eighth last."""
    held = {row[c.QUARTER]: row[c.GRADE] for row in records(collected(graded(own["grades"], settings.grammar)))}
    totals = {row[c.QUARTER]: row for row in records(collected(quarter_totals(own["purchases"])))}
    wanted = [quarters_back(quarter, back) for back in range(HISTORY_QUARTERS, -1, -1)]
    graded_quarters = set(grades[c.QUARTER].drop_nulls().unique().to_list())
    pairs = pl.DataFrame(
        {c.GRADE: [held.get(now) for now in wanted[1:]], c.PREVIOUS_GRADE: [held.get(before) for before in wanted[:-1]]},
        schema={c.GRADE: pl.String, c.PREVIOUS_GRADE: pl.String},
    )
    found = []
    for row, (before, now) in zip(records(collected(changes_of_rows(lazy(pairs), settings.grammar))), pairwise(wanted), strict=True):
        # Against a quarter of which the workbook has no grades at all, nothing can be said.
        known = before in graded_quarters and now in graded_quarters
        grade, bought = held.get(now), totals.get(now, {})
        shown = row[c.SHOWN] if known else grade or words.NOTHING
        found.append(QuarterFigures(now, grade, row[c.STATE] if known else None, shown, bought.get(c.QUANTITY), bought.get(c.AMOUNT)))
    first = next((place for place, figures in enumerate(found) if figures.grade or figures.quantity is not None), len(found) - 1)
    return found[first:]


def _profile(
    profile: Mapping[str, Any], line: Mapping[str, Any], purchases: pl.DataFrame, contacts: Sequence[Contact], settings: Settings
) -> list[tuple[str, str]]:
    language, labels = settings.language, TABLES["customers"].by_id
    interval = settings.visit_interval_of_size(line.get(c.SIZE))
    bought = purchases[c.DATE].max() or purchases[c.PERIOD].max()  # a total without a day says its month or quarter
    phone = words.phone_numbers(pl.Series([profile.get(c.PHONE) or ""])).item()
    status = str(profile.get(c.STATUS) or "")
    shown = {
        c.CONTACT: "  ".join(part for part in (str(profile.get(c.CONTACT) or ""), phone) if part),
        c.ADDRESS: _shown(profile.get(c.ADDRESS)),
        **{name: _shown(profile.get(name)) for name in _PROFILE},
        c.STATUS: text(f"choices.{status}", language) if has(f"choices.{status}") else status,
        c.LAST_PURCHASE: _shown(bought),
        c.LAST_FOLLOW_UP: _shown(contacts[0].date if contacts else None),
    }
    lines = [(labels[name].label(language), value) for name, value in shown.items()]
    lines.insert(2, (text("card.visits", language), text("card.every_days", language, days=interval)))
    return lines


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _follow_ups(own: pl.DataFrame, settings: Settings) -> list[Contact]:
    """All follow-ups with a day, tasks of the Playbook too, newest first; of one day the latest written first."""
    rows = own.drop_nulls(c.DATE).with_row_index("written").sort([c.DATE, "written"], descending=True)
    found = []
    for row in rows.iter_rows(named=True):
        kind = str(row[c.KIND] or "")
        named = text(f"choices.{kind}", settings.language) if has(f"choices.{kind}") else kind
        is_task = str(row[c.FOLLOW_UP_ID] or "").startswith(TASK_MARK)
        said = " · ".join(str(row[name]) for name in (c.OUTCOME, c.NOTE) if row[name])
        found.append(Contact(row[c.DATE], named, said, str(row[c.NEXT_ACTION] or ""), row[c.NEXT_ACTION_ON], is_task))
    return found


def _products(own: pl.DataFrame, products: pl.DataFrame, quarter: str, previous: str, language: Language) -> list[ProductFigures]:
    """The products of the largest quantity over both quarters, each with this quarter's figures.

    What was bought without a product counts as one: else those that are named would seem to have fallen. Alone it says nothing.
    """
    rows = own.filter(pl.col(c.QUARTER).is_in([quarter, previous])).with_columns(pl.col(c.PRODUCT_CODE).fill_null(""))
    if (rows[c.PRODUCT_CODE] == "").all():
        return []
    now, before = pl.col(c.QUARTER) == quarter, pl.col(c.QUARTER) == previous
    sums = rows.group_by(c.PRODUCT_CODE).agg(
        pl.col(c.QUANTITY).filter(now).sum().alias("now"), pl.col(c.QUANTITY).filter(before).sum().alias("before"),
        pl.col(c.AMOUNT).filter(now).sum().alias("amount"),
    ).sort(pl.col("now") + pl.col("before"), c.PRODUCT_CODE, descending=[True, False]).head(MOST_PRODUCTS)  # fmt: skip
    names = {"": text("card.no_product", language)} | _product_names(products)
    return [
        ProductFigures(code, names.get(code, code), bought, amount, (bought - earlier) / earlier if earlier > 0 else None)
        for code, bought, earlier, amount in sums.iter_rows()
    ]


def _product_names(products: pl.DataFrame) -> dict[str, str]:
    return dict(products.select(c.PRODUCT_CODE, c.PRODUCT_NAME).drop_nulls().iter_rows())


def _warnings(
    own: Mapping[str, pl.DataFrame], purchases: pl.DataFrame, tasks: Sequence[Task], settings: Settings, as_of: dt.date
) -> list[Warned]:  # fmt: skip
    """Why the customer is due; an agreement that a later one overtook is named too, as long as it is not done."""
    if own["customers"].is_empty():
        return []
    rows = due(own["customers"], own["follow_ups"], own["grades"], purchases, settings, as_of)
    found = [Warned(row[c.REASON], row[c.REASON_TEXT], row[c.DUE_ON], row[c.DAYS_OVERDUE]) for row in rows.iter_rows(named=True)]
    named = {warned.due_on for warned in found if warned.reason == NEXT_ACTION}
    forgotten = [task for task in tasks if task.overdue and task.due_on not in named]
    agreed = [
        Warned(NEXT_ACTION, text("due.next_action", settings.language, what=task.what or text("card.task_blank", settings.language)),
               task.due_on, (as_of - task.due_on).days)
        for task in forgotten if task.due_on is not None
    ]  # fmt: skip
    return [*agreed, *found]


def _why(code: str, frames: Frames, store: Store, settings: Settings, line: Mapping[str, Any], quarter: str, previous: str) -> list[str]:
    """Three short sentences of `rules.why`: the rule, the thresholds, the source rows; other ones where there is no grade."""
    language = settings.language
    if not line.get(c.GRADE):
        sentences = [text("card.why_none", language, quarter=words.quarter_label(quarter, language))]
        earlier = line.get(c.PREVIOUS_GRADE)
        return (
            [*sentences, text("card.why_before", language, grade=earlier, quarter=words.quarter_label(previous, language))]
            if earlier
            else sentences
        )
    # The rows of this quarter are all that the sentences need; the thresholds stand in the line already.
    own = pl.col(c.CUSTOMER_CODE) == code
    found: dict[str, str] = {}
    for each in why(
        code, frames["customers"].filter(own), frames["grades"].filter(own), frames["purchases"].filter(own), settings, quarter,
        store.read("grade_rules").frame if settings.grades_from == "minimums" else None, previous,
    ):  # fmt: skip
        found.setdefault(each.label.removeprefix("functions.reason_"), str(each.value))
    sentences = [text("card.why_rule", language, grade=line[c.GRADE], rule=found.get("rule", ""))]
    sentences.append(_thresholds(line, settings))
    rows = found.get("grade_row", "")
    sentences.append(text("card.why_rows", language, row=rows, purchases=found.get("purchases", "0")))
    return sentences


def _thresholds(line: Mapping[str, Any], settings: Settings) -> str:
    language = settings.language
    own = [
        line[name] - line[cushion] if line.get(name) is not None and line.get(cushion) is not None else None
        for name, cushion in ((c.QUANTITY, c.CUSHION_QUANTITY), (c.AMOUNT, c.CUSHION_AMOUNT))
    ]
    parts = []
    if any(value is not None for value in own):
        parts.append(text("card.from", language, grade=line[c.GRADE], figures=words.pair(own[0], own[1], language)))
    else:
        parts.append(text("card.lowest", language, grade=line[c.GRADE]))
    if line.get(c.NEXT_GRADE):
        figures = words.pair(line.get(c.NEXT_MIN_QUANTITY), line.get(c.NEXT_MIN_AMOUNT), language)
        parts.append(text("card.from", language, grade=line[c.NEXT_GRADE], figures=figures))
    return text("card.separator", language).join(parts)


def _similar(code: str, frames: Frames, settings: Settings, quarter: str) -> list[Similar]:
    before = (pl.col(c.CUSTOMER_CODE) == code) & (pl.col(c.QUARTER) < quarter)
    if not frames["purchases"].filter(before).is_empty():
        return []  # it is not new, so nobody else need be looked at
    known = likeness(frames["customers"], frames["purchases"], _types(frames, settings))
    if not is_new(code, quarter, known):
        return []
    names = dict(reversed(frames["customers"].select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).rows()))
    products = _product_names(frames["products"])
    return [
        Similar(each.code, names.get(each.code) or each.code, each.distance, [products.get(product, product) for product in each.products])
        for each in nearest(code, quarter, known, frames["purchases"])
    ]
