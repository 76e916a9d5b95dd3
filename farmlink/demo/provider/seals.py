"""Keys and signatures of both sides; the merchant's accounts file holds what the merchant needs of them."""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

MERCHANT, APP, SERIAL, PLATFORM = "1900000001", "wx-farmlink", "4A6B", "PUB_KEY_ID_STAND_IN"
ALIPAY_APP = "2021000000000001"


@dataclass(frozen=True)
class Seals:
    """The stand-in's own private key, the merchant's, and the shared secrets."""

    ours: rsa.RSAPrivateKey
    merchant: rsa.RSAPrivateKey
    stripe_key: str
    stripe_webhook_secret: str
    api_v3_key: str

    @classmethod
    def made(cls) -> Seals:
        """Make new keys."""
        return cls(
            rsa.generate_private_key(public_exponent=65_537, key_size=2048),
            rsa.generate_private_key(public_exponent=65_537, key_size=2048),
            f"sk_test_{secrets.token_hex(12)}",
            f"whsec_{secrets.token_hex(12)}",
            secrets.token_hex(16),
        )

    def sign(self, text: str) -> str:
        """Sign as the provider does."""
        return b64encode(self.ours.sign(text.encode(), padding.PKCS1v15(), SHA256())).decode()

    def verified(self, text: str, signature: str) -> bool:
        """Tell whether the merchant signed this."""
        try:
            self.merchant.public_key().verify(b64decode(signature), text.encode(), padding.PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def write_accounts(self, path: Path, address: str, patience_s: float, hold_days: int) -> None:
        """Write the merchant's accounts file, for `FARMLINK_PAYMENTS`; only its owner reads it."""
        accounts: dict[str, dict[str, str | int]] = {
            "stripe": {
                "secret_key": self.stripe_key,
                "webhook_secret": self.stripe_webhook_secret,
                "address": address,
                "hold_days": hold_days,
            },
            "wechat": {
                "app_id": APP,
                "merchant_id": MERCHANT,
                "serial": SERIAL,
                "private_key": private_text(self.merchant),
                "api_v3_key": self.api_v3_key,
                "public_key": public_text(self.ours),
                "public_key_id": PLATFORM,
                "address": address,
            },
            "alipay": {
                "app_id": ALIPAY_APP,
                "private_key": private_text(self.merchant),
                "public_key": public_text(self.ours),
                "address": f"{address}/gateway.do",
            },
        }
        lines = []
        for name, facts in accounts.items():
            lines.append(f"[{name}]")
            lines += [f"{key} = {json.dumps(fact)}" for key, fact in facts.items()]
            lines.append(f"patience_s = {patience_s}")
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        part.replace(path)


def private_text(key: rsa.RSAPrivateKey) -> str:
    """A private key as PEM text."""
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def public_text(key: rsa.RSAPrivateKey) -> str:
    """The public half of a key as PEM text."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, kind).decode()
