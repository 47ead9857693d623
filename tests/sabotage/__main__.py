"""Plants each fault in a copy of the tree and runs the tests that should notice; exits 1 when one is not caught.

A fault is caught when a test fails that passes without it. So the tests that noticed the faults of one file of tests are
then run once on an unharmed copy (the control). A copy that cannot be collected, or whose tests stop before they look, has
caught nothing. All copies share one server and one key; a fault that changes the schema has a template of its own there
(templates.py).

`python -m tests.sabotage` plays them all, first those that `make test` draws; with names or kinds only those. With `--new` it
goes on where it stopped: it leaves out those whose test stands in noticed.txt already.
"""

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.sabotage.faults import Fault
from tests.sabotage.likely import by_likeness
from tests.sabotage.templates import acting_key, template_of
from tests.sabotage.trail_faults import FAULTS
from tests.server import ADMIN, served

ROOT = Path(__file__).parents[2]
SHARED = (".venv", ".setup", "build")
AT_ONCE = int(os.environ.get("SABOTAGE_AT_ONCE", "2"))
SEED = int(os.environ.get("SABOTAGE_SEED", "20261127"))
DRAWN = 10
"""What `make test` plays: the faults whose place is below it, of each hundred."""
NEW = "--new"
SHOWN_OF_A_RUN = 2000
MOST_SECONDS = 1200
"""A run that takes longer is stopped: a fault may make a test wait for ever."""
NOTICED = Path(__file__).with_name("noticed.txt")
UNFIT = "tests/sabotage/test_faults.py::test_every_fault_still_fits"
"""In a copy with a fault, not every fault fits."""
NEVER = -1
"""What stands for the answer of a run that was stopped."""
FAILED = 1
"""What pytest answers when tests were run and some of them failed; 2 to 5 say that they were not."""


@dataclass(frozen=True)
class Ended:
    """How a run of tests ended: what pytest answered, how many tests there were, how many failed, how many broke."""

    code: int
    tests: int
    failed: int
    errors: int
    said: str = field(default="", compare=False)
    noticed_by: str = field(default="", compare=False)
    """The first test that failed, where one did."""

    @property
    def is_green(self) -> bool:
        """Whether there were tests, and all of them passed."""
        return self.code == 0 and self.tests > 0


def verdict(control: Ended | None, ended: Ended) -> str:
    """Return what a run with a fault says, beside the run without it of the test that failed; none where none did."""
    if ended.is_green:
        return "MISSED"
    if control is None or ended.code != FAILED or not ended.failed:
        return "BROKEN"
    return "caught" if control.is_green else "NO CONTROL"


def place(fault: Fault) -> int:
    """Return where a fault stands from 0 to 99, by its name alone: it stays there whatever faults are added."""
    return int(hashlib.sha256(f"{SEED}:{fault.name}".encode()).hexdigest(), 16) % 100


@functools.cache
def _whole() -> "tempfile.TemporaryDirectory[str]":
    """Make the copy that all others are copied from, as git knows the tree, compiled once; it is gone with this process."""
    folder = tempfile.TemporaryDirectory(prefix="schakel-whole-")
    whole = Path(folder.name)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and name not in SHARED:
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, whole / name)  # with its time, by which what is compiled of it is known
    subprocess.run(["git", "init", "-q"], cwd=whole, check=True)  # tests of the house ask git which files there are
    subprocess.run([sys.executable, "-m", "compileall", "-q", "."], cwd=whole, check=True)
    for name in SHARED:
        (whole / name).symlink_to(ROOT / name)
    for compiled in (ROOT / "web" / "locale").rglob("*.mo"):
        shutil.copy(compiled, whole / compiled.relative_to(ROOT))
    (whole / ".data").mkdir()
    (whole / ".data" / "acting.key").write_text(acting_key())
    return folder


