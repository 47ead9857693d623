"""A migration that a release holds never changes: a database that applied it will not apply it again."""

import lzma
import re
from pathlib import Path

import pytest

from tests.upgrade.released import APPS, ROOT, Released, digest_of, read, unwritten
from tests.upgrade.restored import DUMPS

APPLIED = re.compile(r"^COPY public\.django_migrations [^\n]*\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE)


def applied(path):
    """The migrations of ours that a database of this release tells to have applied."""
    [table] = APPLIED.findall(lzma.decompress(path.read_bytes()).decode())
    rows = [line.split("\t") for line in table.splitlines()]
    return {(app, name) for _, app, name, _ in rows if app in APPS}


@pytest.mark.parametrize("row", read(), ids=lambda row: row.path)
def test_a_released_migration_is_as_it_was_released(row):
    assert digest_of(ROOT / row.path) == row.digest, "a release holds it: write what it should do as another migration"


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.name.removesuffix(".sql.xz"))
def test_every_migration_that_a_release_applied_is_written_down(path):
    release = Released(path.name.removeprefix("release_").removesuffix(".sql.xz"), "", "")
    assert applied(path) == {row.name for row in read() if row.version <= release.version}


def test_no_migration_is_written_twice():
    paths = [row.path for row in read()]
    assert len(paths) == len(set(paths))


def test_a_release_adds_what_no_release_holds_and_nothing_else():
    written = read()
    first = written[0]
    assert first in unwritten(written[1:], first.release)
    assert first.path not in {row.path for row in unwritten(written, "9.9.9")}


def test_a_change_of_one_letter_is_another_digest(tmp_path):
    path = Path(tmp_path / "0001_initial.py")
    path.write_text("a")
    before = digest_of(path)
    path.write_text("b")
    assert digest_of(path) != before
