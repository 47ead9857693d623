"""Whether a request costs more than it may, of all that does not depend on the machine."""

from collections.abc import Iterator

from bench.bounds import BOUNDS, FLAT, Bound
from bench.counting import Counts
from bench.scaling import Counted, growth

NOTICED = 0.9
"""Below which part of its bound a figure is so much less that the bound is to shrink."""


def broken(small: Counted, large: Counted) -> list[str]:
    """Say what costs more than its bound, one sentence each."""
    said = [f"{name} has no bound in bench/bounds.py." for name in large.keys() - BOUNDS.keys()]
    for name, bound in BOUNDS.items():
        figures = _figures(small[name], large[name])
        for what, (found, most) in _against(figures, bound).items():
            if found > most:
                said.append(f"{name}: {what} {found:g}, at most {most:g}.")
        if bound.growth > FLAT and not bound.why:
            said.append(f"{name}: its growth of {bound.growth:g} stands in bench/bounds.py without a reason.")
    return said


def may_shrink(small: Counted, large: Counted) -> Iterator[str]:
    """Say which bounds are larger than they need to be."""
    for name, bound in BOUNDS.items():
        for what, (found, most) in _against(_figures(small[name], large[name]), bound).items():
            if found < most * NOTICED and not (what == "growth" and most <= FLAT):
                yield f"{name}: {what} is {found:g} now; its bound of {most:g} may shrink."


def _figures(small: Counts, large: Counts) -> dict[str, float]:
    return {**large.as_row(), "growth": round(growth(small, large), 2)}


def _against(figures: dict[str, float], bound: Bound) -> dict[str, tuple[float, float]]:
    """Pair each figure with its bound; no row of a growing table is read from end to end, whatever the request."""
    most = {"statements": bound.statements, "entries": bound.entries, "bytes": bound.bytes, "growth": bound.growth}
    return {what: (figures[what], figure) for what, figure in {**most, "scanned": 0}.items()}
