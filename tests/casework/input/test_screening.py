"""What leads to material is never stored, however it is disguised; what people write is stored as they write it."""

import base64
import random

import pytest

from casework.actions.perform import perform
from casework.input.parts import PARTS
from casework.input.read import Malformed, read_value
from casework.input.schema import Kind
from casework.input.screening import Screened, screen
from permissions.vocabulary import Action
from tests.corpora import DISGUISES, ordinary, smuggled
from tests.corpora_told import ENGLISH, FIGURES, RADIO

FALSE_ALARMS = 1 / 1000
SENTENCES = 5000


def is_stored(text):
    try:
        screen(text)
    except Screened:
        return False
    return True


@pytest.mark.parametrize("seed", [20261126, 7])
def test_nothing_of_what_is_smuggled_is_stored(seed):
    tries = smuggled(seed=seed)
    assert len(tries) >= 500
    assert len(DISGUISES) >= 30
    assert [one for one in tries if is_stored(one[1])] == []


@pytest.mark.parametrize("seed", [20261126, 7])
def test_what_people_of_the_field_write_is_stored(seed):
    sentences = ordinary(SENTENCES, seed)
    refused = [one for one in sentences if not is_stored(one)]
    assert len(refused) <= len(sentences) * FALSE_ALARMS, refused[:9]


@pytest.mark.parametrize(
    "text",
    [
        "Hij was boos.De wijkagent ging weg.",
        "Moeder kwam thuis.Is het goed gegaan? Vader zei van wel.Me dunkt niet.",
        "Klaar.Net daarna belde hij.Info volgt nog.",
        "Gebeld i.v.m.de situatie met dhr.de Proef en J.de Test.",
        "Om 14.30.De agent sprak hem aan, kenteken 12-ABC-3.In de auto zat niemand.",
        "Art. 2.1.3.4 lid 2 en versie 1.2.3.4 zijn genoemd.",
        "Het punt is dat op dat punt de school niets request.",
        "Rekening NL91ABNA0417164300, parketnr. 09/123456-26, PL0600-2026012345.",
        "0612345678 0687654321 0611112222 0622223333",
        "=" * 80,
        "-" * 80,
        "Hij is bang.Co-ouderschap is nog niet geregeld.",
        "Dat zei haar collega.Pro deo is het niet.",
        "Hij gaat daar wonen.Amsterdam is te duur.",
        "Spreekuur ma.di.wo. en do.vr. van 9.00-17.00 uur.",
    ],
)
def test_ordinary_words_are_no_links(text):
    assert screen(text) == text


@pytest.mark.parametrize(
    "account",
    [
        "@kleinejongen_99",
        "kik: naam",
        "wickr me user123",
        "telegram @kim2009",
        "snapchat kim_2009",
        "signal kim.09",
        "snapchat kim-de-proef-2009",
    ],
)
def test_an_account_by_which_somebody_is_known_is_stored_and_the_way_in_to_a_shared_place_is_not(account):
    said = f"De verdachte is bekend als {account} en sprak daar met een leerling."
    assert screen(said) == said
    name = "".join(letter for letter in account if letter.isalnum())
    for way in ("kanaal @{}", "telegram groep @{}", "uitnodigingscode Ab3{}x9Q", "t me/{}", "t.me/{}", "discord gg/{}"):
        assert not is_stored(way.format(name))


@pytest.mark.parametrize(
    "text",
    [
        "en/of, m/v, 24/7, 1/2 en / alleen",
        "Vader /moeder/oma kwamen, hij is / was boos.",
        "Betaald: € 192,50; gebeld: 030 123 45 67, 06 12 34 56 78 en 12 34 56 78.",
        "Hij leest op AVI-M4 en gaat naar vmbo-tl/havo of vmbo gl/tl.",
        "Gesproken met J P G de Vries en mw. A.V.I. de Proef; 3 jpg bestanden genoemd.",
        "De kans is 50%50 volgens haar, 100%20 jaar, x=30 en y=2.",
        "'t me dat zei ze, alles is gd, naar een COM-poort gezocht, de com. is ingelicht.",
        "BSN-achtig 123 45 67 89, vragen 1,2,3,4 en bedragen 50,100,150,200.",
    ],
)
def test_what_merely_looks_like_a_place_or_an_address_is_stored(text):
    assert screen(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "voorbeeld.church/foto/12",
        "voorbeeld.webcam.",
        "voorbeeld.berlin",
        "voorbeeld.nieuwding/foto/12",
        "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/foto",
        "x.\u03b5\u03bb en",
        "\u4f8b\u3048.\u4e2d\u56fd/a",
        "voorbeeld.i2p",
        "localhost:8000/foto",
        "nas:5000/foto",
        "voorbeeld.local/foto",
        "voorbeeld\\u002ecom/foto",
        'voorbeeld "punt" com',
        "voorbeelddotcom",
        "voorbeeld d o t com",
        "voorbeeld\u2e31com",
        "voorbeeld\u00d7com",
        "voorbeeld\u00a6nl",
        "moeder.in",  # an ordinary word, of which "zie" says that it is a place
        "foto1,jpg",
        "foto1 (jpg)",
        "0300.0250.01.01",
        "0xC0.0xA8.0x01.0x01",
        "185,220 113/9",
        "w w w voorbeeld nl",
        "@voorbeeld.com",
        "@voorbeeld.church/foto",
    ],
)
def test_what_leads_elsewhere_is_refused_whatever_its_ending_is(text):
    assert not is_stored(f"Zie {text} en verder niets.")
    assert not is_stored(text)


