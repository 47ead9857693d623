"""Finds words that nobody says: letters that follow each other in no language, words of one mould, and no word of speech.

Names, lists and another language are text, as long as people write them down; a picture is longer.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

_FOLLOWS = """
    27459449785452969354679999 46991999499499479477499979 59694991597699399673699979 49871987386878469455667997
    77654646595362879245656896 55843435588558388544455856 58941956498977599556879999 39992999499999399592399997
    79543739936582689844989999 48843458682684588856458883 47971999394597469553695999 39732658297587459955598999
    36961977399749469956777997 46624726496676579943567997 97653659895443349366458998 37883846688387358354658887
    55555555555555555555355555 46833957485555479744566995 56374966477496549841769969 37892868387688489346475968
    67647759395444999344494996 39991989499999399499699999 28852885378877378767888888 55555555555555525552555555
    66466466666666626626666666 48882888288888288888685888
"""
_ROWS = _FOLLOWS.split()
"""For each letter how rare each letter is behind it in the words of this work, in bits: after a comes a, b, c."""
_FIRST = ord("a")
LEAST_LONG, LEAST_KINDS = 20, 8
"""From how many letters a word is looked at, and how many different ones it has: laughing has fewer."""
MOST_BITS = 4.5
"""What a letter of a long word tells at most: compounds, also of other languages, stay below it."""
LEAST_MOULD, LEAST_ALIKE = 5, 7
"""How many letters words of one mould have, and how many such words stand after another in no sentence."""
MOST_LETTERS = 540
"""So many letters of different words, and hardly one of those with which every sentence is made, are no list of people."""
_SENTENCE, _A_LETTER = 24, 8
"""For how many letters one word vouches with which sentences are made: a short one is a syllable as well."""
_SAID = """
    de het een en van ik te dat die in je is niet zijn op was met als voor er maar om hem dan zou of wat mijn men dit
    zo door over ze bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge
    geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie
    werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets uw iemand geweest andere hij wel aan om
    weer heel hadden had ging gaat komt kwam zegt zei the and to of a i you it that was for on are with as his they be
    at this have from or had by not but what all were we when your can said there she her an my if do will up no he
    him them der die und ich nicht das ist du sie ein eine zu den mit auf dem von es sich auch wie aber im so hat war
    le la les des et est un une je tu il elle que qui pas pour dans sur avec ne ce se au mais el los las y es por con
    para una lo como pero si su yo bir ve bu da ne için icin mi ben sen o ama çok cok gibi var yok daha değil degil
    nie się sie w z na jest że ze co jak po ale tak czy mnie ja ty fi ana inta inti ila hada ala anna huwa hiya waxaa
    iyo oo ayaa uu ay
"""
_OF_SENTENCES = frozenset(_SAID.split())
"""Words with which sentences are made, in the languages that are heard here most."""
_WORD = re.compile(r"[^\W_]+")
_JOINS = frozenset(["en", "of", "dan"])
_VOWELS = frozenset("aeiou")
_MOULD = {ord(letter): "v" if letter in _VOWELS else "c" for letter in "abcdefghijklmnopqrstuvwxyz"}


def find_unsaid(text: str) -> Iterator[Found]:
    """Yield a long word that nobody says, or a row of words that say nothing."""
    row: set[str] = set()
    mould, score, alike = "", 0, set[str]()
    for found in _WORD.finditer(text):
        word = found[0].lower()
        if len(word) >= LEAST_LONG and _is_unsaid(word):
            yield "blob", found[0]
            return
        if word in _OF_SENTENCES:
            score = max(0, score - min(_SENTENCE, len(word) * _A_LETTER))
        elif word.isalpha() and word not in row:
            score += len(word)
            row.add(word)
        row = row if score else set()
        if word not in _JOINS:
            shape = word.translate(_MOULD)
            alike, mould = (alike if shape == mould else set()) | {word}, shape
        if score >= MOST_LETTERS or (len(alike) >= LEAST_ALIKE and _is_a_mould(mould)):
            yield "blob", found[0]
            return


def _is_a_mould(shape: str) -> bool:
    """Whether vowels and consonants take turns in words of some length."""
    return len(shape) >= LEAST_MOULD and set(shape) == {"c", "v"} and all(one != two for one, two in pairwise(shape))


def _is_unsaid(word: str) -> bool:
    """Whether the letters of a word follow each other as in no language."""
    bits = [int(_ROWS[ord(one) - _FIRST][ord(two) - _FIRST]) for one, two in pairwise(word) if one + two in _PAIRS]
    return len(set(word)) >= LEAST_KINDS and bool(bits) and sum(bits) > MOST_BITS * len(bits)


_PAIRS = frozenset(chr(one) + chr(two) for one in range(_FIRST, _FIRST + 26) for two in range(_FIRST, _FIRST + 26))
