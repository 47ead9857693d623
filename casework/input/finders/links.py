"""Finds what leads elsewhere: schemes, domains and their disguises, apart from sentences that were typed together."""

import re
from pathlib import Path

import publicsuffixlist

from casework.input.finders.looks import view
from casework.input.finders.slips import is_of_account, is_slip, precedes_a_name

_COUNTRIES = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
    ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi
    gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw
    ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
    ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn
    so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws
    ye yt za zm zw
"""
_GENERAL = """
    com net org onion i2p bit info biz xyz top site shop store online live app link page dev cloud host space website web
    club pro name mobi tel jobs cat asia tech digital media news blog wiki chat social video photo photos pics gallery cam
    camera tube porn xxx sex adult dating download stream movie film art fun life world today one vip icu cyou buzz click
    work works school team help email mail group agency network systems center zone city land gent brussels amsterdam frl
    vlaanderen family kids baby date care party game games bet red blue pink gold rip moe ninja guru rocks lol wtf zip
"""
TLDS = frozenset(_COUNTRIES.split()) | frozenset(_GENERAL.split())
"""Endings that are met most, also where the dot is a word or stands apart."""
_OTHER_NAMES = """
    i2p eth bit test example invalid localhost local lan internal home
"""
_RESERVED = frozenset(_OTHER_NAMES.split())


def _registered() -> frozenset[str]:
    """Return every ending that is registered, as it looks (https://publicsuffix.org, its part of the registries)."""
    text = Path(publicsuffixlist.PSLFILE).read_text(encoding="utf-8").partition("===END ICANN")[0]
    rules = (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("//"))
    return frozenset(view(rule.rpartition(".")[2]).lower() for rule in rules)


ENDINGS = TLDS | _RESERVED | _registered()
"""What an address of the internet ends in."""
_WORDS = """
    de is in me to be at it nu no so al as om er je na ga re ad am do ma pa la va co tv mr ms mw hr st vi net info link app
    live online page name one work school team help today family kids baby date care video email mail club art fun life
    world red blue pink gold game chat media center zone land film photo group city pro amsterdam gent brussels test home
"""
WORDS = frozenset(_WORDS.split())
"""Endings that are words too: with a capital they begin a sentence, also where the space before it was forgotten."""
_SHORTENED = """
    dhr mevr mw mr mrs fam dr drs ir ing prof ds hr incl excl bijv bv evt resp ca vlgs zgn enz etc ivm mbt tel blz art nr
    jl vm nm ma di wo do vr za zo jan feb mrt apr jun jul aug sept okt nov dec o.a m.n
"""
SHORTENED = frozenset((*_SHORTENED.split(), "p", "pag", "bijl"))
"""Shortened words, after which a word may follow without a space."""
_NUMBERED = frozenset({"No", "Nr"})
_BEGINS_SHORT = frozenset({"Art", "Nr", "No", "Cc", "Ps", "Blz", "Bijl"})
_AFTER_SHORT = re.compile(r"\.?:? {1,2}\w")
"""Shortened words with which a sentence begins, and what follows them."""
_THINGS = "bijlage brief stuk dossier productie zaak aangifte verslag besluit rapport bladzijde"
_NUMBERED_THINGS = frozenset(_THINGS.split())
"""What has a number: after it, with a forgotten space, No and Nr are that and no ending of a domain."""
_NAMED = """
    bol.com marktplaats.nl booking.com funda.nl thuisbezorgd.nl vinted.nl politie.nl rechtspraak.nl overheid.nl werk.nl
"""
NAMED = frozenset(_NAMED.split())
"""Shops and public bodies that are called so in speech: the bare name leads to a front page, and to nothing behind it."""
_BEFORE_A_POINT = "dit dat het een elk ieder geen zijn haar hun ons eerste tweede derde laatste volgende ander dode"
_DETERMINERS = frozenset(_BEFORE_A_POINT.split())
_DISGUISED_WORDS = frozenset({"net", "de", "be", "me", "to", "info", "tv"})
_CLEAR = "com|nl|org|onion|ru|xyz"

_SCHEMES = (
    re.compile(r"[a-z][a-z0-9+*]{1,15}\s{0,2}:\s{0,2}[/\\]\s{0,2}[/\\]|[/\\]{2}\s{0,2}:\s{0,2}s?ptt", re.IGNORECASE),
    re.compile(r"\bw[ ._-]w[ ._-]w\b|\w(?:dot|punt)(?:com|nl|org|net|onion)\b", re.IGNORECASE),
    re.compile(r"\bh(?:tt|xx|\*\*)ps?\b|\bh[ ._-]t[ ._-]t[ ._-]p\b|\bw\s?w\s?w\d?\s?\.|\bwww\b", re.IGNORECASE),
    re.compile(r"\bdata:[a-z]{0,20}[/;,]|\b(?:magnet|ipfs|ipns|ed2k|thunder|javascript):\S|/ip[fn]s/|\bxn--", re.IGNORECASE),
)
_JOINED = re.compile(r"(?<=[\w-])\.(i2p|[^\W\d_]{2,24})(?!\w)", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?<![\w.@:])(?:localhost|[a-z][\w-]{0,40}(?:\.[\w-]{1,40}){0,3}):\d{2,5}/[a-z~_]|(?<![\w.@])localhost[:/]\w",
    re.IGNORECASE,
)
"""A computer of one's own, by name and port."""
_PATHED = re.compile(r"(?<![\w.@/])[a-z][\w-]{2,60}\.[a-z]{2,24}/[\w~-]{1,60}/[\w~-]", re.IGNORECASE)
"""Two words with a dot and a path of two parts: whatever ending will be registered."""
_CHAIN = re.compile(r"(?<![\w.@+-])[\w.@+-]*$")
_NEXT_WORD = re.compile(r"[,;:!?]?\s+[\"'(]?([^\W\d_])")
_NEXT_FIGURE = re.compile(r"\s+\d")
_A_NUMBER = re.compile(r"[.:]?\s{0,2}\d{1,5}(?![\d/]|\.\d)")
_ATTACHED = re.compile(r"[/\\?#@\w-]|[:.]\w")
_HYPHENED = re.compile(r"-[a-z]{3,}(?![\w./-])")
_PARTED = re.compile(rf"(?<=\w)(?:\s\.\s?|\.\s)({_CLEAR})(?!\w)|(?<=\w),(com|org|onion)(?!\w)")
_SPACED = re.compile(r"(?<=\w) \. ?([a-z]{2,12})(?!\w)", re.IGNORECASE)
_SAID = re.compile(
    r"(\w[\w-]{0,40})[\s_*~'\"-]{1,3}(punt|dot|d0t|d o t|p u n t)[\s_*~'\"-]{1,3}([a-z]{2,12})(?!\w)", re.IGNORECASE
)


