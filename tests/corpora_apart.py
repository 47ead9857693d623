"""More of the two corpora: files, places and addresses written as no machine follows them, and what merely looks alike."""

import random
from collections.abc import Callable

NAMES = ["voorbeeld", "proefplek", "deelmap", "bewaarplek2", "spiegel9", "nergens-heen"]
PICTURES = ["jpg", "jpeg", "png", "mp4", "webm", "heic", "mkv", "mpg", "wmv", "tiff"]
ROOTS = "data|mnt/d|var/tmp|srv/geheim|Volumes/Schijf|opt/x1|storage/emulated/0|.verborgen|bewaar/oud|tmp"
SHARERS = "tinyurl com|bit ly|goo gl|t me|mega nz|youtu be|discord gg|is gd|gofile io|telegram me"
CAMERAS = ["IMG", "DSC", "VID", "PXL", "MVI", "GOPR", "DSCN", "DSCF", "img", "pxl"]
INVITED = "invite|invite code|uitnodigingscode:|uitnodigingslink|groepscode is|join code|servercode|kanaalcode|invite ="
PLACES = (
    "telegram|telegramkanaal|discord server|signal groep|kanaal|kik group|telegram groep met de naam|session chatroom"
    "|telegram channel:|whatsappgroep"
)
WAYS = (
    "t.me/joinchat/|joinchat/|t me/+|tg://join?invite=|signal.group/#|discord gg/|discord.gg/|chat.whatsapp.com/|t me/"
    "|discord com/invite/"
)
HOUSES = "192 168 1 1|192,168,1,1|10 0 0 1|127 0 0 1|10,0,0,7|ip 12 34 56 78|server: 8,8,8,8"
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class Drawn:
    """What is drawn by chance, one after another."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from this."""
        self.chance = chance

    def of(self, words: str) -> str:
        """Return one of the words between strokes."""
        return self.chance.choice(words.split("|"))

    def number(self, most: int, least: int = 0) -> int:
        """Return a number below the most."""
        return self.chance.randrange(least, most)

    @property
    def name(self) -> str:
        """Return a name that leads nowhere."""
        return self.chance.choice(NAMES)

    @property
    def picture(self) -> str:
        """Return how a file ends."""
        return self.chance.choice(PICTURES)

    @property
    def onion(self) -> str:
        """Return a name as they are in a hidden network."""
        return "".join(self.chance.choice(LETTERS) for _ in range(self.chance.choice((16, 56))))

    @property
    def code(self) -> str:
        """Return a code of an invitation."""
        return f"{self.of('A|B|C')}{self.of('x|y')}{self.number(9)}{self.of('P|Q')}{self.of('k|m')}{self.number(99)}q"

    def four(self, mark: str) -> str:
        """Return an address in four numbers; two of three figures, so that it is no telephone number."""
        bounds = ((101, 255), (100, 255), (1, 99), (1, 9))
        return mark.join(str(self.chance.randrange(*one)) for one in bounds)


