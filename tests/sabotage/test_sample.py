"""A tenth of the planted faults, chosen by a seed: `make sabotage` plays them all, with a control run of each file."""

import os
import random

import pytest

from tests.sabotage.__main__ import FAILED, planted
from tests.sabotage.faults import Fault
from tests.sabotage.trail_faults import FAULTS

SEED = int(os.environ.get("SABOTAGE_SEED", "20261126"))
PLAYED = int(os.environ.get("SABOTAGED", len(FAULTS) // 10))
"""How many: what they should fail is run without them by this very suite, which is their control."""


@pytest.mark.parametrize("fault", random.Random(SEED).sample(FAULTS, PLAYED), ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_planted_fault_is_noticed(fault: Fault) -> None:
    ended = planted(fault)
    assert ended.code == FAILED, "its tests ran, and some of them failed"
    assert ended.failed
