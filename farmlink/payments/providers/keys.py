"""The file of accounts at providers: which there are, where they are reached, and our keys there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import msgspec

from farmlink.kernel.locale import marked
from farmlink.payments.providers.accounts import Accounts, AlipayKeys, StripeKeys, WechatKeys
from farmlink.payments.providers.protocol import Provider
from farmlink.payments.values import Method
from farmlink.settings import SettingWrongError

KINDS = {"stripe": StripeKeys, "wechat": WechatKeys, "alipay": AlipayKeys}
VARIABLE = "FARMLINK_PAYMENTS"
UNREADABLE = marked("name a file that this user can read")
NOT_TOML = marked("write the accounts as TOML, with the tables stripe, wechat and alipay and the keys of each")
KEYS_WRONG = marked("one of the keys in it cannot be read; write each as PEM text")


def read_providers(path: Path | None, public_url: str) -> Mapping[Method, Provider]:
    """The providers that the settings name; none without a file."""
    return {} if path is None else _read(path, public_url)


@cache
def _read(path: Path, public_url: str) -> Mapping[Method, Provider]:
    try:
        written = path.read_bytes()
    except OSError as error:
        raise SettingWrongError(variable=VARIABLE, reason=UNREADABLE) from error
    try:
        found = msgspec.toml.decode(written)
        accounts = msgspec.convert(found, Accounts)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError) as error:
        raise SettingWrongError(variable=VARIABLE, reason=NOT_TOML) from error
    if _misspelt(found):
        raise SettingWrongError(variable=VARIABLE, reason=NOT_TOML)
    try:
        return {provider.method: provider for provider in _opened(accounts, public_url)}
    except Exception as error:  # the libraries raise bare ones for keys that they cannot read
        raise SettingWrongError(variable=VARIABLE, reason=KEYS_WRONG) from error


def _opened(accounts: Accounts, public_url: str) -> Iterator[Provider]:
    """Open the accounts that there are; each library takes a while to read, which nobody else waits for."""
    if accounts.stripe:
        from farmlink.payments.providers.stripe import Stripe  # noqa: PLC0415  # see above

        yield Stripe(accounts.stripe)
    if accounts.wechat:
        from farmlink.payments.providers.wechat import Wechat  # noqa: PLC0415  # see above

        yield Wechat(accounts.wechat, webhook(public_url, Method.WECHAT))
    if accounts.alipay:
        from farmlink.payments.providers.alipay import Alipay  # noqa: PLC0415  # see above

        yield Alipay(accounts.alipay, webhook(public_url, Method.ALIPAY))


def _misspelt(found: Mapping[str, Mapping[str, object]]) -> bool:
    """Tell whether anything in the file would be passed over."""
    known = {name: {field.name for field in fields(kind)} for name, kind in KINDS.items()}
    return any(name not in known or table.keys() - known[name] for name, table in found.items())


def webhook(public_url: str, method: Method) -> str:
    """Where a provider calls when something happened."""
    return f"{public_url}/api/v1/webhooks/{method.value}"