@contextmanager
def copied() -> Iterator[Path]:
    """Make a copy of the tree with what was compiled and the key of this one; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="schakel-sabotage-") as folder:
        yield Path(shutil.copytree(_whole().name, folder, symlinks=True, dirs_exist_ok=True))


def run(copy: Path, *tests: str, server: str = "") -> Ended:
    """Run tests in a copy until one fails, on a server that runs already or on one of their own."""
    told = copy / "ended.xml"
    command = [
        str(ROOT / ".venv/bin/python"),
        "-m",
        "pytest",
        "-x",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        f"--junitxml={told}",
        f"--deselect={UNFIT}",
        *tests,
    ]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("SCHAKEL_TEST_", "PYTEST_"))}
    environment = {**alone, "CASE_WORLDS": "500"}
    if server:
        environment[ADMIN] = server
    try:
        done = subprocess.run(
            command, cwd=copy, capture_output=True, text=True, env=environment, check=False, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Ended(NEVER, 0, 0, 0, f"{tests[0]} did not end.")
    suite = next(iter(ET.parse(told).iter("testsuite")), None) if told.exists() else None
    counts: Mapping[str, str] = suite.attrib if suite is not None else {}
    tests_run, failed, broken = (int(counts.get(name, 0)) for name in ("tests", "failures", "errors"))
    return Ended(done.returncode, tests_run, failed, broken, done.stdout + done.stderr, _first_failed(suite))


def _first_failed(suite: ET.Element | None) -> str:
    """Return the first test that failed as pytest is asked for it; nothing where none did."""
    cases = suite.iter("testcase") if suite is not None else ()
    failed = next((case.attrib for case in cases if case.find("failure") is not None), None)
    return f"{failed['classname'].replace('.', '/')}.py::{failed['name']}" if failed else ""


def noticed() -> dict[str, str]:
    """Return which test noticed a fault before, by the name of the fault."""
    return dict(line.split("\t") for line in NOTICED.read_text().splitlines())


def remember(found: Mapping[str, str]) -> None:
    """Write which test noticed each fault, of the faults that there are."""
    known = noticed() | dict(found)
    lines = sorted(f"{fault.name}\t{known[fault.name]}\n" for fault in FAULTS if fault.name in known)
    NOTICED.with_suffix(".new").write_text("".join(lines))
    NOTICED.with_suffix(".new").replace(NOTICED)  # whole at each moment: others read it meanwhile


def controlled(tests: Collection[str]) -> dict[str, Ended]:
    """Run tests on a copy without any fault: together, and where not all of them pass, one by one."""
    if not tests:
        return {}
    with copied() as copy:
        together = run(copy, *tests, server=os.environ[ADMIN])
        if together.is_green:
            return dict.fromkeys(tests, together)
        return {one: run(copy, one, server=os.environ[ADMIN]) for one in tests}


def planted(fault: Fault) -> Ended:
    """Run the tests of a fault on a copy with the fault in it: first the one that noticed it before, then the likeliest."""
    with copied() as copy:
        target = copy / fault.file
        text = target.read_text()
        if text.count(fault.stands) != 1:
            sys.exit(f"{fault.name}: the fault no longer fits {fault.file}.")
        target.write_text(text.replace(fault.stands, fault.put))
        for compiled in (target.parent / "__pycache__").glob(f"{target.stem}.*"):
            compiled.unlink()
        with template_of(copy, fault.file):
            before = noticed().get(fault.name, "")
            if before.startswith(fault.tests) and (ended := run(copy, before, server=os.environ[ADMIN])).failed:
                return ended
            return run(copy, *by_likeness(fault, copy), server=os.environ[ADMIN])


def played(faults: Sequence[Fault]) -> list[tuple[Fault, str, Ended]]:
    """Plant faults one after the other; returns what each run says beside the control of the tests that noticed."""
    ended = {fault: planted(fault) for fault in faults}
    controls = controlled({one.noticed_by for one in ended.values() if one.noticed_by})
    return [(fault, verdict(controls.get(one.noticed_by), one), one) for fault, one in ended.items()]


def main() -> int:
    """Try them all, or those of these names or kinds, a few files of tests at once."""
    asked = set(sys.argv[1:]) - {NEW}
    known = noticed() if NEW in sys.argv else {}
    wanted = [one for one in FAULTS if one.name not in known and (not asked or asked & {one.name, one.kind})]
    by_file = groupby(sorted(wanted, key=_first_the_drawn), key=_first_the_drawn)
    answers = []
    _whole()  # before the threads: two that made it at once would leave one without its folder
    with served(), ThreadPoolExecutor(AT_ONCE) as pool:
        for of_file in pool.map(played, [list(faults) for _, faults in by_file]):
            for fault, said, ended in of_file:
                answers.append(said)
                print(f"{said}  {fault.kind}: {fault.name}", flush=True)
                if said in {"BROKEN", "NO CONTROL"}:
                    print(ended.said[-SHOWN_OF_A_RUN:], flush=True)
            remember({fault.name: ended.noticed_by for fault, said, ended in of_file if said == "caught"})
    print(f"caught {answers.count('caught')} of {len(answers)}")
    return 0 if (answers or known) and set(answers) <= {"caught"} else 1


def _first_the_drawn(fault: Fault) -> tuple[bool, str]:
    return place(fault) >= DRAWN, fault.tests


if __name__ == "__main__":
    sys.exit(main())
