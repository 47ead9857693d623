"""An address is written once, in web/urls.py: whoever leads to a page names the page."""

import ast
import re

from tests.tidy.test_tidy import CODE, ROOT

WRITTEN = re.compile(r"/(?!\s|static/$|account/$)[a-z{]|/$")
IN_MARKUP = re.compile(r'\b(?:href|action|formaction|src)="(/[^"]*)"')


def words_of(tree):
    """Every text of a file that is no docstring: of one with places in it, its beginning."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
            yield node.lineno, str(node.values[0].value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (said | inside):
            yield node.lineno, node.value


def test_no_page_writes_the_address_of_another():
    for path in CODE:
        if path.relative_to(ROOT).parts[0] != "web" or path.name == "urls.py":
            continue
        for line, text in words_of(ast.parse(path.read_text())):
            written = text.startswith("/") and WRITTEN.match(text) and text != "/"
            assert not written, f"{path.relative_to(ROOT)}:{line}: {text}: name the page, with reverse() or redirect()"


def test_no_template_writes_an_address():
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        found = IN_MARKUP.findall(path.read_text())
        assert not found, f"{path.relative_to(ROOT)}: {found}: name the page, with the tag url"
