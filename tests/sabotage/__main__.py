"""Plants each fault in a copy of the tree and runs the tests that should notice; exits 1 when one is missed."""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sabotage.faults import Fault
from tests.sabotage.trail_faults import FAULTS

ROOT = Path(__file__).parents[2]
SHARED = (".venv", ".setup", "build")
AT_ONCE = 2


def caught(fault: Fault) -> bool:
    """Whether the tests fail on a copy of the tree with this fault in it."""
    with tempfile.TemporaryDirectory(prefix="schakel-sabotage-") as folder:
        copy = Path(folder)
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
        for name in SHARED:
            (copy / name).symlink_to(ROOT / name)
        for compiled in (ROOT / "web" / "locale").rglob("*.mo"):
            shutil.copy(compiled, copy / compiled.relative_to(ROOT))
        target = copy / fault.file
        text = target.read_text()
        if text.count(fault.stands) != 1:
            sys.exit(f"{fault.name}: the fault no longer fits {fault.file}.")
        target.write_text(text.replace(fault.stands, fault.put))
        command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", fault.tests]
        if fault.tests.endswith("test_faults.py"):
            command += ["--deselect", f"{fault.tests}::test_every_fault_still_fits"]
        done = subprocess.run(
            command, cwd=copy, capture_output=True, text=True, env={**os.environ, "CASE_WORLDS": "500"}, check=False
        )
        return done.returncode in {1, 2}


def main() -> int:
    """Try them all, a few at once."""
    wanted = [fault for fault in FAULTS if not sys.argv[1:] or fault.name in sys.argv[1:]]
    answers = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, was_caught in zip(wanted, pool.map(caught, wanted), strict=True):
            answers.append(was_caught)
            print(f"{'caught' if was_caught else 'MISSED'}  {fault.kind}: {fault.name}", flush=True)
    print(f"caught {sum(answers)} of {len(answers)}")
    return 0 if all(answers) else 1


if __name__ == "__main__":
    sys.exit(main())
