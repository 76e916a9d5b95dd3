"""Names."""

from farmlink.network.rules.refusals import TextMissingError

TEXT_LENGTH = 200


def check_text(field: str, text: str) -> None:
    """A name says something and fits on a label."""
    if not 0 < len(text.strip()) <= len(text) <= TEXT_LENGTH:
        raise TextMissingError(field=field, longest=TEXT_LENGTH)
