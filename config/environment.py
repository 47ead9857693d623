"""The environment as one typed object; an unsafe or missing value refuses to start."""

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demo", "desk", "production")
OTHERS_CAN_ENTER = 0o001
OPEN_FOLDERS = (Path("/var/lib"), Path("/srv"), Path("/opt"))
"""Where root keeps the data of an installation whose own folder stands in a home that no other account may enter."""


class Unsafe(Exception):  # noqa: N818 - read aloud as the sentence that it prints
    """The environment cannot be used; the text is one clear sentence for the person who starts it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that is configured from outside."""

    mode: str
    database_url: str
    database_owner_url: str
    broker_url: str
    secret_key: str
    acting_key: bytes
    allowed_hosts: tuple[str, ...]
    port: int
    data: Path
    ask_server_for_pid: bool
    has_owner_url: bool
    trail_origin: str
    """The name of this installation's log, as its checkpoints carry it."""
    witnesses: tuple[str, ...]
    """Where checkpoints go: https://..., file:PATH or mailto:ADDRESS."""

    @property
    def is_embedded(self) -> bool:
        """Whether our own PostgreSQL serves this installation."""
        return not os.environ.get("DATABASE_URL")


def data_directory() -> Path:
    """Return where an embedded installation keeps its data: where SCHAKEL_DATA says, else beside the source."""
    if said := os.environ.get("SCHAKEL_DATA"):
        return Path(said)
    return reachable(ROOT / ".data", OPEN_FOLDERS if os.geteuid() == 0 else ())


def closed_above(data: Path) -> Path | None:
    """Return the folder above this one that other accounts cannot enter: as root, the server runs as one of them."""
    there = [folder for folder in data.resolve().parents if folder.exists()]
    return next((folder for folder in there if not folder.stat().st_mode & OTHERS_CAN_ENTER), None)


def reachable(data: Path, others: Sequence[Path]) -> Path:
    """Return this folder, or one of its own in the first of the others where the server's account can follow root."""
    if not others or closed_above(data) is None:
        return data
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:8]
    found = [folder / f"schakel-{mark}" for folder in others if folder.is_dir()]
    usable = [one for one in found if os.access(one.parent, os.W_OK) and closed_above(one) is None]
    return next((one for one in usable if one.exists()), next(iter(usable), data))


def stored_secret(name: str, data: Path) -> str:
    """Return a secret of an embedded installation, made at its first start and stored beside its data."""
    path = data / f"{name}.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _value(name: str) -> str:
    """Return a variable, or what stands in the file that NAME_FILE points to."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise Unsafe(f"{name}_FILE cannot be read: {error.strerror}.") from error
    return os.environ.get(name, "")


def read_environment() -> Environment:
    """Read the environment; raises Unsafe with one sentence."""
    mode = os.environ.get("SCHAKEL_MODE", "demo")
    if mode not in MODES:
        raise Unsafe(f"SCHAKEL_MODE must be demo, desk or production, not {mode!r}.")
    data = data_directory()
    secret, acting = _value("SECRET_KEY"), _value("ACTING_KEY")
    if mode == "production":
        for name, value in (("SECRET_KEY", secret), ("ACTING_KEY", acting)):
            if len(value) < 64:  # noqa: PLR2004 - 32 bytes in hexadecimal
                raise Unsafe(f"{name} is missing or shorter than 64 characters; production mode does not start without it.")
        for name in ("DATABASE_URL", "BROKER_URL", "ALLOWED_HOSTS"):
            if not _value(name):
                raise Unsafe(f"{name} is missing; production mode does not start without it.")
    secret = secret or stored_secret("secret", data)
    acting = acting or stored_secret("acting", data)
    try:
        key = bytes.fromhex(acting)
    except ValueError:
        raise Unsafe("ACTING_KEY must be hexadecimal.") from None
    database = _value("DATABASE_URL") or socket_url("schakel_app", data)
    hosts = tuple(host for host in _value("ALLOWED_HOSTS").split(",") if host) or ("127.0.0.1", "localhost")
    return Environment(
        mode=mode,
        database_url=database,
        database_owner_url=_value("DATABASE_OWNER_URL") or socket_url("schakel_owner", data),
        broker_url=_value("BROKER_URL") or broker_url(data),
        secret_key=secret,
        acting_key=key,
        allowed_hosts=hosts,
        port=_port(os.environ.get("PORT", "8000")),
        data=data,
        has_owner_url=bool(_value("DATABASE_OWNER_URL")),
        trail_origin=_value("TRAIL_ORIGIN") or "schakel.local/trail",
        witnesses=tuple(_value("WITNESSES").split()),
        ask_server_for_pid=os.environ.get("ASK_SERVER_FOR_PID", "") == "1",
    )


def trail_key(environment: Environment) -> str:
    """Return the seed of the key that signs checkpoints, in hexadecimal; only the sealer and its export read it."""
    seed = _value("TRAIL_KEY")
    if not seed and environment.mode == "production":
        raise Unsafe("TRAIL_KEY is missing; the sealer does not start without it.")
    seed = seed or stored_secret("trail", environment.data)
    if len(seed) != 64 or not set(seed) <= set("0123456789abcdef"):  # noqa: PLR2004 - 32 bytes in hexadecimal
        raise Unsafe("TRAIL_KEY must be 64 hexadecimal characters.")
    return seed


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the range of ports
        raise Unsafe(f"PORT must be a number between 1 and 65535, not {text!r}.")
    return int(text)


def socket_directory(data: Path) -> Path:
    """Return where the embedded server listens; a socket path is at most 107 bytes."""
    directory = data / "socket"
    if len(str(directory)) <= 80:  # noqa: PLR2004 - leaves room for /.s.PGSQL.5432
        return directory
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    return Path("/tmp") / f"schakel-{mark}"  # noqa: S108 - made 0700 by the launcher


def socket_url(user: str, data: Path, name: str = "schakel") -> str:
    """Return the address of a database of the embedded server."""
    return f"postgresql://{user}@/{name}?host={socket_directory(data)}"


def broker_url(data: Path) -> str:
    """Return the address of the broker that the embedded server carries."""
    return f"sqlalchemy+postgresql+psycopg://schakel_broker@/schakel_broker?host={socket_directory(data)}"


def database_settings(url: str, *, pooled: bool = False) -> dict[str, object]:
    """Turn a postgresql:// address into Django's settings; `pooled` says that transactions share connections of a pooler.

    Nothing may then outlive a transaction on the server's side: no prepared statement and no cursor.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise Unsafe("DATABASE_URL must start with postgresql://.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = query.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": None if pooled else 3, **query},
    }
