"""The attacks: marked, and on this machine alone."""

import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, so that `pytest -m attack` runs it alone."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.attack)


@pytest.fixture(autouse=True)
def on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attack that would reach another machine fails before it does."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            assert ipaddress.ip_address(address[0].replace("localhost", "127.0.0.1")).is_loopback, address
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)
