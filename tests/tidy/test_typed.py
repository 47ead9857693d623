"""What somebody typed is read whole: no field stops taking letters, no reader cuts, one reader reads days and moments."""

import ast
import re

from tests.tidy.test_bounds import is_bound
from tests.tidy.test_tidy import CODE, ROOT

READERS = (
    "casework/input/dates.py",
    "casework/input/read.py",
    "casework/selectors/keys.py",
    "casework/input/marks.py",
    "casework/input/moments.py",
    "web/asking.py",
    "web/fields.py",
    "web/forms.py",
)
PARTS = {
    ("casework/input/dates.py", "day.isoformat()"): "a date of ours, as far as it is known",
    ("casework/input/dates.py", "(*(int(part) for part in text.split('-')), 0, 0)"): "year, month and day of a date of ours",
    ("web/forms.py", "title"): "the first letter of a label of ours",
    ("casework/input/dates.py", "text"): "day and year of digits of which the number is checked first",
}
"""What is sliced in a reader, with why nothing that was typed is lost by it."""
OF_OURS = {
    "casework/selectors/keys.py": "the key of a page, after its form is checked",
    "casework/models/records.py": "a constant",
    "casework/packages/items.py": "moments that the database wrote in JSON",
    "casework/models/json_rows.py": "days and moments that the database wrote in JSON",
    "casework/selectors/waiting_second.py": "a constant",
}
"""Who reads a day or a moment that a machine wrote; what a person typed goes through dates.py or moments.py."""


def markup():
    kinds = ("*.html", "*.js", "*.py")
    for kind in kinds:
        for path in (ROOT / "web").rglob(kind):
            if "node_modules" not in path.parts:
                yield path


def test_no_field_cuts_what_is_pasted_into_it():
    for path in markup():
        assert not re.search(r"maxlength|maxLength", path.read_text()), (
            f"{path}: keep it all, and say how much too long it is"
        )


def cuts(name):
    """What is cut from its start up to a bound in a reader."""
    for node in ast.walk(ast.parse((ROOT / name).read_text())):
        if isinstance(node, ast.Subscript) and is_bound(node.slice):
            yield name, ast.unparse(node.value)


def test_no_reader_cuts_what_was_typed():
    found = {cut for name in READERS for cut in cuts(name)}
    assert not found - set(PARTS), "refuse what is too long, and say by how much: casework.input.dates.refuse_longer"
    assert not set(PARTS) - found, "what is gone leaves the list"


def test_one_reader_reads_days_and_moments():
    found = {
        str(path.relative_to(ROOT))
        for path in CODE
        if re.search(r"fromisoformat|strptime|fromtimestamp\(|parse_date|dateutil", path.read_text())
        and "migrations" not in path.parts
    }
    assert found == set(OF_OURS), "what a person typed is read by casework/input/dates.py or casework/input/moments.py"