MADE: tuple[tuple[str, Callable[[Drawn], str]], ...] = (
    (
        "camera apart",
        lambda d: f"{d.chance.choice(CAMERAS)}{d.of(' | - |. ')}{d.number(20261231, 20200101)} {d.number(10**6, 10**5)}",
    ),
    (
        "screen taken",
        lambda d: (
            f"{d.of('Screenshot|Schermafbeelding|signal|Telegram')}{d.of(' |_|-')}20{d.number(27, 20)}"
            f"-0{d.number(9, 1)}-1{d.number(9)}{d.of(' |_|-')}1{d.number(9)}"
        ),
    ),
    ("file with a line", lambda d: f"{d.name}{d.of('_| _ |-')}{d.picture}"),
    ("file with a space", lambda d: f"{d.of('foto|clip|deel|map_|film')}{d.number(999)} {d.picture}"),
    ("ending spelled", lambda d: f"{d.name}{d.of('.| . | .| |_')}{d.of(' |_').join(d.picture)}"),
    ("ending in dots", lambda d: f"{d.name}.{'.'.join(d.picture)}"),
    ("drive", lambda d: f"{d.of('C|D|E|Z|c|e')}{d.of(':/|: /')}{d.of('Users/x/Desktop/|map/|')}{d.name}"),
    ("drive of n", lambda d: f"{d.of('C|D|E')}:\\nergens\\{d.name}"),
    ("share", lambda d: f"{d.of('//nas/|//server1/deel/|//10.0.0.x/|//thuis-nas/|file:/')}{d.name}"),
    ("path of parts", lambda d: f"/{d.of(ROOTS)}/{d.name}"),
    ("path from here", lambda d: f"{d.of('~/|../map/|./oud/|~/map/')}{d.name}"),
    (
        "slash in words",
        lambda d: (
            f"{d.name} {d.of('com|nl|org|net|onion|ru|be|io|eu|cc')}"
            f" {d.of('slash|schuine streep|SLASH|forward slash')} {d.name}"
        ),
    ),
    ("slash after a space", lambda d: f"{d.name} {d.of('com|org|net|onion|ru|io')}{d.of('/| /|/#|#!| #!')}ab{d.number(99)}"),
    ("slash after a line", lambda d: f"{d.name}{d.of('-|_|~')}{d.of('com|org|net|ru')}/map"),
    ("shortener apart", lambda d: f"{d.of(SHARERS)}{d.of(' slash |/| /')}ab{d.number(99)}"),
    ("onion apart", lambda d: f"{d.onion}{d.of(' |-|_| - |, ')}onion"),
    ("onion before", lambda d: f"onion{d.of(': | |-adres | = ')}{d.onion}"),
    ("numbers apart", lambda d: d.four(d.of(" |,|-|_|/| . |, | - | punt | dot "))),
    ("numbers of a house", lambda d: d.of(HOUSES)),
    ("invite", lambda d: f"{d.of(INVITED)} {d.code}"),
    ("shared place", lambda d: f"{d.of(PLACES)} @{d.of('kidsgroup|proefgroep|deelkanaal|proef_channel|bewaarbot')}"),
    ("way in", lambda d: f"{d.of(WAYS)}{d.code}"),
)


def _made(make: Callable[[Drawn], str]) -> Callable[[random.Random], str]:
    return lambda chance: make(Drawn(chance))


APART = tuple((kind, _made(make)) for kind, make in MADE)
"""Each disguise, and what makes one."""

LOOKS_ALIKE = [
    "noemde hem/haar, m/v en en/of, 24/7 en {number}/{number}, en verder / niets",
    "kwam met vader /moeder/oma en een vriend slash buurman, hij is / was boos",
    "is bekend als @kleinejongen_{number} en als kik: proef{number}",
    "gebruikt telegram @proef{number}, wickr me kim{number} en snapchat kim_{number}",
    "belde {phone} en ook 12 34 56 78 en 123 45 67",
    "noemde 1,2,3,4 en 5,10,15,20 en kamers 101, 102, 103, 104",
    "betaalde € 192,50 en € 1.250,00 voor {number},{minutes} uur",
    "heeft BSN-achtig 123 45 67 89, dossier {number}-45-6 en {case}",
    "stuurde {number} jpg bestanden en een mp4-bestand, vertelt {who}",
    "sprak dhr. J P G de Vries en mw. A.V.I. de Proef",
    "leest op AVI-M{hours}, vmbo-tl/havo, vmbo gl/tl en mavo-nt",
    "reed 80 km/u, kreeg 5 mg/dag en woog {number} kg / zie verslag",
    "zei //gebeld met {who}// en verder niets over a/b/c",
    "kreeg een uitnodiging op {date}; de toegangscode van de flat is {number}",
    "zit in groep {grade}, groepscode {number}, en in de appgroep van school",
    "meldt dat de server van school stuk was en het kanaal dicht",
    "stond er voor vraag A: /B, C en D, z.o.z.",
    "had een screenshot van {date} en IMG stond erop",
    "sprak Nederlands NL/BE en in het kort nl/en taal",
    "vertelde me/ons dat het goed gaat, zie bijlage {hours}/{number}",
    "maakte een screenshot 12-03-2023 en noemde de groep @ school",
    "verhuisde naar /terug uit het buitenland, art. {article} lid {hours} /sub a",
]
"""What people of the field write that is near to it."""
