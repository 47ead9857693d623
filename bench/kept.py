"""Stores what was measured in build/bench.json, each word with its command, day and machine."""

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "bench.json"


def keep(command: str, server: str, figures: dict[str, Any], kept: Path = KEPT) -> None:
    """Store the figures of a command in place of the earlier ones; `server` says which PostgreSQL."""
    word = command.split(maxsplit=1)[0]
    said = {"command": f"python -m bench {command}", "day": time.strftime("%Y-%m-%d"), "machine": machine(server)}
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps({**measured(kept), word: {**said, "figures": figures}}, indent=1) + "\n")


def measured(kept: Path = KEPT) -> dict[str, Any]:
    """Return what was measured so far."""
    return dict(json.loads(kept.read_text())) if kept.exists() else {}


def machine(server: str) -> str:
    """Say in one line what it was measured on, and how busy that was."""
    cpu = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    load = os.getloadavg()[0]
    python = platform.python_version()
    return f"{len(cpu)} cores ({cpu[0] if cpu else 'unknown'}), Python {python}, PostgreSQL {server}, load {load:.1f}"


def version(admin: psycopg.Connection) -> str:
    """Return which PostgreSQL this is."""
    number = admin.info.server_version
    return f"{number // 10000}.{number % 10000}"