def find_link(text: str) -> tuple[str, str] | None:
    """Return the kind and the span of the first thing that leads elsewhere; nothing where there is none."""
    for pattern in _SCHEMES:
        if found := pattern.search(text):
            return "link", text[found.start() : found.end() + 30].split("\n", 1)[0].strip()
    if (found := _LOCAL.search(text)) or (found := _PATHED.search(text)):
        return "link", found[0]
    return _domain(text) or _parted(text) or _said(text)


def _domain(text: str) -> tuple[str, str] | None:
    for found in _JOINED.finditer(text):
        ending = found[1]
        if ending.lower() not in ENDINGS:
            continue
        before = _CHAIN.search(text[max(0, found.start() - 80) : found.start()])
        chain = before[0] if before else ""
        after = text[found.end() : found.end() + 40]
        said = text[max(0, found.start() - len(chain) - 40) : found.start() - len(chain)]
        if not (_is_ordinary(chain, ending, after) or _is_typed_together(said, chain, ending, after)):
            rest = after.split()[0] if after and not after[0].isspace() else ""
            return "mail" if "@" in chain else "link", f"{chain}.{ending}{rest}"
    return None


def _is_ordinary(chain: str, ending: str, after: str) -> bool:
    """Whether two words stand together by a forgotten space: after a sentence, an initial or a shortened word."""
    follows = _NEXT_WORD.match(after) or (_NEXT_FIGURE.match(after) if _begins(ending) else None)
    labels = [label for label in chain.split(".") if label]
    if f"{chain}.{ending}".lower() in NAMED:
        return _stands_alone(after)
    if (
        (chain.startswith("@") and _is_account(ending, after))
        or _is_cut_short(chain, labels, ending, after)
        or _is_hyphened(labels, ending, after)
    ):
        return True
    if ending in SHORTENED and _are_short(labels):
        return not after.startswith("/")
    is_word = ending.lower() in WORDS or (ending.lower() not in TLDS and _begins(ending))
    if not is_word or not follows or "@" in chain:
        return False
    if _begins(ending):
        return len(labels) == 1 or all(label.isdecimal() for label in labels) or _are_short(labels)
    return _are_short(labels) and (len(labels) > 1 or labels[0].lower() in SHORTENED or follows[1].isupper())


