"""What a job needs of a workbook, closed or open: the file store and the live store both do this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from xlcrm.settings import Settings
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.foundtexts import Found
    from xlcrm.tables.check import Checked


class Store(Protocol):
    """A workbook whose tables are read whole and written once."""

    @property
    def name(self) -> str:
        """The workbook's name, for messages."""

    def has(self, table_id: str) -> bool:
        """Whether the workbook has that table: one made by an earlier version may lack it."""

    def settings(self) -> Settings:
        """The settings that stand in the workbook."""

    def read(self, table_id: str, only: Sequence[str] = ()) -> Checked:
        """One table as a typed frame, with the problems of its cells.

        only: these columns alone, with what the workbook shows of those that a formula fills; not to be written back.
        """

    def value(self, name: str) -> str:
        """What a named cell holds, as text; empty where it is blank or there is no such name."""

    def may_hold(self, table_id: str, written: str) -> bool:
        """Whether a cell of the table may hold that text; said without reading the table, so a text elsewhere on its sheet counts too."""

    def page_ids(self) -> list[str]:
        """The pages (`route:3`) that have a sheet in the workbook."""

    def save(self, changes: WorkbookChanges) -> None:
        """Writes all changes at once, or none."""

    @property
    def reaches_file(self) -> bool:
        """Whether an erasure reaches tips of links, comments and hidden parts; where not, pages with names in tips are painted anew."""

    def find_texts(self, texts: Sequence[str]) -> list[Found]:
        """Every place of these texts in the workbook as it is now."""

    def remove_backups(self) -> list[str]:
        """Deletes earlier versions that saving left beside the workbook; returns their names."""


class Progress(Protocol):
    """Told of each step of a long job."""

    def __call__(self, step: str, done: int, of: int) -> None:
        """`step` is the text of what begins now, the `done`-th of `of` steps."""


def no_progress(step: str, done: int, of: int) -> None:
    """Shows nothing."""


def today() -> dt.date:
    """The day of this run. Jobs are the only room with a clock; rules get the day as an argument."""
    import datetime as dt

    return dt.date.today()


def now() -> dt.datetime:
    """This computer's day and time, to the second."""
    import datetime as dt

    return dt.datetime.now().replace(microsecond=0)
