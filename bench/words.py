"""The words of `python -m bench`."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from bench.gate import broken, may_shrink
from bench.installation import installation
from bench.kept import KEPT, ROOT, keep, version
from bench.limits import limits_of
from bench.planting import SCALES
from bench.report import PAGE, report
from bench.requests import Unexpected
from bench.scaling import LARGE, SMALL, Counted, grown, growth
from bench.serving import REQUESTS, RUNS, costs_of
from bench.timing import Unsteady
from config.environment import Unsafe


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def seed(given: Namespace) -> int:
    """Plant an installation and say what was planted; nothing of it is left."""
    with installation(given.scale) as found:
        say(f"{found.cases} cases in {found.seconds:.1f} s, content {found.content}")
    return 0


def limits(_: Namespace) -> int:
    """Measure what the machine can do."""
    with installation(SMALL) as found:
        taken = limits_of(found)
        for name, one in taken.items():
            say(f"{name:<8} {one}")
        keep("limits", version(found.outside), {name: asdict(one) for name, one in taken.items()})
    return 0


def http(given: Namespace) -> int:
    """Measure what a request costs."""
    with installation(given.scale) as found:
        costs, void = costs_of(found)
        for name, cost in costs.items():
            say(f"{name:<22} web {cost.web} ms, database {cost.database} ms, anew {cost.anew} ms")
        figures = {"cases": found.cases, "runs": RUNS, "requests": REQUESTS, "void": void}
        rows = {name: asdict(cost) for name, cost in costs.items()}
        keep(f"http --scale {given.scale}", version(found.outside), {**figures, "rows": rows})
    return 0


def scale(_: Namespace) -> int:
    """Count what grows with an installation."""
    _keep_growth("scale", *grown())
    return 0


def gate(_: Namespace) -> int:
    """Fail where a request costs more than its bound, of what does not depend on the machine."""
    small, large, _server = grown()
    found = broken(small, large)
    for line in may_shrink(small, large):
        say(line)
    for line in found:
        say(f"Too much. {line}")
    say(f"{len(large)} kinds of request, {len(found)} figures above their bounds")
    return bool(found)


def _keep_growth(command: str, small: Counted, large: Counted, server: str) -> None:
    rows = {}
    for name, first in small.items():
        times = growth(first, large[name])
        say(f"{name:<22} {first.buffers:>7} {large[name].buffers:>7} buffers, {times:.2f} times")
        rows[name] = {"small": first.as_row(), "large": large[name].as_row(), "growth": times}
    keep(command, server, {"small": SCALES[SMALL], "large": SCALES[LARGE], "rows": rows})


def written(_: Namespace) -> int:
    """Write what was measured into the page on performance."""
    missing = report()
    say(f"{KEPT.relative_to(ROOT)} is in {PAGE.relative_to(ROOT)}" + (f", but not measured: {missing}" if missing else ""))
    return 0


WORDS = {"seed": seed, "limits": limits, "http": http, "scale": scale, "gate": gate, "report": written}


def main(arguments: list[str]) -> int:
    """Do one word; returns how the process ends."""
    parser = ArgumentParser(prog="python -m bench", description="Measure the product on data made for it.")
    parser.add_argument("word", choices=WORDS)
    parser.add_argument("--scale", choices=SCALES, default=SMALL)
    given = parser.parse_args(arguments)
    try:
        return WORDS[given.word](given)
    except (Unexpected, Unsteady, Unsafe) as error:
        say(str(error))
        return 1
