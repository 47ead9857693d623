"""Of the sign-in library we call what it documents; what we could not do without is listed, and may only shrink."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("audit", "casework", "config", "permissions", "web", "workflows")
NEEDED = {
    "allauth.account.internal.stagekit": "who is half-way through signing in is announced to the database",
    "allauth.mfa.recovery_codes.internal.auth": "a code is looked at, not used up: it is asked again later",
    "allauth.mfa.totp.internal.auth": "the same, of the app on one's telephone",
}


def imported(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_nothing_internal_of_the_sign_in_library_is_called_but_what_is_listed():
    files = [path for layer in OURS for path in (ROOT / layer).rglob("*.py")]
    found = {name for path in files for name in imported(path.read_text()) if "allauth" in name and "internal" in name}
    assert found == set(NEEDED)
