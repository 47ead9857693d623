"""Reads YAML into values that know their line, within bounds of size, depth and number; every fault is one sentence."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 1_048_576
MOST_DEPTH = 20
MOST_VALUES = 200_000
"""How many values a file may hold when each alias is written out: an alias is cheap to write and dear to read."""
MERGE = "tag:yaml.org,2002:merge"
ATOMS = frozenset({"str", "int", "float", "bool", "null", "timestamp"})
SHOWN_LETTERS = 40
LONGEST_NAME = 120
NUMBERED = re.compile(r"\{n(?::(0?[1-9]))?\}", re.ASCII)
"""Where the number of a repeat is written: {n}, or {n:03} for three figures."""


class Unreadable(Exception):  # noqa: N818 - read aloud as the sentence it is
    """The file is no scenario; the text names the line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True, slots=True)
class Said:
    """A value of the file and the line on which it stands.

    `value` is a word, number, date, moment, truth value or nothing; or a list of Said, or a mapping of words to Said.
    """

    value: Any
    line: int

    @property
    def rows(self) -> Mapping[str, "Said"]:
        """Return the mapping that this is; raises Unreadable."""
        if not isinstance(self.value, Mapping):
            raise Unreadable(self.line, f"{brief(self.value)} stands where a mapping should")
        return self.value

    @property
    def items(self) -> Sequence["Said"]:
        """Return the list that this is; raises Unreadable."""
        if not isinstance(self.value, list):
            raise Unreadable(self.line, f"{brief(self.value)} stands where a list should")
        return self.value

    def one_of(self, words: Collection[str], what: str) -> str:
        """Return the word that this is; raises Unreadable where it is none of these."""
        if not isinstance(self.value, str) or self.value not in words:
            raise Unreadable(self.line, f"{brief(self.value)} is no {what}")
        return self.value

    @property
    def plain(self) -> Any:
        """Return the value without its lines."""
        if isinstance(self.value, Mapping):
            return {name: inner.plain for name, inner in self.value.items()}
        if isinstance(self.value, list):
            return [inner.plain for inner in self.value]
        return self.value


def numbered(text: str, number: int) -> str:
    """Write the number of a repeat where the story has {n}."""
    return NUMBERED.sub(lambda found: f"{number:{found[1] or ''}}", text)


def _letters(text: str) -> str:
    """Return the first letters of a text, and that there are more."""
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"


def brief(value: Any) -> str:
    """Return a few letters of a value, for a sentence about it."""
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    shown = kinds.get(type(value), _letters(str(value)))
    return (shown if shown.isprintable() else ascii(shown)) if shown.strip() else "an empty word"


def words(said: Said, what: str, longest: int = LONGEST_NAME) -> str:
    """Return a short text; raises Unreadable for anything else."""
    if not isinstance(said.value, str | int) or isinstance(said.value, bool) or not str(said.value).strip():
        raise Unreadable(said.line, f"{what} is a word, not {brief(said.value)}")
    if len(str(said.value)) > longest:
        raise Unreadable(said.line, f"{what} has at most {longest} characters")
    if not str(said.value).isprintable():
        raise Unreadable(said.line, f"{what} has characters that nobody can read")
    return str(said.value)


class Loader(yaml.SafeLoader):
    """Only true and false are truth values, and only plain figures are numbers: `on`, `no`, 12:30 and 010 stay words.

    A tag would overrule that (`!!bool yes`, or a number of a million figures), so a story has none.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Read one value; raises Unreadable where its kind is written beside it."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None):
            raise Unreadable(event.start_mark.line + 1, f"{_letters(event.tag)} is no kind of value here: write it plainly")
        return super().compose_node(parent, index)

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own attribute
        first: [(tag, pattern) for tag, pattern in rules if tag.rsplit(":", 1)[1] not in {"bool", "int", "float"}]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]{1,15}\.[0-9]{1,15}$"), list("-0123456789"))


def read_nodes(path: Path) -> Said:
    """Read a file; raises Unreadable, whatever it holds."""
    return nodes_of(text_of(path))


def nodes_of(text: str) -> Said:
    """Read the text of a file; raises Unreadable, whatever it holds."""
    try:
        loader = Loader(text)
        root = loader.get_single_node()
        if root is None:
            raise Unreadable(1, "the file is empty")
        return Walk(loader).said(root, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, error.problem or "no YAML") from error
    except yaml.reader.ReaderError as error:
        raise Unreadable(text.count("\n", 0, error.position) + 1, "a sign that is no text stands here") from error
    except RecursionError as error:
        raise Unreadable(1, "the file is nested too deeply") from error


def text_of(path: Path) -> str:
    """Return what stands in a file; raises Unreadable."""
    try:
        with path.open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(1, f"{path}: {error.strerror}") from error
    if len(found) > MOST_BYTES:
        raise Unreadable(1, f"a scenario has at most {MOST_BYTES} bytes")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(found.count(b"\n", 0, error.start) + 1, "the file is not written in UTF-8") from error


class Walk:
    """Turns the nodes of one file into values; counts what it meets, each alias anew."""

    def __init__(self, loader: Loader) -> None:
        """Begin at none."""
        self.loader = loader
        self.met = 0

    def said(self, node: yaml.Node, depth: int) -> Said:
        """Return a node as a value; raises Unreadable."""
        line = node.start_mark.line + 1
        self.met += 1
        if self.met > MOST_VALUES or depth > MOST_DEPTH:
            raise Unreadable(line, "the file holds too much: too many values, too deep, or an alias within itself")
        if isinstance(node, yaml.MappingNode) and node.tag.endswith(":map"):
            return Said(self._mapping(node, depth), line)
        if isinstance(node, yaml.SequenceNode) and node.tag.endswith(":seq"):
            return Said([self.said(inner, depth + 1) for inner in node.value], line)
        if isinstance(node, yaml.ScalarNode) and node.tag.rsplit(":", 1)[1] in ATOMS and node.tag.startswith("tag:yaml.org"):
            return Said(self._atom(node), line)
        raise Unreadable(line, f"{_letters(node.tag)} is no kind of value here")

    def _atom(self, node: yaml.ScalarNode) -> Any:
        if any("\ud800" <= letter <= "\udfff" for letter in node.value):
            raise Unreadable(node.start_mark.line + 1, "half a character stands here: nothing can be stored of it")
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError, LookupError, AttributeError, TypeError, yaml.YAMLError):
            return node.value  # a date that no calendar has stays the word that was written

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Said]:
        own: dict[str, Said] = {}
        merged: dict[str, Said] = {}
        has_merged = False
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag == MERGE:
                if has_merged:
                    raise Unreadable(line, "<< stands twice: write one, with a list")
                has_merged = True
                for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    merged = {**self.said(source, depth + 1).rows, **merged}
                continue
            name = self.said(key, depth + 1).value
            if isinstance(name, dict | list) or name is None:
                raise Unreadable(line, "a mapping or list cannot be a name")
            word = name if isinstance(name, str) else key.value
            if word in own:
                raise Unreadable(line, f"{brief(word)} stands twice")
            own[word] = replace(self.said(value, depth + 1), line=line)
        return {**merged, **own}
