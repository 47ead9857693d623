"""Signs checkpoints as C2SP signed notes; a private key comes from a file or the environment, never from the database."""

import base64
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.verify import LOG, key_id

DASH = "\u2014"


@dataclass(frozen=True)
class Signer:
    """A named key, of a log or of a witness."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @classmethod
    def of_seed(cls, name: str, seed: str, kind: int = LOG) -> "Signer":
        """Return the signer of 32 bytes in hexadecimal; raises ValueError."""
        return cls(name, kind, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))

    @property
    def public(self) -> bytes:
        """Return the public key."""
        return self.private.public_key().public_bytes_raw()

    @property
    def line(self) -> str:
        """Return the public key as others write it down: name+id+base64."""
        mark = key_id(self.name, self.kind, self.public).hex()
        return f"{self.name}+{mark}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def _signature(self, data: bytes) -> str:
        mark = key_id(self.name, self.kind, self.public)
        return f"{DASH} {self.name} {base64.b64encode(mark + data).decode()}"

    def note(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a tree (C2SP tlog-checkpoint)."""
        body = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{body}\n{self._signature(self.private.sign(body.encode()))}\n"

    def cosignature(self, body: str, at: int) -> str:
        """Return a witness's line under a checkpoint that it saw at this second (C2SP tlog-cosignature)."""
        signed = self.private.sign(f"cosignature/v1\ntime {at}\n{body}".encode())
        return self._signature(struct.pack(">Q", at) + signed)
