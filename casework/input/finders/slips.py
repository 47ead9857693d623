"""Knows a sentence that was typed without the space after its full stop, by what stands before it and how it goes on.

"Moeder.in tranen" is a slip, "voorbeeld.in" a domain: before a slip stands an ordinary word of Dutch or a shortened one,
and behind it a sentence goes on.
"""

import re

_KIN = """
    moeder vader ouders ouder kind kinderen zoon dochter broer broertje zus zusje oma opa oom tante partner man vrouw
    jongen meisje baby peuter kleuter leerling gezin familie vriend vriendin buurman buurvrouw buren mama papa mevrouw
    meneer dame heer stiefvader stiefmoeder pleegouders pleegmoeder pleegvader voogd nicht neef collega mens mensen
    iemand niemand
"""
_SAID = """
    er hij zij ze het dat dit hem haar hen hun mij ons jou u ik jij wij jullie wie wat niets iets alles alleen samen
    niet wel ook nog al toen nu dan hier daar waar thuis weg terug mee over uit aan op af in om na bij toe door heen
    onder boven binnen buiten later eerder vandaag gisteren morgen vaak altijd nooit soms weer meer minder veel weinig
    erg heel zo ja nee misschien zeker helaas gelukkig eerst daarna inmiddels meteen direct langs los vast klaar vrij
    verder samen
"""
_LIKE = """
    boos bang verdrietig blij moe ziek rustig stil druk onrustig gespannen overstuur angstig agressief dronken goed
    slecht veilig onveilig acuut ernstig duidelijk onduidelijk bekend onbekend akkoord mogelijk nodig open dicht laat
    vroeg oud jong alleenstaand zwanger gescheiden verhuisd aanwezig afwezig betrokken bereikbaar onbereikbaar bezorgd
    zorgelijk kwijt nuchter eens oneens
"""
_DID = """
    belt belde gebeld zegt zei gezegd vertelt vertelde verteld vraagt vroeg gevraagd komt kwam gekomen gaat ging gegaan
    wil wilde weet wist geweten ziet zag gezien hoort hoorde gehoord huilt huilde gehuild slaapt sliep geslapen woont
    woonde gewoond werkt werkte gewerkt blijft bleef gebleven zit zat gezeten staat stond gestaan ligt lag gelegen
    loopt liep gelopen is was geweest heeft had gehad wordt werd geworden doet request gedaan krijgt kreeg gekregen geeft
    gaf gegeven neemt nam genomen vindt vond gevonden denkt dacht gedacht weigert weigerde geweigerd reageert reageerde
    gereageerd schreeuwt schreeuwde vertrok vertrokken geschrokken besproken overlegd ingelicht afgesproken gesproken
    verschenen opgehaald aangehouden meegenomen gestuurd gemeld gemaild gelezen geschreven gebracht geholpen gestopt
    begonnen gezet ontkent ontkende bekende
"""
_OF_THE_WORK = """
    school klas opvang huis kamer bed straat wijk dorp stad bureau politie gemeente arts huisarts dokter ziekenhuis
    rechter advocaat gesprek overleg bezoek melding verslag brief telefoon afspraak onderzoek besluit plan zorg hulp
    steun rust ruzie geweld bijzonderheden contact gezag omgang toestemming zitting week weken maand maanden jaar dag
    dagen nacht avond ochtend middag uur minuten keer werk weekend vakantie situatie zaak dossier aangifte wijkagent
    leerkracht juf meester mentor gezinsvoogd jeugdzorg team tafel eten drank drugs alcohol geld schulden auto fiets
    deur tranen
"""
ORDINARY = frozenset(f"{_KIN} {_SAID} {_LIKE} {_DID} {_OF_THE_WORK}".split())
"""Words with which sentences of a case end: none of them is the name of a place where things are stored."""
_GOES_ON_WORDS = """
    de in is nu me er na om al so je ma pa at
"""
_GOES_ON = frozenset(_GOES_ON_WORDS.split())
"""Endings that begin a Dutch sentence."""
_CUT = """
    excl incl vb bv bijv soc evt resp zgn mbt ivm info alg opm bijz afd gem prov dir secr vlgs ca nb ps e.d o.a m.n
    d.w.z
"""
_CUT_SHORT = frozenset(_CUT.split())
"""Shortened words, or a heading, behind which a space is forgotten."""
_AFTER_CUT_WORDS = """
    de in is nu me er na om al so je media school netwerk team groep werk zorg
"""
_AFTER_CUT = frozenset(_AFTER_CUT_WORDS.split())
_INFIXES_WORDS = """
    el al la le da de di
"""
_INFIXES = frozenset(_INFIXES_WORDS.split())
_A_NAME = re.compile(r"[ -][A-Z][a-z]")
_SENTENCE = re.compile(r"[ \t]{1,2}[\"'(]?[a-z]")
_NAMELY = re.compile(r"\.:? {1,2}[a-z]")
_POINTS = re.compile(
    r"(?<!\w)(?:via|site|website|webadres|adres|pagina|link|url|domein|forum|zie|heet|genaamd|(?:kijk|kijken|kijkt|keek|staan|staat"
    r"|stond|stonden|gezet|zette|geplaatst|gevonden|gezien|zoek|zocht|ga|ging|inloggen|ingelogd) op)[\s:\"']{1,3}$",
    re.IGNORECASE,
)
"""What leads to the name of a place."""
_ACCOUNT = re.compile(
    r"(?<!\w)(?:snap|snapchat|insta|instagram|tiktok|kik|discord|roblox|username|gebruikersnaam|account|accountnaam|bijnaam"
    r"|nickname|nick|chatnaam|inlognaam|profielnaam)(?: (?:is|was|heet|luidt))?[:\s]{1,2}[\"'(]?$",
    re.IGNORECASE,
)
"""What is followed by the name of an account, as an @ is."""
_OF_AN_ACCOUNT_WORDS = """
    me de is in nu na la el
"""
_OF_AN_ACCOUNT = frozenset(_OF_AN_ACCOUNT_WORDS.split())


def is_slip(before: str, word: str, ending: str, after: str) -> bool:
    """Whether a space was forgotten behind a full stop: a sentence goes on, or the word is a shortened one."""
    word = word.lower()
    if ending == "Nl":
        return word in ORDINARY and bool(_NAMELY.match(after))
    if word in _CUT_SHORT:
        return ending in _AFTER_CUT
    return ending in _GOES_ON and word in ORDINARY and bool(_SENTENCE.match(after)) and not _POINTS.search(before)


def precedes_a_name(ending: str, after: str) -> bool:
    """Whether initials go on in a family name: A.el Hamdaoui."""
    return ending in _INFIXES and bool(_A_NAME.match(after))


def is_of_account(before: str, ending: str) -> bool:
    """Whether what stands before says that the name of an account follows, and this is a word that names have."""
    return ending in _OF_AN_ACCOUNT and bool(_ACCOUNT.search(before))
