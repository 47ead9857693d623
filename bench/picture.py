"""Draws how much more each kind of request touches in a larger installation, as a picture that any browser shows."""

from html import escape

from bench.bounds import FLAT

ROW, LEFT, WIDTH, NUMBER = 26, 190, 420, 60
TOP = 44
BAR, LINE, TEXT = "#1d70b8", "#d4351c", "#0b0c0c"


def drawn(title: str, ratios: dict[str, float]) -> str:
    """Return the picture: one bar a kind of request, and a line at what is held to be flat."""
    most = max(*ratios.values(), 2 * FLAT)
    height = TOP + ROW * len(ratios) + 8
    rows = [_row(place, name, ratio, most) for place, (name, ratio) in enumerate(ratios.items())]
    flat = LEFT + WIDTH * FLAT / most
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + NUMBER} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<g font-family="sans-serif" font-size="13" fill="{TEXT}">',
        f'<rect width="100%" height="100%" fill="#ffffff"/><text x="8" y="20" font-weight="bold">{escape(title)}</text>',
        *rows,
        f'<path d="M{flat:.1f} {TOP - 6}V{height - 6}" stroke="{LINE}" stroke-dasharray="4 3"/>',
        f'<text x="{flat + 4:.1f}" y="{TOP - 8}" font-size="11">at most {FLAT:g} is held to be flat</text>',
        "</g></svg>\n",
    ))  # fmt: skip


def _row(place: int, name: str, ratio: float, most: float) -> str:
    y = TOP + ROW * place
    long = WIDTH * ratio / most
    return (
        f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LEFT}" y="{y + 3}" width="{long:.1f}" height="16" fill="{BAR}"/>'
        f'<text x="{LEFT + long + 6:.1f}" y="{y + 15}">{ratio:.2f}</text>'
    )
