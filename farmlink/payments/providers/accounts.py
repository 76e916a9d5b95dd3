"""Our accounts at providers, as the settings' file writes them; whatever prints one of these shows no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STRIPE_ADDRESS: Final = "https://api.stripe.com"
WECHAT_ADDRESS: Final = "https://api.mch.weixin.qq.com"
ALIPAY_ADDRESS: Final = "https://openapi.alipay.com/gateway.do"


@dataclass(frozen=True, slots=True, repr=False)
class StripeKeys:
    """Our account at Stripe."""

    secret_key: str
    webhook_secret: str
    address: str = STRIPE_ADDRESS
    patience_s: float = 20
    hold_days: int = 7
    """How long cards let Stripe hold; some accounts may hold longer, such as thirty days for yen in Japan."""


@dataclass(frozen=True, slots=True, repr=False)
class WechatKeys:
    """Our account at WeChat Pay; keys as PEM text, the public key is the platform's."""

    app_id: str
    merchant_id: str
    serial: str
    private_key: str
    api_v3_key: str
    public_key: str
    public_key_id: str
    address: str = WECHAT_ADDRESS
    patience_s: float = 20


@dataclass(frozen=True, slots=True, repr=False)
class AlipayKeys:
    """Our account at Alipay; keys as PEM text, the public key is theirs."""

    app_id: str
    private_key: str
    public_key: str
    address: str = ALIPAY_ADDRESS
    patience_s: float = 20


@dataclass(frozen=True, slots=True, repr=False)
class Accounts:
    """Our accounts; without one, its method is not offered."""

    stripe: StripeKeys | None = None
    wechat: WechatKeys | None = None
    alipay: AlipayKeys | None = None
