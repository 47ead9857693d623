"""Some of the planted faults, chosen by their names: `make sabotage` plays them all, with a control run of each file."""

import os

import pytest

from tests.sabotage.__main__ import DRAWN, FAILED, place, planted
from tests.sabotage.faults import Fault
from tests.sabotage.trail_faults import FAULTS

PLAYED = int(os.environ.get("SABOTAGED", str(DRAWN)))
"""How many of each hundred: what they should fail is run without them by this very suite, which is their control."""


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if place(fault) < PLAYED], ids=lambda fault: fault.name.replace(" ", "-")
)
def test_a_planted_fault_is_noticed(fault: Fault) -> None:
    ended = planted(fault)
    assert ended.code == FAILED, "its tests ran, and some of them failed"
    assert ended.failed
