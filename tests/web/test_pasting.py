"""Lines pasted from any spreadsheet are read by what stands in them."""

import pytest

from web.pasting import table_of

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
    assert table_of('a;"b\nc;d', 2) == [["a", "b\nc;d"]]
    assert table_of("", 6) == []
    assert table_of("\x00;" * 10, 6)
