"""The Settings table of a workbook: `xlcrm.tables.settings_table`, under the name by which the sheets know it."""

from xlcrm.tables.settings_table import SETTING_IDS, setting_id, setting_rows, settings_from_rows

__all__ = ["SETTING_IDS", "setting_id", "setting_rows", "settings_from_rows"]
