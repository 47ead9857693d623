"""Lists of days, times, ages, amounts, numbers and names as cases have them, and places that are spoken of."""

import random
from collections.abc import Callable

from tests.corpora_apart import Drawn

BOYS = (
    "Kevin|Robin|Milan|Ruben|Colin|Simon|Sem|Daan|Youssef|Mohamed|Jan-Willem|Noud|Thijs|Levi|Mees|Luuk|Bilal|Emir|Jesse|Tijn"
    "|Noor|Lotte|Fatima|Sanne|Esra|Zoë|Femke|Merel|Saar|Yara|Wesley|Delano|Jayden|Gijs|Finn|Adem|Oleksandr|Agnieszka|Nguyen"
)
FAMILIES = (
    "de Proef|Jansen|van den Berg|El Hamdaoui|Yilmaz|Bakker|Visser|Kowalczyk|de Wit|Haddad|'t Hart|Pietersen|Özdemir|Mulder"
    "|van Dijk|Bouzid|Hendriks|Wiśniewski|Tesfay|Martina"
)
STREETS = (
    "Proefstraat|Kerkweg|Dr. Testlaan|Molenpad|Lange Voorhout|Wilhelminaplein|2e Dwarsstraat"
    "|Burgemeester Proefsingel|Dorpsstraat"
)
DID = (
    "moeder belt|vader komt niet|geen gehoor|huisbezoek|gesprek op school|kind huilt|politie ter plaatse"
    "|melding buren|app van oma|voicemail ingesproken|overleg met de huisarts|afspraak verzet|terugbelverzoek"
    "|wijkagent langs geweest"
)
POSTS = (
    "huur|energie|zorgverzekering|water|telefoon|boete|kinderopvang|leefgeld|toeslagen|abonnement|schuld Wehkamp|CJIB|DUO"
)
PLACES = "WhatsApp|Telegram|Snapchat|Instagram|TikTok|YouTube|Discord|Dropbox|WeTransfer|iCloud|Google Drive|OneDrive|Signal"
SPOKEN = (
    "de link die hij stuurde via {p} deed het niet meer|er staan foto's op zijn telefoon en in {p}"
    "|zij kent hem van {p} en {q}|het filmpje op {p} is gezien door klasgenoten"
    "|hij heeft een {p}-groep met jongens uit de buurt|via {p} naar haar gestuurd"
    "|{p} account {n}, {q} account {n}12|{p} gebruikersnaam {n}2009|op {p} heet hij {n}_{a}"
    "|in {p} bestanden gevonden|{p}: {n} {f}|zijn {p} kanaal heeft {a}000 volgers|een {p} link ontvangen van {n}"
    "|contact via {p} met {n}|de {p} video waarover school belde|stuurde 20{b} foto's in {b} dagen"
    "|wachtwoord van {p} gewijzigd op {b}-12-2024|bericht op {p} om {b}.15 uur: 'kom je nog?'"
    "|telegram groep van de klas met {a} leden"
)


class Counted(Drawn):
    """What is drawn for a list."""

    def day(self, year: int | None = None) -> str:
        """Return a day as it is written."""
        return f"{self.number(29, 1):02d}-{self.number(13, 1):02d}-{year or self.number(2025, 1950)}"

    def clock(self) -> str:
        """Return a time as it is written: most at a quarter."""
        return f"{self.number(23, 7)}{self.of('.|:')}{self.of('00|15|30|45|' + str(self.number(60, 10)))}"

    def person(self) -> str:
        """Return a name."""
        return f"{self.of(BOYS)} {self.of(FAMILIES)}"

    def row(self, one: Callable[[], str], least: int = 3, most: int = 9, mark: str = ", |; |\n| en ") -> str:
        """Return some of them after another."""
        return self.of(mark).join(one() for _ in range(self.number(most, least)))

    def amount(self) -> str:
        """Return an amount."""
        return f"€ {self.number(999, 5)}{self.of(',-|,50||,95|,' + str(self.number(100, 10)))}"


def _chronology(d: Counted) -> str:
    lines: list[str] = []
    day = d.number(5, 1)
    year, month = d.number(2027, 2020), d.number(13, 1)
    while day < 28 and len(lines) < 14:
        clock = d.of(f"|{d.clock()} uur |om {d.clock()} |{d.clock()}-{d.clock()} ")
        lines.append(f"{day:02d}-{month:02d}-{year} {clock}{d.of(':|') or ''} {d.of(DID)}")
        day += d.number(6, 1)
    return d.of("\n|. |; ").join(lines)


def _calls(d: Counted) -> str:
    hours = sorted(d.number(24 * 60) for _ in range(d.number(12, 4)))
    said = d.of("belde|gebeld|appte|stond aan de deur")
    return f"Op {d.day(2025)} {said} hij om " + ", ".join(f"{one // 60}.{one % 60:02d}" for one in hours) + " uur"


