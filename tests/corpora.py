"""Two corpora for the screening, made anew from a seed: what is smuggled, and what people of the field really write.

Everything is invented; nothing here leads anywhere.
"""

import base64
import hashlib
import random
from collections.abc import Callable

from tests.corpora_apart import APART, LOOKS_ALIKE
from tests.corpora_counted import counted
from tests.corpora_led import LED
from tests.corpora_named import said as listed
from tests.corpora_told import TOLD

SEED = 20261126
NAMES = [
    "voorbeeld",
    "proefsite",
    "testbestand",
    "nergens-heen",
    "bewaarplek2",
    "mijnplek",
    "deelmap",
    "spiegel9",
    "achterdeur",
    "verzamelplek",
]
ENDINGS = [
    "nl",
    "com",
    "net",
    "org",
    "onion",
    "eu",
    "ru",
    "io",
    "to",
    "cc",
    "xyz",
    "top",
    "me",
    "be",
    "de",
    "info",
    "su",
    "ws",
    "pw",
    "tv",
    "club",
    "site",
    "online",
    "live",
    "church",
    "webcam",
    "berlin",
    "press",
    "sbs",
]
PATHS = ["/a", "/album/7", "/?id=12", "/f/x9", ""]
CARRIERS = (
    "{}",
    "Hij noemde {} en zweeg daarna.",
    "Volgens de melder staat het op {}.",
    "zie {}",
    "De jongen schreef op een briefje: {}",
    "Genoemd: {} (tweemaal).",
    "Het was 14.30 uur toen hij {} noemde, zegt moeder.",
    "Op de eerste regel stond {}\nen daaronder niets.",
)
Try = tuple[str, str]


def _address(chance: random.Random) -> str:
    return f"{chance.choice(NAMES)}.{chance.choice(ENDINGS)}{chance.choice(PATHS)}"


def _hash(chance: random.Random) -> str:
    kind = chance.choice((hashlib.md5, hashlib.sha1, hashlib.sha256))
    return kind(str(chance.random()).encode(), usedforsecurity=False).hexdigest()


def _encoded(chance: random.Random) -> str:
    words = f"{chance.choice(NAMES)} {chance.random()} {chance.choice(NAMES)} {chance.random()}"
    return base64.b64encode(words.encode()).decode()


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def _between(text: str, mark: str, every: int = 3) -> str:
    return mark.join(text[place : place + every] for place in range(0, len(text), every))


