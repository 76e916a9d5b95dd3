"""Shapes that several rooms' bodies share."""

from typing import Annotated

import msgspec

from farmlink.kernel.bounds import MOST, MOST_MINOR, MOST_PRICE_MINOR

Whole = Annotated[int, msgspec.Meta(ge=0, le=MOST, examples=[2300])]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MOST, examples=[2300])]
Minor = Annotated[int, msgspec.Meta(ge=0, le=MOST_MINOR, examples=[16_500])]
UnitPrice = Annotated[int, msgspec.Meta(ge=0, le=MOST_PRICE_MINOR, examples=[250])]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Note = Annotated[str, msgspec.Meta(max_length=200)]


class Names(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"zh_cn": "zh-CN"}):
    """A name in both languages."""

    en: Annotated[str, msgspec.Meta(min_length=1, max_length=120, examples=["Apples"])]
    zh_cn: Annotated[str, msgspec.Meta(min_length=1, max_length=120, examples=["苹果"])]

    def both(self) -> dict[str, str]:
        """The name as rooms keep it."""
        return {"en": self.en, "zh-CN": self.zh_cn}
