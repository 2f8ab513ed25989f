"""What can be wrong with a workbook, in the words that a person reads. In the child."""

from datasets.problems import CannotRead

SAVE = "Open it where you made it, save the table as CSV, and upload that."


def encrypted() -> CannotRead:
    return CannotRead("encrypted", "This workbook has a password. Save it without one and upload it again.")


def broken(what: str) -> CannotRead:
    return CannotRead("spreadsheet_broken", f"This workbook is damaged: {what}. {SAVE}")


def too_far(row: int, column: int) -> CannotRead:
    return CannotRead(
        "sheet_too_large",
        f"The cells of a sheet reach to row {row:,} and column {column:,}, more than can be read at once."
        f" {SAVE}",
    )


def own_definitions() -> CannotRead:
    return broken("it brings definitions of its own, which no spreadsheet needs")
