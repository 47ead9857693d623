"""A translation that is written is also compiled: the page shows it."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_translation_is_compiled_once(language):
    path = ROOT / "web" / "locale" / language / "LC_MESSAGES" / "django.po"
    compiled = runpy.run_path(str(ROOT / "deploy" / "messages.py"))["read"](path)
    written = re.findall(r'^msgid "((?:[^"\\]|\\.)+)"$', path.read_text(), re.MULTILINE)
    assert len(written) == len(set(written)), "a word is translated twice"
    known = {key.split("\0")[0] for key in compiled}
    lost = [key for key in written if key.replace('\\"', '"') not in known]
    assert not lost, f"an empty line is missing before {lost[:3]}"
