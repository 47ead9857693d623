"""Lines pasted from a spreadsheet: with semicolons, commas or tabs, quotes, marks and ends of lines of any kind."""

import csv
from io import StringIO

from casework.marks import without_invisible

SEPARATORS = (";", "\t", ",", "|")
QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})


def table_of(text: str, width: int) -> list[list[str]]:
    """Return the cells of each line that is not empty, by the separator under which most lines have this many cells."""
    plain = without_invisible(text).translate(QUOTES)
    tables = [_split(plain, separator) for separator in SEPARATORS]
    return max(tables, key=lambda rows: (sum(len(row) == width for row in rows), sum(len(row) > 1 for row in rows)))


def _split(text: str, separator: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator, skipinitialspace=True))
    except csv.Error:  # a cell without end, longer than a cell can be
        rows = [line.split(separator) for line in text.splitlines()]
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
