"""Lists of names as cases have them, slips of the full stop, and numbers of the law: all of it is ordinary text."""

import random
from collections.abc import Callable

from tests.corpora_apart import Drawn

APPS = (
    "TikTok|WhatsApp|FaceTime|OnlyFans|BeReal|YouTube|iMessage|LinkedIn|OneDrive|iCloud|PayPal|WeTransfer"
    "|BitTorrent|VeraCrypt"
    "|eMule|uTorrent|qBittorrent|CCleaner|BleachBit|BitLocker|MineCraft|BrawlStars|ClashRoyale|FIFA23|GTA5"
    "|PlayStation|AirDrop"
)
FIRST_PARTS = "Jan|lucky|noob|Dark|mr|sk8er|lieve|kleine|xX|Super|Stoere|d4rk|Boze|geheime|Lisa|Sem|el33t|Prins"
LAST_PARTS = "DeMan|Boy|Master|Wolf|NiceGuy|Girl|_oom|_tante|Gamer|sweety|Pro|_man|Kampioen|Meisje|_h4x0r|Vriend"
BEGIN = "Veilig|Jeugd|Slachtoffer|Kinder|Zorg|Koers|Passend|Versa|Start|Samen|Wijk|Ouder|School|Help|Opvang|Thuis"
END = "Thuis|Bescherming|Hulp|Telefoon|Saam|VO|Wijs|Welzijn|Punt|Riagg|Team|Steun|Net|Kracht|Plus|Lijn"
DEVICES = "GalaxyS{}|iPhone{}Pro|RedmiNote{}|OnePlus{}T|iPad{}|PixelPro{}|MacBook{}Air|XperiaZ{}|ThinkPadT{}|HuaweiP{}"
CHIPS = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
MATERIALS = "C02|R58M|F2LX9|DMPX|5CD|PF1"
WIFI = "Ziggo{}|KPN{}|H369A{}|TMNL-{}|VRV{}|Odido{}|FRITZBox{}"
LISTED = (
    "Op de telefoon staan {}.|Zij kent hem als {}.|Melding komt via {}|Betrokken: {}.|In beslag genomen: {}."
    "|Programma's: {}|"
    "Genoemd zijn {}!|Spellen: {}.|Hij gebruikte {} en verder niets.|Bekend onder de namen {}, zegt moeder."
    "|Contact met {}."
)
SAID_BEFORE = (
    "moeder|vader|hij is er|ik was er|zij huilt|kind is bang|hij ging weg|dat zei vader|school belt"
    "|op gesprek|oma is thuis|hij kwam"
    "|zij wil niet|dat weet hij|de juf heeft gebeld|vader is boos|met de huisarts overlegd"
    "|hij zit op zijn kamer|was goed"
)
SAID_AFTER = (
    "in tranen|is boos|de politie ook|nu niet meer|de school weet het|in overleg|is gebeld|na het eten"
    "|om de hoek|er is niets"
    "|me lijkt het goed|al vaker gezien|so what zei hij|in de klas|de rest volgt|nu wel"
)
CUT = (
    "soc.media bekeken|excl.me|vb.de school|info.school|bijv.de buren|incl.de kinderen|evt.in overleg"
    "|opm.de deur stond open"
    "|alg.is het goed|resp.de moeder|zgn.in overleg|bv.de voogd|Hij wil niet.Nl. omdat hij bang is"
    "|Zij bleef thuis.Nl. na de ruzie"
    "|Mw.A.el Hamdaoui belde|Dhr.M.el Proef kwam|gesproken met J.de Proef|hij weet niet...de rest volgt"
    "|en toen..in de nacht"
    "|hij dacht na ... nl. over school|p.m..De rest volgt"
)
OTHERS = (
    "Groep A::B|De bestanden zijn .jpg en .png|gebruikersnaam piet.de.vries|snap: anna.me|foto's (jpg) en video's (mp4)"
    "|Signal/Telegram/WhatsApp|WeTransfer/OneDrive|VTRR VTHL VTMN VTGV VTNH VTFL VTZH VTBR"
    "|VTRR, VTMN, VTGV, VTNH, VTZH en VTBR"
    "|om 9:15:30:20 en 12:30:45:10|tien van de twee punt een|hahahahahahahahahahahahahahahahahahaha"
    "|op dat punt, nl. de omgang|mega leuk zei hij"
    "|dropbox-account en youtube kanaal|~10 keer en $50/maand"
    "|kamer 101 en 102 en 103 en 104 en 105 en 106 en 107 en 108 en 109"
    "|1a en 1b en 2a en 2b en 3a en 3b|groep 3 dan 4 dan 5 dan 6|+31612345678 en +32 471 12 34 56"
    "|lid van de ssh huurders"
)


def _listed(one: Callable[[Drawn], str]) -> Callable[[Drawn], str]:
    def made(drawn: Drawn) -> str:
        names = [one(drawn) for _ in range(drawn.number(8, 3))]
        last = drawn.of(" en | of |, ")
        return drawn.of(LISTED).format(f"{', '.join(names[:-1])}{last}{names[-1]}")

    return made


def _nick(drawn: Drawn) -> str:
    return f"{drawn.of(FIRST_PARTS)}{drawn.of(LAST_PARTS)}{drawn.of('|12|99|69|2009|75')}"


def _letters(drawn: Drawn, count: int) -> str:
    return "".join(drawn.chance.choice(CHIPS) for _ in range(count))


def _law(drawn: Drawn) -> str:
    number = f"{drawn.number(12, 1)}.{drawn.number(20, 1)}.{drawn.number(30, 1)}.{drawn.number(9, 1)}"
    said = drawn.of(
        "JW {} is de grondslag|Jw {}|Bijlage: {}|Zaak {} loopt|{} lid 5|Perceel {}|{} Jeugdwet"
        "|artikel {}, lid 2|{} onder b|Wmo {}"
        "|zaaknr: {}|kavel {} is verkocht|volgens {} van de Jeugdwet|bijlage {}|polis {}|Awb {}|paragraaf {}"
    )
    return said.format(number)


MADE: tuple[Callable[[Drawn], str], ...] = (
    _listed(lambda d: d.of(APPS)),
    _listed(_nick),
    _listed(lambda d: d.of(BEGIN) + d.of(END)),
    _listed(lambda d: d.of(DEVICES).format(d.number(30, 2))),
    _listed(lambda d: d.of(MATERIALS) + _letters(d, d.chance.choice((7, 8)))),
    _listed(lambda d: d.of(WIFI).format(_letters(d, 7))),
    _law,
    lambda d: f"{d.of(SAID_BEFORE)}.{d.of(SAID_AFTER)}",
    lambda d: d.of(CUT),
    lambda d: d.of(OTHERS),
)


def said(chance: random.Random) -> str:
    """Return one such text."""
    return chance.choice(MADE)(Drawn(chance))
