"""Counts the steps that a backtracking matcher takes with a pattern, without a clock: the same figure on every machine.

It reads the tree into which `re` parses a pattern, and tries what `re` tries, in the same order, without its shortcuts.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # the tree has no other door
from typing import Any

Then = Callable[[int], bool]
Match = Callable[[int, Then], bool]
ONE = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


class TooManyError(Exception):
    """More steps than anybody wants to wait for."""


class Counter:
    """One pattern, with the steps that it took."""

    def __init__(self, pattern: re.Pattern[str], most: int = 4_000_000) -> None:
        self.tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
        self.flags = pattern.flags
        self.most = most
        self.text, self.steps = "", 0
        self.match = self._all(self.tree, self.flags)

    def count(self, text: str, *, anchored: bool) -> int:
        """Return how many steps it takes to find every place, or to look at the beginning alone."""
        self.text, self.steps = text, 0
        ends: list[int] = []

        def found(place: int) -> bool:
            ends.append(place)
            return True

        place = 0
        while place <= len(text):
            matched = self.match(place, found)
            if anchored:
                break
            place = max(ends.pop(), place + 1) if matched else place + 1
        return self.steps

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyError

    def _all(self, nodes: Any, flags: int) -> Match:
        parts = [self._node(name, said, flags) for name, said in nodes]

        def run(place: int, then: Then, number: int = 0) -> bool:
            if number == len(parts):
                return then(place)
            return parts[number](place, lambda after: run(after, then, number + 1))

        return parts[0] if len(parts) == 1 else run

    def _node(self, name: Any, said: Any, flags: int) -> Match:
        kind = str(name)
        if kind in ONE:
            return self._one(letter_test(self._part(name, said), flags))
        if kind in REPEATS:
            least, most, nodes = said
            return self._repeat(kind, (least, int(most)), nodes, flags)
        if kind == "SUBPATTERN":
            _group, more, less, nodes = said
            return self._all(nodes, (flags | more) & ~less)
        if kind == "BRANCH":
            return self._branch([self._all(one, flags) for one in said[1]])
        if kind == "ATOMIC_GROUP":
            return self._atomic(self._all(said, flags))
        return self._place(kind, said, flags)

    def _part(self, name: Any, said: Any) -> Any:
        return _parser.SubPattern(self.tree.state, [(name, said)])

    def _one(self, fits: Callable[[str], bool]) -> Match:
        def run(place: int, then: Then) -> bool:
            self._step()
            return place < len(self.text) and fits(self.text[place]) and then(place + 1)

        return run

    def _repeat(self, kind: str, times: tuple[int, int], nodes: Any, flags: int) -> Match:
        if len(nodes) == 1 and str(nodes[0][0]) in ONE:
            inner = self._row(kind, *times, letter_test(self._part(*nodes[0]), flags))
        else:
            inner = self._many(kind, *times, self._all(nodes, flags))
        return self._atomic(inner) if kind == "POSSESSIVE_REPEAT" else inner

    def _row(self, kind: str, least: int, most: int, fits: Callable[[str], bool]) -> Match:
        """Repeat one letter."""

        def run(place: int, then: Then) -> bool:
            last = place
            while last < len(self.text) and last - place < most and fits(self.text[last]):
                self._step()
                last += 1
            self._step()
            ends = range(place + least, last + 1)
            for end in ends if kind == "MIN_REPEAT" else reversed(ends):
                self._step()
                if then(end):
                    return True
            return False

        return run

    def _many(self, kind: str, least: int, most: int, inner: Match) -> Match:
        def run(place: int, then: Then, number: int = 0, before: int = -1) -> bool:
            self._step()
            more = number < most and (number < least or place != before)

            def again() -> bool:
                return more and inner(place, lambda after: run(after, then, number + 1, place))

            def on() -> bool:
                return number >= least and then(place)

            return (on() or again()) if kind == "MIN_REPEAT" else (again() or on())

        return run

    def _branch(self, ways: list[Match]) -> Match:
        def run(place: int, then: Then) -> bool:
            return any(way(place, then) for way in ways)

        return run

    def _atomic(self, inner: Match) -> Match:
        def run(place: int, then: Then) -> bool:
            ends: list[int] = []
            return inner(place, lambda end: not ends.append(end)) and then(ends[0])  # type: ignore[func-returns-value]

        return run

    def _place(self, kind: str, said: Any, flags: int) -> Match:
        if kind == "AT":
            holds = self._at(str(said))
        elif kind in {"ASSERT", "ASSERT_NOT"}:
            holds = self._look(said, flags, wanted=kind == "ASSERT")
        else:
            raise NotImplementedError(kind)

        def run(place: int, then: Then) -> bool:
            self._step()
            return holds(place) and then(place)

        return run

    def _at(self, where: str) -> Then:
        def is_word(place: int) -> bool:
            return 0 <= place < len(self.text) and (self.text[place].isalnum() or self.text[place] == "_")

        ways: dict[str, Then] = {
            "AT_BEGINNING": lambda place: place == 0,
            "AT_BEGINNING_STRING": lambda place: place == 0,
            "AT_END": lambda place: self.text[place:] in {"", "\n"},
            "AT_END_STRING": lambda place: place == len(self.text),
            "AT_BOUNDARY": lambda place: is_word(place - 1) != is_word(place),
            "AT_NON_BOUNDARY": lambda place: is_word(place - 1) == is_word(place),
        }
        return ways[where]

    def _look(self, said: Any, flags: int, *, wanted: bool) -> Then:
        ahead, nodes = said
        inner = self._all(nodes, flags)
        width = 0 if ahead == 1 else nodes.getwidth()[0]
        return lambda place: (place >= width and inner(place - width, lambda _end: True)) == wanted


def letter_test(part: Any, flags: int) -> Callable[[str], bool]:
    """Return what tells whether a letter is one of these, as `re` itself does."""
    compiled = _compiler.compile(part, flags & ~re.VERBOSE)
    return cache(lambda letter: compiled.fullmatch(letter) is not None)


def hard_texts(pattern: re.Pattern[str]) -> Iterator[Callable[[int], str]]:
    """Yield ways to make a text of some length out of the pattern's own pieces, of which most nearly match."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    whole = sample(tree)
    pumps = dict.fromkeys(piece for piece in pieces(tree) if piece)
    rows = dict.fromkeys([*pumps, *(letter for piece in pumps for letter in piece), whole, whole[:-1], " ", "a"])
    for row in (row for row in rows if row):
        for before, after in (("", ""), ("", "\x00"), (whole[:-1], "\x00")):
            yield lambda size, row=row, before=before, after=after: before + row * (size // len(row)) + after  # type: ignore[misc]
    for one in pumps:
        for two in pumps:
            if one != two:
                yield lambda size, one=one, two=two: one * (size // 2 // len(one)) + two * (size // 2 // len(two))  # type: ignore[misc]


def pieces(nodes: Any) -> Iterator[str]:
    """Yield what each repetition repeats."""
    for name, said in nodes:
        kind = str(name)
        inner = [said[2]] if kind in REPEATS else [said[3]] if kind == "SUBPATTERN" else said[1] if kind == "BRANCH" else []
        if kind in {"ASSERT", "ASSERT_NOT"}:
            inner = [said[1]]
        if kind in REPEATS and said[1] > 1:
            yield sample(said[2])
        for one in inner:
            yield from pieces(one)


def sample(nodes: Any) -> str:
    """Return a text that these nodes match, as far as places and looks allow."""
    return "".join(_sample(str(name), said) for name, said in nodes)


def _sample(kind: str, said: Any) -> str:
    if kind == "LITERAL":
        return chr(said)
    if kind in {"NOT_LITERAL", "ANY", "IN"}:
        part = _parser.SubPattern(_parser.State(), [(getattr(_constants, kind), said)])
        fits = letter_test(part, 0)
        letters: tuple[str, ...] = (*"a1 .-_/:;,A\t\n\"'@=%x", *map(chr, range(0x2FFF)))
        return next(letter for letter in letters if fits(letter))
    if kind in REPEATS:
        return sample(said[2]) * max(int(said[0]), 1)
    if kind == "SUBPATTERN":
        return sample(said[3])
    return sample(said[1][0]) if kind == "BRANCH" else ""