def _hours(d: Counted) -> str:
    days = ["ma", "di", "wo", "do", "vr", "za", "zo"][: d.number(8, 3)]
    return "Opvang: " + d.of(", |\n|; ").join(f"{one} {d.clock()}-{d.clock()}{d.of('| uur')}" for one in days)


MADE: tuple[Callable[[Counted], str], ...] = (
    _chronology,
    _chronology,
    _calls,
    _hours,
    lambda d: d.row(lambda: f"{d.person()} ({d.day()})", 3, 14),
    lambda d: "Geboren: " + d.row(d.day, 2, 7),
    lambda d: "Kinderen van " + d.row(lambda: f"{d.number(18)} jaar", 2, 9, ", | en "),
    lambda d: "Aanwezig: " + d.row(d.person, 4, 30, ", |\n"),
    lambda d: "Betrokken: " + d.row(lambda: f"{d.of('A|B|C|M|S|J|K|P')}.{d.of('|B.|A.|J.|W.')} {d.of(FAMILIES)}", 3, 16),
    lambda d: "Leerlingen " + d.row(lambda: f"{d.of('A|B|C|M|S|J|K|P|R|T')}.{d.of('B|D|J|K|V|W|Z')}.", 3, 12),
    lambda d: "Bereikbaar op " + d.row(lambda: f"06-{d.number(10**8, 10**7)}", 1, 6),
    lambda d: (
        "Tel. " + d.row(lambda: f"0{d.number(80, 10)}-{d.number(999, 100)} {d.number(99, 10)} {d.number(99, 10)}", 1, 5)
    ),
    lambda d: d.row(lambda: f"{d.of(POSTS)} {d.amount()}", 3, 13),
    lambda d: "Bedragen: " + d.row(d.amount, 2, 7),
    lambda d: "Zie " + d.row(lambda: f"{d.number(9999, 1000)}-{d.number(999):03d}", 1, 6),
    lambda d: "Zaken " + d.row(lambda: f"20{d.number(27, 19)}-{d.number(16**6):06x}", 1, 5),
    lambda d: (
        "Proces-verbaal " + d.row(lambda: f"PL0{d.number(999, 100)}-20{d.number(27, 19)}{d.number(10**6, 10**5)}", 1, 5)
    ),
    lambda d: "Gewoond op " + d.row(lambda: f"{d.of(STREETS)} {d.number(300, 1)}{d.of('||a|-2')} te Voorbeeldstad", 2, 7),
    lambda d: "Postcodes " + d.row(lambda: f"{d.number(9999, 1000)}{d.of(' |')}{d.of('AB|CD|XK|ZE|PR')}", 2, 7),
    lambda d: "Bloeddruk " + d.row(lambda: f"{d.number(170, 110)}/{d.number(100, 65)}", 2, 6),
    lambda d: (
        "Gewicht "
        + ", ".join(f"{d.day(2024)[:2]}-{month:02d}: {20 + month},{d.number(9)} kg" for month in range(d.number(6), 12))
    ),
    lambda d: "Scores " + d.row(lambda: f"{d.of('TIQ|VIQ|PIQ|CBCL|SDQ|KIPPPI|ASR')} {d.number(130, 50)}", 2, 9),
    lambda d: "Spelt zijn nummer: " + d.row(lambda: d.of("nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen"), 4, 11, " |, "),
    lambda d: (
        "Telt: een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien " + d.of("zestien|")
    ),
    lambda d: "Kenteken: " + d.row(lambda: d.of("Karel|Lodewijk|Simon|Victor|acht|Tango|drie|negen"), 5, 8, " |, |-"),
    lambda d: "Zitting in lokaal " + d.row(lambda: f"{d.number(4)}{d.of('a|b|c|.0')}{d.number(30)}", 2, 7),
    lambda d: (
        "Spullen: " + d.row(lambda: d.of("tas|jas|telefoon|laptop|fiets|sleutels|paspoort|knuffel|schoenen|dekbed"), 3, 12)
    ),
    lambda d: (
        "Medicatie: " + d.row(lambda: f"{d.of('paracetamol|ritalin|melatonine|sertraline')} {d.number(50, 2)} mg", 1, 6)
    ),
    *(
        lambda d: d.of(SPOKEN).format(
            p=d.of(PLACES), q=d.of(PLACES), n=d.of(BOYS), f=d.of(FAMILIES), a=d.number(99), b=d.number(23, 10)
        ),
    )
    * 5,
)


def counted(chance: random.Random) -> str:
    """Return one such text."""
    return chance.choice(MADE)(Counted(chance))
