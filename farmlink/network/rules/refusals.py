"""What the network says no to."""

from farmlink.kernel.errors import InvalidError, MissingError, RefusedError


class TextMissingError(InvalidError):
    """Nobody could tell it from others."""

    code = "text-missing"
    message = "{field}: write from 1 to {longest} characters."


class TextTooLongError(InvalidError):
    """It would not fit on a label."""

    code = "text-too-long"
    message = "{field}: write at most {longest} characters."


class PlaceCodeError(InvalidError):
    """The code of a place in files."""

    code = "place-code"
    message = "{field}: use 1 to 64 letters, digits, dots, hyphens and underscores."


class CurrencyUnknownError(InvalidError):
    """Nobody could pay in it."""

    code = "currency-unknown"
    message = "{field}: there is no currency {currency}. Use an ISO 4217 code such as USD or CNY."


class HoursError(InvalidError):
    """Opening hours that no clock shows."""

    code = "hours"
    message = (
        "{field}: each opening needs a weekday from 0 (Monday) to 6 and must close after it opens, without overlap."
    )


class ClosedDayError(InvalidError):
    """A closed day that no calendar shows."""

    code = "closed-day"
    message = "{field}: {day} is not a date such as 2026-12-24."


class RoadsError(InvalidError):
    """Speeds and their bands do not fit together."""

    code = "roads"
    message = "{field}: give rising band limits and one speed more than limits."


class RhythmError(InvalidError):
    """A window that closes before it opens, or a delivery before the collection."""

    code = "rhythm"
    message = "{field}: each window must close after it opens, and delivery must begin after collection."


class ParcelTariffError(InvalidError):
    """A tariff with a hole in it."""

    code = "parcel-tariff"
    message = "{field}: give rising zone and weight limits, and one price for each zone and weight."


class UnreachedPointError(InvalidError):
    """Nothing could ever arrive there."""

    code = "point-unreached"
    message = "{field}: a point is reached by truck, by parcel or by both."


class ColdClassNoneError(InvalidError):
    """A vehicle that carries nothing."""

    code = "vehicle-cold-class"
    message = "{field}: name at least one cold class that the vehicle carries."


class PlaceNameTakenError(RefusedError):
    """Two of a kind with one name could not be told apart."""

    code = "place-name-taken"
    message = "{name} is taken. Choose another name or code."


class CurrencyFixedError(RefusedError):
    """Prices stand in it."""

    code = "currency-fixed"
    message = "Hubs already count in {currency}. The currency of a region with hubs never changes."


class HubMoveError(RefusedError):
    """A hub that works does not go back to being a candidate."""

    code = "hub-move"
    message = "A hub that is open can be closed, but not become a candidate again."


class NoHomeError(MissingError):
    """Whoever has no home here is told so; no id of theirs is a home's."""

    message = "You have not said yet where you live."


class HomeTheirOwnError(RefusedError):
    """Where somebody lives is theirs to say, if they can."""

    code = "home-their-own"
    message = "This person signs in and says for themselves where they live."


class NotYoursError(RefusedError):
    """A person adds places for the organisations they work for."""

    code = "not-your-organisation"
    message = "You can add this only for an organisation that you work for."
