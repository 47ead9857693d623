"""A new noun enters the glossary first: every kind of row stands there by its name."""

import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
OURS = ("casework", "permissions")
NOUNS = sorted(model.__name__ for app in OURS for model in apps.get_app_config(app).get_models())
WORDS = (
    "round", "consent", "supervision order", "schedule", "worklist", "reporter", "dry run", "concern report", "referral",
    "warning visit", "follow-up", "legal basis", "child check",
)  # fmt: skip
"""Nouns of the field that are no kind of row and that the code speaks of."""


def entries():
    """What stands left in the table, each name by itself."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    return [name.strip("` ") for row in rows for name in row.split(",")]


@pytest.mark.parametrize("noun", [*NOUNS, *WORDS, "EarlierWarning", "KnownHere"])
def test_a_noun_of_the_code_stands_in_the_glossary(noun):
    assert noun in entries()


def test_no_word_stands_in_the_glossary_twice():
    assert len(entries()) == len(set(entries()))