def _is_typed_together(said: str, chain: str, ending: str, after: str) -> bool:
    """Whether a space was forgotten behind a full stop in running text, or this is a part of the name of an account."""
    if is_of_account(said, ending):
        return _stands_alone(after) or after[1:2].isalpha()
    if not _stands_alone(after):
        return False
    labels = chain.split(".")
    return is_slip(said, chain, ending, after) or (_are_short(labels) and precedes_a_name(ending, after))


def _is_account(ending: str, after: str) -> bool:
    """Whether this is a part of the name of an account, as @jan.de.man: what ends as most addresses do is none."""
    if after[:1] == "." and after[1:2].isalpha():
        return True
    return (ending.lower() in WORDS or ending.lower() not in TLDS) and _stands_alone(after)


def _is_cut_short(chain: str, labels: list[str], ending: str, after: str) -> bool:
    """Whether this is a number of a thing, or a word after a time, a page or a row of letters, whatever follows."""
    if ending in _NUMBERED and chain.lower() in _NUMBERED_THINGS:
        return bool(_A_NUMBER.match(after))
    if ending in _BEGINS_SHORT and len(labels) == 1:
        return bool(_AFTER_SHORT.match(after))
    return ending.lower() in WORDS and _is_after_a_count(labels, ending) and _stands_alone(after)


def _is_hyphened(labels: list[str], ending: str, after: str) -> bool:
    """Whether a sentence begins with a word of two parts: bang.Co-ouderschap."""
    return len(labels) == 1 and _begins(ending) and ending.lower() not in _CLEAR.split("|") and bool(_HYPHENED.match(after))


def _stands_alone(after: str) -> bool:
    """Whether nothing is attached to a name: no path, gate, question or further part of a domain."""
    return not _ATTACHED.match(after)


def _begins(word: str) -> bool:
    """Whether a word is written as a sentence begins."""
    return word[0].isupper() and word[1:].islower()


def _is_after_a_count(labels: list[str], ending: str) -> bool:
    """Whether this begins a sentence after a time or a page, or ends a row of single letters: o.l.v.de."""
    parts = [part for label in labels for part in label.split("-") if part]
    counted = bool(parts) and parts[-1].isdecimal()
    if counted and all(part.isdecimal() or part.lower() in SHORTENED for part in parts) and _begins(ending):
        return True
    return len(labels) > 2 and all(len(label) == 1 and label.isalpha() for label in labels)  # noqa: PLR2004 - a row


def _are_short(labels: list[str]) -> bool:
    return bool(labels) and all(len(label) == 1 or label.lower() in SHORTENED for label in labels)


def _parted(text: str) -> tuple[str, str] | None:
    """Find a domain with spaces around its dot."""
    if found := _PARTED.search(text):
        return "link", text[max(0, found.start() - 20) : found.end()].strip()
    for found in _SPACED.finditer(text):
        ending = found[1].lower()
        at_the_end = not _NEXT_WORD.match(text[found.end() : found.end() + 10])
        if ending in TLDS and (ending not in WORDS or ending == "net" or (at_the_end and ending in _DISGUISED_WORDS)):
            return "link", text[max(0, found.start() - 20) : found.end()].strip()
    return None


def _said(text: str) -> tuple[str, str] | None:
    """Find a domain whose dot is written as a word; that word (punt) also means a point at issue."""
    for found in _SAID.finditer(text):
        before, dot, ending = found[1].lower(), found[2], found[3].lower()
        spoken = dot.lower().replace(" ", "") == "punt"
        if ending not in (TLDS if spoken else ENDINGS) or dot == "Dot":
            continue
        if not spoken or (ending not in WORDS and not (ending == "nl" and before in _DETERMINERS)):
            return "link", found[0]
        if (
            ending in _DISGUISED_WORDS
            and before not in _DETERMINERS
            and not _is_said_of(before, ending, text[found.end() : found.end() + 4])
        ):
            return "link", found[0]
    return None


def _is_said_of(before: str, ending: str, after: str) -> bool:
    """Whether a sentence goes on with an article: het belangrijkste punt de omgang."""
    return ending == "de" and before.endswith("e") and bool(re.match(r" [a-z]{3,}", after))
