"""Lines pasted from any spreadsheet are read by what stands in them."""

import pytest

from web.pasting import is_unclosed, lines_of, table_of

ROWS = [
    ["2026-abc123", "12-1-2026", "Agent Een|Agent Twee", "Rustig; kort.", "Bij het gezin, binnen.", "Met twee."],
    ["2026-def456", "13-1-2026", "Agent Een|Agent Drie", 'Hij zegt "nee".', "Buren niet.", "Met drie."],
]


def written(separator, end, *, mark="", quote=False):
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if quote or separator in text or '"' in text else text

    return mark + end.join(separator.join(map(cell, row)) for row in ROWS) + end


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quote", [True, False])
def test_a_table_is_read_whatever_wrote_it(separator, end, mark, quote):
    assert table_of(written(separator, end, mark=mark, quote=quote), 6) == ROWS


def test_typographic_quotes_empty_lines_and_a_cell_without_end_do_no_harm():
    assert table_of("\n\n\u201ceen; twee\u201d;b\n\n", 2) == [["een; twee", "b"]]
    assert table_of('a;"b\nc;d', 2) == [["a", '"b'], ["c", "d"]]
    assert table_of('a;"b\nc"\nd;e', 2) == [["a", "b\nc"], ["d", "e"]], "a cell of two lines"
    assert table_of("", 6) == []
    assert table_of("\x00;" * 10, 6)


@pytest.mark.parametrize("more", [";", ";;;", "; ;", ";\t;"])
@pytest.mark.parametrize("quote", [True, False])
def test_empty_columns_behind_the_last_are_left_out(more, quote):
    lines = written(";", "\n", quote=quote).splitlines()
    assert table_of("\n".join(line + more for line in lines), 6) == ROWS
    assert len(table_of(lines[0] + "\n" + lines[1] + ";x", 6)[1]) == 7, "a cell that holds something stays"


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;\r", "\ufeffsep=;", "\nsep=;"])
def test_a_line_that_only_says_the_separator_is_no_row(first):
    assert table_of(f"{first}\n" + written(";", "\n"), 6) == ROWS
    assert len(lines_of(f"{first}\n" + written(";", "\n") + ";;;\n")) == 2


def test_quotation_marks_within_a_cell_stay():
    assert table_of('"hard" aanpakken;b', 2) == [['"hard" aanpakken', "b"]]
    assert table_of('a;zeg "nee"\n"c"; "d"', 2) == [["a", 'zeg "nee"'], ["c", "d"]]
    assert [is_unclosed(cell) for cell in ('"b', '"hard" aanpakken', "b", 'zij zei "nee')] == [True, False, False, False]


def test_a_mark_without_end_spoils_its_own_line_alone():
    rows = table_of('a;"b\n' + "c;d\n" * 50, 2)
    assert len(rows) == 51
    assert [any(map(is_unclosed, row)) for row in rows] == [True] + [False] * 50