@pytest.mark.parametrize(
    "text",
    [
        "06.12.34.56.78 en 010.123.45.67 en +31.6.12.34.56.78",
        "Bekend als @jan.de.man en @kim.van.de.school.",
        "Schulden: 125, 250, 110, 75 euro. Bloeddruk 145/92, 150/95, 160/100.",
        "CBCL-scores 165 170 172 168, gewicht in gram: 250 245 240 238.",
        "Kamer 2.14.3.1 en dossiernr. 12.34.56.78.",
        "Op dat punt nl. de slaapplaats, het belangrijkste punt de omgang.",
        "Het rapport p.12.In deze zaak. Van 10.00-11.30.In de middag niet.",
        "Hij kwam.Art. 3 is genoemd. Zij kwam.Cc naar VT en kwam.Nr. 5 en kwam.Ps: bel.",
        "Zit in Groep Geel123 van de opvang.",
        "Zij ging weg.Google is gebeld en de foto's als jpg,png en mp4 bewaard.",
        "Kwam thuis.Vader/moeder zei niets.Politie kwam.",
    ],
)
def test_what_people_write_with_dots_and_figures_is_stored(text):
    assert screen(text) == text


PICTURE = random.Random(5).randbytes(332)
SIGNS = "bcdfghjklmnpqrstvwxzBCDF"


@pytest.mark.parametrize(
    "written",
    [
        "".join(chr(0x2800 + one) for one in PICTURE),
        "".join(chr(0x4E00 + one) for one in PICTURE),
        "".join(chr(0xAC00 + one) for one in PICTURE),
        "".join(chr(0x1F300 + one) for one in PICTURE),
        "".join(chr(0x430 + one % 32) + chr(0x430 + one // 32) for one in PICTURE),
        " ".join(str(one) for one in PICTURE),
        ",".join(str(one) for one in PICTURE),
        " ".join(["aap", "noot", "mies", "wim"][one % 4] for one in PICTURE),
        " ".join(SIGNS[one % 20] + SIGNS[one // 20] + SIGNS[one % 7] + SIGNS[one % 11] for one in PICTURE),
        " ".join(chr(65 + one % 16) + chr(65 + one // 16) for one in PICTURE),
    ],
    ids=[
        "braille",
        "ideographs",
        "syllables",
        "symbols",
        "alphabet",
        "figures",
        "commas",
        "words",
        "groups",
        "pairs",
    ],
)
def test_a_picture_is_stored_in_no_signs_at_all(written):
    assert not is_stored(written)
    assert not is_stored(f"Zij vertelde: {written} en verder niets.")


@pytest.mark.parametrize(
    "text",
    [
        "Zij schreef: \u0645\u0631\u062d\u0628\u0627 \u0643\u064a\u0641 \u062d\u0627\u0644\u0643 en zweeg.",
        "\u674e\u5c0f\u9f99 en \uae40\ucca0\uc218 woonden hier.",
        "WPG, AVG, GGZ, JGZ, CJG, PGB, WMO en VTRP zijn genoemd; BSN BRP KVK DUO CJIB COA IND RVDK.",
        "\U0001f44d\U0001f44d zei hij, \u00bd uur, 20 \u00b0C, \u20ac 5, \u00a7 3.",
        "\u041e\u043d\u0430 \u0441\u043a\u0430\u0437\u0430\u043b\u0430, \u0447\u0442\u043e \u0432\u0441\u0451.",
        "een lange zorg. " * 300,
        "TEST GGD " * 300,
        "ja nee " * 200,
        "nvt nvt nvt nvt, 1 2 3 4 5 6 7 8 9 10 11 12.",
    ],
)
def test_names_quotes_and_abbreviations_are_text(text):
    assert screen(text) == text


def test_what_a_colleague_noted_of_names_leaves_the_next_note_to_be_stored(world):
    case, _ = world.track()
    said = [
        "JanDeMan12, mrNiceGuy.",
        "Ook lieve_oom75.",
        "GalaxyS21 en iPhone12Pro.",
        "C02XK0AAJGH5",
        "R58M30ABCDE",
        "F2LX9K1JKL3M",
    ]
    for text in said:
        perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": text}})
    assert world.count("casework_note") == len(said)


@pytest.mark.parametrize("between", [" ", ", ", "\n", " en "])
def test_a_picture_in_pieces_is_refused_whatever_stands_between_them(between):
    code = base64.b64encode(PICTURE).decode()
    for every in (4, 6, 8, 12, 16):
        assert not is_stored(between.join(code[place : place + every] for place in range(0, len(code), every)))


def test_what_is_cut_in_pieces_is_refused_in_one_act_and_over_notes(world):
    pieces = ["Kx9f Qm2a", "Zt7b Lw4c", "Vp8d Rk3e"]
    assert all(map(is_stored, pieces))
    case, _ = world.track()
    notes = [{"kind": "concern", "text": f"{piece}"} for piece in pieces]
    with pytest.raises(Malformed, match="screened_blob"):
        perform(world.lies, Action.ADD_NOTE, case, {"note": notes})
    perform(world.lies, Action.ADD_NOTE, case, {"note": notes[0]})
    perform(world.lies, Action.ADD_NOTE, case, {"note": notes[1]})
    with pytest.raises(Malformed, match="screened_blob"):
        perform(world.lies, Action.ADD_NOTE, case, {"note": notes[2]})
    assert world.count("casework_note") == 2
    quote = {"kind": "concern", "text": "\u0645\u0631\u062d\u0628\u0627 " * 30}
    for _ in range(3):  # a long quote in another alphabet goes on in the next note
        perform(world.lies, Action.ADD_NOTE, case, {"note": quote})
    assert world.count("casework_note") == 5


def test_what_is_cut_in_pieces_over_the_fields_of_one_act_is_refused(world):
    case, _ = world.track()
    cut = {"family_name": "Kx9f Qm2a", "given_names": "Zt7b Lw4c", "contact": "Vp8d Rk3e"}
    for name, piece in cut.items():
        perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "household_member", name: piece}})
    with pytest.raises(Malformed, match="screened_blob"):
        perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "household_member", **cut}})


