"""Lines pasted from a spreadsheet: with semicolons, commas or tabs, quotes, marks and ends of lines of any kind."""

import re

from casework.input.marks import without_invisible

SEPARATORS = (";", "\t", ",", "|")
CELLS = {one: re.compile(rf' *"((?:[^"]|"")*)" *(?={re.escape(one)}|\n|\Z)|([^{re.escape(one)}\n]*)') for one in SEPARATORS}
"""One cell before each separator: in quotation marks, or up to the separator or the end of its line."""
QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})
NO_WORDS = " ;,|\t\r\n"
END = re.compile(r"\r\n|\r|\n")
SAYS_SEPARATOR = re.compile(r"\s*\"?sep=.\"?[ ;,|\t]*", re.IGNORECASE)
"""The line that some spreadsheets write first: which separator follows."""


def table_of(text: str, width: int) -> list[list[str]]:
    """Return the cells of each line that is not empty, by the separator under which most lines have this many cells.

    Empty cells beyond the width are those of empty columns: they are left out.
    """
    plain = END.sub("\n", without_invisible(text).translate(QUOTES))
    tables = [_split(_after_separator_line(plain), separator, width) for separator in SEPARATORS]
    return max(tables, key=lambda rows: (sum(len(row) == width for row in rows), sum(len(row) > 1 for row in rows)))


def lines_of(text: str) -> list[str]:
    """Return the lines in which something stands, as they were pasted, without the one that only says its separator."""
    lines = [line for line in END.split(text) if line.strip(NO_WORDS)]
    return lines[1:] if lines and SAYS_SEPARATOR.fullmatch(without_invisible(lines[0])) else lines


def is_unclosed(cell: str) -> bool:
    """Whether a cell begins with a quotation mark that nothing ends."""
    return cell.startswith('"') and cell.count('"') % 2 == 1


def _after_separator_line(text: str) -> str:
    first, _end, rest = text.lstrip("\n").partition("\n")
    return rest if SAYS_SEPARATOR.fullmatch(first) else text


def _split(text: str, separator: str, width: int) -> list[list[str]]:
    """Return the cells of each line: quotation marks are removed where they stand around a whole cell, and else left.

    So one that nothing ends stays in its own line, and takes no other line into its cell.
    """
    cell = CELLS[separator]
    rows: list[list[str]] = [[]]
    at = 0
    while at <= len(text) and (found := cell.match(text, at)):
        words = found[2] if found[1] is None else found[1].replace('""', '"')
        rows[-1].append(words.strip())
        if text[found.end() : found.end() + 1] != separator:
            rows.append([])
        at = found.end() + 1
    return [_without_empty_columns(row, width) for row in rows if any(row)]


def _without_empty_columns(row: list[str], width: int) -> list[str]:
    while len(row) > width and not row[-1]:
        row = row[:-1]
    return row
