"""Plants each fault in a copy of the tree and runs the tests that should notice; exits 1 when one is not caught.

A fault is caught when a test fails that passes without it. So the same tests run once on an unharmed copy (the control), and
a copy that cannot be collected, or whose tests stop before they look, has caught nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.sabotage.faults import Fault
from tests.sabotage.trail_faults import FAULTS

ROOT = Path(__file__).parents[2]
SHARED = (".venv", ".setup", "build")
AT_ONCE = int(os.environ.get("SABOTAGE_AT_ONCE", "2"))
SHOWN_OF_A_RUN = 2000
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

    @property
    def is_green(self) -> bool:
        """Whether there were tests, and all of them passed."""
        return self.code == 0 and self.tests > 0


def verdict(control: Ended, ended: Ended) -> str:
    """Return what a run with a fault says, beside the run of the same tests without it."""
    if not control.is_green:
        return "NO CONTROL"
    if ended.is_green:
        return "MISSED"
    return "caught" if ended.code == FAILED and ended.failed else "BROKEN"


@contextmanager
def copied() -> Iterator[Path]:
    """Make a copy of the tree, as git knows it, with what was compiled; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="schakel-sabotage-") as folder:
        copy = Path(folder)
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file() and name not in SHARED:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
        for name in SHARED:
            (copy / name).symlink_to(ROOT / name)
        for compiled in (ROOT / "web" / "locale").rglob("*.mo"):
            shutil.copy(compiled, copy / compiled.relative_to(ROOT))
        yield copy


def run(copy: Path, tests: str) -> Ended:
    """Run tests in a copy until one fails."""
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
        tests,
    ]
    command.append(f"--junitxml={told}")
    if tests.endswith("test_faults.py"):
        command += ["--deselect", f"{tests}::test_every_fault_still_fits"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("SCHAKEL_TEST_", "PYTEST_"))}
    environment = {**alone, "CASE_WORLDS": "500"}
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, env=environment, check=False)
    suite = next(iter(ET.parse(told).iter("testsuite")), None) if told.exists() else None
    counts: Mapping[str, str] = suite.attrib if suite is not None else {}
    tests_run, failed, broken = (int(counts.get(name, 0)) for name in ("tests", "failures", "errors"))
    return Ended(done.returncode, tests_run, failed, broken, done.stdout + done.stderr)


def controlled(tests: str) -> Ended:
    """Run tests on a copy without any fault."""
    with copied() as copy:
        return run(copy, tests)


def planted(fault: Fault) -> Ended:
    """Run the tests of a fault on a copy with the fault in it."""
    with copied() as copy:
        target = copy / fault.file
        text = target.read_text()
        if text.count(fault.stands) != 1:
            sys.exit(f"{fault.name}: the fault no longer fits {fault.file}.")
        target.write_text(text.replace(fault.stands, fault.put))
        return run(copy, fault.tests)


def main() -> int:
    """Try them all, or those of these names or kinds, a few at once."""
    asked = set(sys.argv[1:])
    wanted = [fault for fault in FAULTS if not asked or asked & {fault.name, fault.kind}]
    files = sorted({fault.tests for fault in wanted})
    answers = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        controls = dict(zip(files, pool.map(controlled, files), strict=True))
        for tests, ended in controls.items():
            if not ended.is_green:
                print(f"NO CONTROL  {tests}:\n{ended.said[-SHOWN_OF_A_RUN:]}", flush=True)
        for fault, ended in zip(wanted, pool.map(planted, wanted), strict=True):
            said = verdict(controls[fault.tests], ended)
            answers.append(said)
            print(f"{said}  {fault.kind}: {fault.name}", flush=True)
    print(f"caught {answers.count('caught')} of {len(answers)}")
    return 0 if answers and set(answers) == {"caught"} else 1


if __name__ == "__main__":
    sys.exit(main())
