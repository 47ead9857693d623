"""Compiles the translations, without the gettext programs: reads .po files and writes .mo files."""

import ast
import struct
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "web" / "locale"


def read(path: Path) -> dict[str, str]:
    """Read the messages of a .po file; plural forms are joined as gettext stores them."""
    found: dict[str, str] = {}
    for block in path.read_text().split("\n\n"):
        parts: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line.startswith("msg"):
                field, _, line = line.partition(" ")  # noqa: PLW2901 - the rest of the line is its value
            if field:
                parts[field] = parts.get(field, "") + ast.literal_eval(line)
        if "msgid" not in parts:
            continue
        key = parts["msgid"] + (f"\0{parts['msgid_plural']}" if "msgid_plural" in parts else "")
        if "msgctxt" in parts:
            key = f"{parts['msgctxt']}\x04{key}"
        plural = "\0".join(parts[name] for name in sorted(parts) if name.startswith("msgstr["))
        if value := parts.get("msgstr", plural):
            found[key] = value
    return found


def write(path: Path, messages: dict[str, str]) -> None:
    """Write a .mo file (GNU gettext manual, section 10.3)."""
    pairs = [(key.encode(), messages[key].encode()) for key in sorted(messages)]
    start = 28 + 16 * len(pairs)
    ids = b"".join(key + b"\0" for key, _ in pairs)
    keys, values, at_key, at_value = b"", b"", start, start + len(ids)
    for key, value in pairs:
        keys += struct.pack("<II", len(key), at_key)
        values += struct.pack("<II", len(value), at_value)
        at_key += len(key) + 1
        at_value += len(value) + 1
    head = struct.pack("<IIIIIII", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    path.write_bytes(head + keys + values + ids + b"".join(value + b"\0" for _, value in pairs))


if __name__ == "__main__":
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        write(source.with_suffix(".mo"), read(source))
