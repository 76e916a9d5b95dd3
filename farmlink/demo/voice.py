"""What the demo says, in the language of whoever sits at the machine."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console

from farmlink.kernel.locale import render


@dataclass(frozen=True, slots=True)
class Voice:
    """A screen and the language that is spoken on it."""

    console: Console
    language: str

    def text(self, text: str, **facts: object) -> str:
        """A catalogue entry in that language."""
        return render(text, self.language, facts)

    def say(self, text: str, **facts: object) -> None:
        """Print one; what names hold is no markup."""
        self.console.print(self.text(text, **facts), soft_wrap=True, markup=False)