MARKS = [" ", "  ", "_", "-", ":", ";", "/", "|"]
ALIKE = str.maketrans("aeocpx", "\u0430\u0435\u043e\u0441\u0440\u0445")
DISGUISES: tuple[tuple[str, Callable[[random.Random], str]], ...] = (
    ("plain", _address),
    ("scheme", lambda c: f"https://{_address(c)}"),
    ("broken scheme", lambda c: f"{c.choice(('hxxp', 'hxxps', 'h**p', 'HTTP', 'ftp'))}://{_address(c)}"),
    ("www", lambda c: f"www.{_address(c)}"),
    ("capitals", lambda c: _address(c).upper()),
    ("brackets", lambda c: _address(c).replace(".", c.choice(("[.]", "(.)", "{.}", " [dot] ", "(punt)", "[punt]")))),
    (
        "said",
        lambda c: f"{c.choice(NAMES)} {c.choice(('punt', 'dot', 'PUNT'))} {c.choice(('nl', 'com', 'org', 'onion', 'ru'))}",
    ),
    ("spaced dot", lambda c: f"{c.choice(NAMES)}{c.choice((' . ', ' .', '. '))}{c.choice(('nl', 'com', 'org', 'onion'))}"),
    ("spelled", lambda c: " ".join(f"{c.choice(NAMES)}.{c.choice(('nl', 'com', 'onion'))}")),
    ("wide", lambda c: _wide(_address(c))),
    ("dots alike", lambda c: _address(c).replace(".", c.choice("\u3002\uff0e\uff61\u2024\u00b7\u2022"))),
    ("letters alike", lambda c: _address(c).translate(ALIKE)),
    ("zero width", lambda c: _between(_address(c), c.choice("\u200b\u200c\u200d\u2060\ufeff\u00ad"))),
    ("directions", lambda c: _between(_address(c), c.choice("\u202a\u202c\u200e\u2066"), 4)),
    ("percent", lambda c: "".join(f"%{ord(one):02x}" for one in _address(c))),
    ("entities", lambda c: "".join(f"&#{ord(one)};" for one in _address(c))),
    ("escapes", lambda c: "".join(f"\\u{ord(one):04x}" for one in _address(c))),
    ("magnet", lambda c: f"magnet:?xt=urn:btih:{_hash(c)[:40]}"),
    ("data", lambda c: f"data:image/png;base64,{_encoded(c)[:30]}"),
    ("hash", _hash),
    ("hash in capitals", lambda c: _hash(c).upper()),
    ("split hash", lambda c: _between(_hash(c), c.choice((" ", "-", ":", ".", "\n", "_")), c.choice((1, 2, 4, 8)))),
    ("encoded", _encoded),
    ("encoded in pieces", lambda c: _between(_encoded(c), c.choice((" ", "\n")), c.choice((4, 8, 12, 40)))),
    ("encoded address", lambda c: base64.b64encode(f"https://{_address(c)}".encode()).decode()),
    ("number address", lambda c: ".".join(str(c.randrange(1, 255)) for _ in range(4))),
    ("disguised number", lambda c: "[.]".join(str(c.randrange(1, 255)) for _ in range(4))),
    ("long number address", lambda c: ":".join(f"{c.randrange(4096, 65535):x}" for _ in range(8))),
    (
        "file",
        lambda c: f"{c.choice(NAMES)}{c.randrange(99)}.{c.choice(('jpg', 'PNG', 'mp4', 'avi', 'zip', 'heic', 'webm'))}",
    ),
    ("camera", lambda c: f"{c.choice(('IMG_', 'DSC', 'VID_', 'PXL_'))}{c.randrange(20200101, 20261231)}"),
    ("said file", lambda c: f"{c.choice(NAMES)} {c.choice(('punt', 'dot'))} {c.choice(('jpg', 'mp4', 'png'))}"),
    ("path", lambda c: c.choice(("C:\\map\\", "\\\\server\\map\\", "/home/iemand/")) + c.choice(NAMES)),
    ("shortener", lambda c: f"{c.choice(('t.me', 'bit.ly', 't.co', 'goo.gl', 'discord.gg'))}/{c.randrange(10**6)}"),
    ("mail", lambda c: f"{c.choice(NAMES)}@{c.choice(NAMES)}.{c.choice(('nl', 'com', 'onion'))}"),
    ("one sign in a number", lambda c: _address(c).replace(".", c.choice(("%2E", "%2e", "=2E")))),
    (
        "ending apart",
        lambda c: c.choice(MARKS).join((c.choice(("imgur", "tinyurl", "dropbox", *NAMES)), "com", f"a{c.randrange(10**5)}")),
    ),
    ("shortener apart", lambda c: c.choice(MARKS).join((*c.choice(("discord gg", "bit ly", "mega nz")).split(), "x1"))),
    ("way in apart", lambda c: c.choice(MARKS).join(("t", "me", c.choice(("joinchat", "+x12ab", "x12abcd"))))),
    ("other letters", lambda c: f"xn--{c.choice(NAMES)}-x1a.{c.choice(('nl', 'com'))}"),
    *APART,
    *LED,
    *TOLD,
)


def smuggled(times: int = 24, seed: int = SEED) -> list[Try]:
    """Return tries to get something in that leads to material, each with its disguise."""
    chance = random.Random(seed)
    return [(kind, chance.choice(CARRIERS).format(make(chance))) for kind, make in DISGUISES for _ in range(times)]


