"""The invented agencies and people of a demo, by the names that its story gives them."""

from casework.scenario.scene import SceneAgency, ScenePerson
from permissions.vocabulary import AgencyKind, Role

AGENCIES = {
    "oost": SceneAgency(AgencyKind.POLICE, "Politie Voorbeeld Oost", "Politie Voorbeeld"),
    "west": SceneAgency(AgencyKind.POLICE, "Politie Voorbeeld West", "Politie Voorbeeld"),
    "vt": SceneAgency(AgencyKind.VEILIG_THUIS, "Veilig Thuis Voorbeeldstad", "Veilig Thuis Voorbeeldstad"),
    "jeugd": SceneAgency(AgencyKind.YOUTH_CARE_PROVIDER, "Jeugdhulp Voorbeeldstad", "Jeugdhulp Voorbeeldstad"),
    "wijkteam": SceneAgency(AgencyKind.LOCAL_TEAM, "Wijkteam Voorbeeldstad", "Wijkteam Voorbeeldstad"),
}
PEOPLE = {
    "lies": ScenePerson("Lies de Graaf", "oost", (Role.POLICE_LIAISON,)),
    "dirk": ScenePerson("Dirk Hofman", "oost", (Role.TRIAGE_DECIDER,)),
    "karin": ScenePerson("Karin Postma", "oost", (Role.QUALITY_CHECKER,)),
    "saskia": ScenePerson("Saskia van Leeuwen", "oost", (Role.SUPERVISOR,)),
    "arie": ScenePerson("Arie Blok", "oost", (Role.AUDITOR,)),
    "wim": ScenePerson("Wim Smeets", "vt", (Role.CASEWORKER,)),
    "vera": ScenePerson("Vera Dijkstra", "vt", (Role.TRIAGE_DECIDER,)),
    "anke": ScenePerson("Anke Visser", "vt", (Role.AUDITOR,)),
    "joke": ScenePerson("Joke Verhoeven", "jeugd", (Role.CASEWORKER,)),
    "jan": ScenePerson("Jan Kuipers", "jeugd", (Role.QUALITY_CHECKER,)),
    "tom": ScenePerson("Tom Bakker", "wijkteam", (Role.CASEWORKER, Role.TRIAGE_DECIDER)),
    "ilse": ScenePerson("Ilse Mulder", "vt", (Role.INTAKE_WORKER,)),
    "nadia": ScenePerson("Nadia El Amrani", "oost", (Role.AGENCY_ADMIN,)),
    "harm": ScenePerson("Harm Visser", "oost", (Role.AGENCY_ADMIN,)),
    "petra": ScenePerson("Petra Noordhoek", "oost", (Role.PRIVACY_OFFICER,)),
    "rob": ScenePerson("Rob Claassen", "oost", (Role.RECORDS_MANAGER,)),
    "eric": ScenePerson("Eric Sanders", "oost", (Role.EXTERNAL_AUDITOR,)),
}
"""Who can sign in."""
COLLEAGUES = {
    "fatima": ScenePerson("Fatima Benali", "oost", (Role.POLICE_LIAISON,)),
    "ton": ScenePerson("Ton Vermaat", "oost", (Role.POLICE_LIAISON, Role.TRIAGE_DECIDER)),
    "jansma": ScenePerson("P. Jansma", "oost", (Role.POLICE_LIAISON,)),
    "bas": ScenePerson("Bas Kramer", "oost", (Role.QUALITY_CHECKER,)),
    "sanne": ScenePerson("Sanne Wolters", "vt", (Role.SUPERVISOR,)),
    "ineke": ScenePerson("Ineke Prins", "vt", (Role.CASEWORKER, Role.QUALITY_CHECKER)),
    "rik": ScenePerson("Rik Koster", "jeugd", (Role.TRIAGE_DECIDER, Role.SUPERVISOR)),
    "lotte": ScenePerson("Lotte Maas", "wijkteam", (Role.QUALITY_CHECKER, Role.SUPERVISOR)),
}
"""Who works beside them, and has no password."""
