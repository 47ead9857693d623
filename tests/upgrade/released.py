"""Writes the digest of each migration that a release holds, so that a test notices when one of them changes.

Run before a release, in a checkout of it: `python -m tests.upgrade.released X.Y.Z`. It adds lines and changes none.
"""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("audit", "casework", "permissions")
KEPT = Path(__file__).parent / "released_migrations.txt"


@dataclass(frozen=True)
class Released:
    """One migration of a release: where it is found, and the SHA-256 of its text."""

    release: str
    digest: str
    path: str

    @property
    def version(self) -> tuple[int, ...]:
        return tuple(int(number) for number in self.release.split("."))

    @property
    def name(self) -> tuple[str, str]:
        """The app and the name by which Django records that it was applied."""
        path = Path(self.path)
        return path.parts[0], path.stem


def read() -> list[Released]:
    """Return what is written of all releases."""
    return [Released(*line.split()) for line in KEPT.read_text().splitlines()]


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unwritten(written: list[Released], release: str) -> list[Released]:
    """Return the migrations of this checkout that no release holds yet, as this release will hold them."""
    known = {row.path for row in written}
    found = [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))]
    rows = [Released(release, digest_of(path), path.relative_to(ROOT).as_posix()) for path in found]
    return [row for row in rows if row.path not in known]


if __name__ == "__main__":
    added = unwritten(read(), sys.argv[1])
    with KEPT.open("a") as file:
        file.writelines(f"{row.release} {row.digest} {row.path}\n" for row in added)
    sys.stdout.write(f"{len(added)} migrations were added to {KEPT.relative_to(ROOT)}\n")