@pytest.mark.parametrize("mark", "\u202a\u200e\u200f\u00ad\ufeff\u200b\u2060\u2066\ufe0f\U000e0041")
def test_a_mark_that_nobody_sees_is_taken_out_and_hides_nothing(mark):
    assert screen(f"{mark}06-1234{mark}5678{mark}") == "06-12345678"
    assert not is_stored(f"voor{mark}beeld.{mark}nl")


def test_ends_of_lines_are_one_kind():
    assert screen("een\r\ntwee\rdrie\u2028vier\x0bvijf") == "een\ntwee\ndrie\nvier\nvijf"


def test_an_address_of_e_mail_is_taken_where_somebody_is_reached_and_nowhere_else():
    asked = [(part, column) for part, columns in PARTS.items() for column in columns if column.takes_mail]
    assert {(part, column.name) for part, column in asked} >= {("person", "contact"), ("source", "contact")}
    for part, column in asked:
        for said in ("jan@school.nl", "jan.proef+thuis@post.voorbeeld.nl of 06-12345678", "\u202ajan@school.nl\u202c"):
            assert read_value(part, column, said) == screen(said, takes_mail=True)
        for bad in ("jan@school.nl/album", "http://jan@school.nl", "school.nl", "jan@abc.onion", "jan@school.nl:8080"):
            with pytest.raises(Malformed, match="screened"):
                read_value(part, column, bad)
    others = [(part, one) for part, columns in PARTS.items() for one in columns if one.kind in {Kind.TEXT, Kind.SHORT}]
    for part, column in others:
        if not column.takes_mail and column.longest >= 20:
            with pytest.raises(Malformed, match="screened_mail"):
                read_value(part, column, "jan@school.nl" + " is genoemd in dit gesprek" * (column.least > 13))


def test_contact_by_e_mail_is_stored_goes_along_and_is_taken_over(world):
    person = {"role": "subject", "family_name": "Proef", "given_names": "Kim", "contact": "kim@school.nl"}
    case = world.opened(person=person).made["case"]
    assert world.rows("SELECT contact FROM casework_personincase") == [("kim@school.nl",)]
    world.package(case, kind="help", receiver="joke", items=["identity", "contact"])
    assert '{"contact": "kim@school.nl"}' in {value for (value,) in world.rows("SELECT value FROM casework_packageitem")}
    with pytest.raises(Malformed, match="screened_mail"):
        perform(
            world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Mail naar kim@school.nl gestuurd."}}
        )