FIRST = [
    "Kim",
    "Sem",
    "Noor",
    "Daan",
    "Fatima",
    "Lotte",
    "Youssef",
    "Anna-Maria",
    "Jan-Willem",
    "Zoë",
    "Loïs",
    "Björn",
    "Łucja",
    "Sørina",
    "Ömer",
    "D'Angelo",
]
LAST = [
    "de Proef",
    "van den Berg-Voorbeeld",
    "'t Hart",
    "van 't Hof",
    "Test-Jansen",
    "O'Voorbeeld",
    "El Proef",
    "d'Exempel",
    "Þorproef",
]
WHO = [
    "de wijkagent",
    "moeder",
    "vader",
    "de leerkracht",
    "een buurvrouw",
    "de huisarts",
    "zijn oma",
    "de mentor",
    "het meisje",
]
DID = [
    "belde om {time} met {who}",
    "was op {date} niet op school",
    "sprak {name} aan bij de voordeur, nr. {number}",
    "vertelde dat het weer goed gaat",
    "wil a.s. {day} op gesprek komen i.v.m. de zorgen",
    "gaf d.d. {date} toestemming o.v.v. dossier {case}",
    "noemde een bedrag van € {amount},- p.m.",
    "is bereikbaar op {phone}, bij voorkeur na {time}",
    "woont aan de {street} te {town}",
    "reed weg in een grijze auto met kenteken {plate}",
    "overlegde i.o.m. de gedragswetenschapper, t.w. mw. {last}",
    "zei: “Ik wil dat het stopt”, en begon te huilen",
    "zei 'dat gaat u niets aan' en sloot de deur",
    "is {age} jaar en zit in groep {grade}",
    "verwees naar art. {article} en naar parketnr. {parket}",
    "kwam m.b.t. het huisverbod n.a.v. incident {case} langs",
    "heeft een uitkering, BSN-achtig nummer {bsn} staat op de brief",
    "betaalde met rekening {iban}",
    "at (z.g.a.n.) niets en sliep ca. {hours} uur",
    "bracht {name} naar dhr. {last}, mr.dr. in het ziekenhuis",
    "kreeg een app-bericht van {name}; zie verslag {case}",
    "was er niet, z.o.z. voor de afspraak van {date}",
    "vond op dat punt de school nalatig",
    "vindt dat het punt is dat niemand belde",
    "had het over HAVO-{grade} en 'n bijles à € {amount},50",
    "en {who} spraken {number}x met elkaar (gem. {hours} min.)",
    "meldt t.a.v. {name}: oké, geen bijzonderheden; e.e.a. volgt",
    "gebruikt 2x daags 5 mg, o.a. 's avonds",
    "is van 9.00-17.{minutes} uur thuis, ma. t/m vr.",
    "is gezien om {hours}.30.Na dat moment was er niemand",
    "sprak met mij o.l.v.de gedragswetenschapper en later met {who}",
    "noemde de bijlage.No {hours} en de brief.Nr {hours} van het dossier",
    "bestelde kleding bij Bol.com, ook via Marktplaats.nl en bol.com voor {who}",
    "kent de site van Politie.nl en van Rechtspraak.nl, zegt {who}",
    "heeft vlgs. eigen zeggen n.v.t. ingevuld bij vraag {number}a t/m {number}c",
]
JOINS = [
    "De",
    "Hij",
    "Ze",
    "Is",
    "In",
    "Me",
    "Er",
    "Het",
    "Daarna",
    "Net",
    "Nu",
    "Om",
    "Na",
    "Ook",
    "Zo",
    "To",
    "Als",
    "Je",
    "Al",
    "Toen",
    "Ma",
    "Info",
    "Link",
    "Moeder",
    "Vader",
    "Er",
    "Be",
]
STREETS = ["Proefstraat", "Dr. Testlaan", "Sint-Voorbeeldplein", "2e Proefdwarsstraat"]
CUT_SHORT = [
    "is gezien om 21.15.De",
    "is gezien om 9.30.Na",
    "sprak met mij o.l.v.de",
    "las het verslag op blz.12.In",
    "kocht het via Bol.com",
    "zette het op Marktplaats.nl",
    "vond het stuk: zie bijlage.No 4",
]
"""Ends of sentences as they stand where somebody was called away."""
AFTER = ["wijkagent ging weg", "was dat zo", "kwam ze terug", "volgt nog", "ging het beter", "bleef thuis", "had gebeld"]


