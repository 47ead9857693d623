"""Every row of docs/law.md, by name: who walks it here, and by which cell of the matrix they may."""

from tests.oracle.law import CELLS
from tests.workflows.test_law import law_tracks

WALKERS = {
    "warning": ("lies", "dirk"),
    "safety": ("wim", "vera"),
    "help": ("lies", "dirk"),
    "victim": ("lies", "dirk"),
}
"""Who walks the rows of a track: the first of these whom the law lets."""
ROLE_OF = {
    "lies": "police_liaison",
    "dirk": "triage_decider",
    "karin": "quality_checker",
    "wim": "caseworker",
    "vera": "triage_decider",
    "courier": "courier",
    "scheduler": "scheduler",
}

OF_HANDOFFS = """
    track    from              on                    who       may
    handoff  prepared          check_handoff         karin     sender
    handoff  prepared          withdraw_handoff      lies      named
    handoff  checked           rework_handoff        lies      named
    handoff  checked           send_handoff          karin     sender
    handoff  sent              deliver_handoff       courier   system
    handoff  sent              withdraw_handoff      lies      named
    handoff  delivered         acknowledge_handoff   wim       receiver
    handoff  delivered         withdraw_handoff      lies      named
    handoff  delivered         expire_handoff        scheduler system
    handoff  acknowledged      accept_handoff        wim       receiver
    handoff  acknowledged      refuse_handoff        vera      receiver
    handoff  acknowledged      return_handoff        wim       named_end
    handoff  acknowledged      withdraw_handoff      lies      named
    handoff  acknowledged      expire_handoff        scheduler system
    handoff  returned          rework_handoff        lies      named
    handoff  returned          withdraw_handoff      lies      named
    handoff  accepted          start_work            wim       named_end
    handoff  accepted          withdraw_handoff      lies      named
    handoff  accepted          return_handoff        wim       named_end
    handoff  expired           rework_handoff        lies      named
"""
"""The two ends of a handoff, and which person of each walks a row."""


def _walked(track: str, action: str) -> tuple[str, str]:
    may = {who: CELLS.get((action, ROLE_OF[who]), ".") for who in WALKERS[track]}
    return next((who, cell) for who, cell in may.items() if cell != ".")


WALKS = {
    (track, source, action): _walked(track, action)
    for track, (_, _, rows) in law_tracks().items()
    if track in WALKERS
    for source, action, *_ in rows
} | {
    (track, source, action): (who, may)
    for track, source, action, who, may in map(str.split, OF_HANDOFFS.strip().splitlines()[1:])
}
