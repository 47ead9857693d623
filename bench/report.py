"""Writes what was measured into docs/performance.md, between two marks: nobody types a figure there."""

from textwrap import fill
from typing import Any

from bench.kept import ROOT, measured
from bench.picture import drawn

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "growth.svg"
BEGIN = "<!-- written by `python -m bench report` from here -->"
END = "<!-- to here -->"
LINE = 125
TITLES = {"loop": "a fixed loop of arithmetic, ms", "hashed": "rows of 300 bytes hashed a second", "raw": "raw step, ms"}
GROWTH = "Buffers at {large:,} cases, times those at {small:,}"


def report() -> str:
    """Write page and picture; returns what was left out, as it was not measured."""
    found = measured()
    page, before = PAGE.read_text(), BEGIN in PAGE.read_text()
    parts = [draw(found[word]) for word, draw in DRAWN.items() if word in found]
    text = "\n\n".join((BEGIN, *parts, END))
    start, _, rest = page.partition(BEGIN) if before else (page.rstrip() + "\n\n", "", f"{END}\n")
    PAGE.write_text(f"{start}{text}{rest.partition(END)[2]}")
    if "scale" in found:
        figures = found["scale"]["figures"]
        PICTURE.write_text(drawn(GROWTH.format(**figures), {name: row["growth"] for name, row in figures["rows"].items()}))
    return ", ".join(word for word in DRAWN if word not in found)


def _said(kept: dict[str, Any], note: str = "") -> str:
    return fill(f"`{kept['command']}`, {kept['day']}, {kept['machine']} (load: the average of a minute). {note}", LINE)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _spread(row: dict[str, float], digits: int = 1) -> str:
    return f"{row['middle']:,.{digits}f} ({row['least']:,.{digits}f} to {row['most']:,.{digits}f})"


def _limits(kept: dict[str, Any]) -> str:
    rows = [[title, _spread(kept["figures"][name], 0 if name == "hashed" else 1)] for name, title in TITLES.items()]
    note = "A raw step is the writes of `take_up` as plain SQL, without triggers and row security: the server's time."
    return f"### What the machine can do\n\n{_said(kept, note)}\n\n{_table(['Yardstick', 'median (least to most)'], rows)}"


def _costs(kept: dict[str, Any]) -> str:
    figures = kept["figures"]
    header = ["Request", "web, CPU-ms", "database, CPU-ms", "anew", "statements", "entries", "bytes", "function calls"]
    rows = [
        [
            name,
            _spread(row["web"]),
            _spread(row["database"]),
            _spread(row["anew"]),
            *(f"{row['counts'][key]:,}" for key in COUNTED),
        ]
        for name, row in figures["rows"].items()
    ]
    note = (
        f"At {figures['cases']:,} cases; {figures['runs']} runs in turn of {figures['requests']} requests, in this process"
        f" through Django's test client; median (least to most); {figures['void']} samples were void and taken again. *Anew*"
        " is the database in the first of them after a request that was rolled back, such as a refused look: the driver"
        " has the server forget then what it had prepared, and plans are made and chosen again."
    )
    return f"### What a request costs\n\n{_said(kept, note)}\n\n{_table(header, rows)}"


def _growth(kept: dict[str, Any]) -> str:
    figures = kept["figures"]
    small, large = (f"{figures[size]:,} cases" for size in ("small", "large"))
    header = [
        "Request",
        f"statements at {small}",
        f"at {large}",
        f"buffers at {small}",
        f"at {large}",
        "times",
        "rows scanned",
    ]
    rows = [
        [
            name,
            *(f"{row[size][key]:,}" for key in ("statements", "buffers") for size in ("small", "large")),
            f"{row['growth']:.2f}",
            f"{row['large']['scanned']:,}",
        ]
        for name, row in figures["rows"].items()
    ]
    picture = f"![{GROWTH.format(**figures)}]({PICTURE.relative_to(PAGE.parent)})"
    return f"### What grows\n\n{_said(kept)}\n\n{_table(header, rows)}\n\n{picture}"


COUNTED = ("statements", "entries", "bytes", "calls")
DRAWN = {"limits": _limits, "http": _costs, "scale": _growth}