IN_LISTS = 0.5
"""How many of the ordinary texts are lists of names, days and amounts, slips of the full stop, and numbers of the law."""
BEGINNINGS = ("", "", "Volgens de melder: ", "Moeder zei: ", "Besproken is dit.\n", "- ")


def _filled(chance: random.Random, sentence: str) -> str:
    day, month, year = chance.randrange(1, 29), chance.randrange(1, 13), chance.randrange(2019, 2027)
    letters = "".join(chance.choice("BDFGHJKLNPRSTVXZ") for _ in range(4))
    return sentence.format(
        time=chance.choice(
            (f"{day % 24}.{month * 4:02d} uur", f"{day % 24}:{month * 4:02d}u", f"{day % 24:02d}:{month:02d}:{day:02d}")
        ),
        date=chance.choice(
            (f"{day}-{month}-{year}", f"{day:02d}.{month:02d}.{year}", f"{day}/{month}", f"{day} mrt. {year}")
        ),
        day=chance.choice(("ma.", "di", "woensdag", "do.", "vr.", "za.", "zo")),
        who=chance.choice(WHO),
        name=chance.choice(FIRST),
        last=chance.choice(LAST),
        number=chance.randrange(1, 200),
        minutes=f"{month * 5:02d}"[:2],
        case=chance.choice(
            (
                f"{year}-{chance.randrange(16**6):06x}",
                f"PL0{day:02d}0-{year}{chance.randrange(10**6):06d}",
                f"{year}/{day}{month}",
            )
        ),
        amount=chance.choice((f"{day}.{month * 50:03d}", f"{day * 10}", f"{day}.{month * 50:03d}.000")),
        phone=chance.choice(
            (
                f"06-{chance.randrange(10**8):08d}",
                f"+31 6 {chance.randrange(10**8):08d}",
                "(030) 123 45 67",
                f"06 {day:02d} {month:02d} {day:02d} {month:02d}",
            )
        ),
        street=f"{chance.choice(STREETS)} {day}{chance.choice(('', 'a', '-3', ' bis', '/2hoog'))}",
        town=chance.choice(("Voorbeeldstad", "'s-Proefhage", "Test a/d IJssel", "1234 AB Proefdorp")),
        plate=chance.choice(
            (
                f"{day:02d}-{letters[:3]}-{month % 10}",
                f"{letters[:2]}-{day:03d}-{letters[3]}",
                f"{month % 10}-{letters[:3]}-{day:02d}",
            )
        ),
        age=chance.choice((day, f"{month},5", f"bijna {month}", f"{month} à {month + 1}")),
        grade=chance.choice(("3", "5/6", "8", "2b")),
        article=chance.choice(
            (f"8:{day} Awb", f"{month}.{day} lid {month}", f"7.3.{month} Jeugdwet", f"2.{month}.{day}.1 onder b")
        ),
        parket=f"{day:02d}/{chance.randrange(10**6):06d}-{year % 100}",
        bsn=f"{chance.randrange(10**9):09d}",
        iban=chance.choice(("NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "DE89370400440532013000")),
        hours=chance.randrange(1, 12),
    )


def ordinary(count: int = 5000, seed: int = SEED) -> list[str]:
    """Return sentences as people of the field write them: shortened, in haste, with numbers, names and quotes."""
    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        if chance.random() < IN_LISTS:
            found.append(
                f"{chance.choice(BEGINNINGS)}{chance.choice((listed, counted))(chance)}{chance.choice(('', '.', ' …'))}"
            )
            continue
        said = chance.choice(
            (chance.choice(WHO), f"{chance.choice(FIRST)} {chance.choice(LAST)}", "De jongen", "Mw. J.P. de Proef")
        )
        sentence = _filled(chance, f"{said[0].upper()}{said[1:]} {chance.choice(DID + LOOKS_ALIKE)}")
        if chance.random() < 0.05:
            sentence += f" en {chance.choice(CUT_SHORT)}"
        elif chance.random() < 0.3:
            sentence += f".{chance.choice(JOINS)} {chance.choice(AFTER)}"
        found.append(sentence + chance.choice((".", ".", ".", "!", "", " …")))
    return found