@pytest.mark.parametrize("seed", range(8))
def test_what_is_refused_in_a_text_is_refused_in_a_longer_one_of_the_worst_kind(seed):
    """Every pattern meets what is hardest for it, as long as a form may be: it is judged, and length hides nothing."""
    chance = random.Random(seed)
    piece = "".join(chance.choice("a1.-:/@ (%&wpht") for _ in range(chance.randrange(1, 5)))
    shorter, longer = (is_stored((piece * length)[:length]) for length in (10_000, 40_000))
    assert longer is shorter


HASH = "3f0c77a9d41b8e5527c6b09fe1a2834d"


@pytest.mark.parametrize(
    "text",
    [
        "lusab babad gutih tugad lusab babad mubit fusip posin",
        ", ".join(f"{one} jaar" for one in PICTURE[:20]),
        ", ".join(f"{one % 24:02d}:{two % 60:02d}" for one, two in zip(PICTURE[:20], PICTURE[20:40], strict=True)),
        " en ".join(
            f"{one % 28 + 1}-{two % 12 + 1}-{1930 + three % 90}"
            for one, two, three in zip(PICTURE[:14], PICTURE[14:28], PICTURE[28:42], strict=True)
        ),
        " ".join(f"{chr(65 + one % 26)}.{chr(65 + one // 10)}." for one in PICTURE[:20]),
        " ".join((*FIGURES, *"abcdef")[int(one, 16)] for one in HASH),
        " ".join((*ENGLISH, *RADIO)[int(one, 16)] for one in HASH),
        "".join(chr(103 + int(one, 16)) for one in HASH),
        " ".join(f"Regel {HASH[place : place + 4]} gezien." for place in range(0, 32, 4)),
        "\u2009".join(f"d{one % 10}\u202fb{one % 7}" for one in PICTURE[:40]),
        "moc.dleebroov",
        "imgur slash a slash Qw8sKz",
        "tinyurl Qw8sKz",
        "we transfer link Qw8sKz1",
        "dropbox s Qw8sKz1a",
        "telegram joinchat Qw8sKz1a",
        "youtube video dQw4w9WgXcQ",
        "20240102_123456",
        "foto 1.JPEG2000",
        "foto 1.pjpeg",
        "voorbeeld.\nco\nm",
    ],
)
def test_what_a_reader_undoes_is_refused(text):
    assert not is_stored(text)
    assert not is_stored(f"Zij vertelde: {text} en verder niets.")


def test_a_picture_is_written_in_no_gaps_between_words():
    signs = int.from_bytes(PICTURE, "big")
    for one, two in ((" ", "  "), (" ", "\u2009"), ("\u00a0", "\u202f"), (" ", "\t"), (" ", "\n")):
        assert not is_stored("".join("moeder" + (one, two)[signs >> place & 1] for place in range(2656)))
    assert not is_stored("hij kwam" + "\u2009 \u202f" * 20 + "thuis")


def test_a_habit_in_gaps_is_text():
    said = ("Hij kwam thuis.  Zij zweeg over school: dat is bekend." * 60, "mw.\u00a0De Proef belde\n\nen kwam\n" * 60)
    for text in said:
        assert is_stored(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kim (12-03-2011), Sem (04-11-2008), Noor (23-07-2015), Daan (01-01-2003), Lotte (30-09-2019), Bilal (17-05-2006).",
        "Gebeld om 8.05, 9.12, 10.44, 11.03, 13.27, 14.51, 15.16, 16.38, 18.02, 19.47, 21.33 en 22.59 uur.",
        "12 jaar, 14 jaar, 9 jaar en 3 jaar.",
        "ma 8.30-17.00, di 9.15-12.45, wo 10.00-14.20, do 8.45-16.10, vr 9.00-13.30, za 11.00-15.00 uur",
        "06-12345678, 06-87654321, 030-123 45 67 en 4821-064, 4822-117, 3901-002.",
        "huur € 650,50, energie € 123,95, boete € 78,20, kinderopvang € 412,60, telefoon € 35,15, leefgeld € 60,00",
        "2026-3fa9b1, 2025-77a0c4 en 2024-0be5d1 zijn gekoppeld; 1234 AB, 3511XK en 9712 CD.",
        "Hij gebruikt WhatsApp, Telegram en Snapchat; de link die hij stuurde en de foto's op zijn telefoon zijn weg.",
        "Telegram account Gamer12, snapchat kim_2009, YouTube kanaal van Bilal, Dropbox account jansen1985.",
        "Spelt: Karel Lodewijk Simon acht twee drie Victor.",
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien",
        "acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig eenentwintig",
        "A.B., C.D., E.J. en K.V. uit groep 7; J.P.K. van den Berg.",
        "Melding tienen. Ten. Hij zei: ten minste, ln en gro zijn geen woorden.",
    ],
)
def test_lists_of_days_ages_amounts_and_accounts_are_text(text):
    assert screen(text) == text
