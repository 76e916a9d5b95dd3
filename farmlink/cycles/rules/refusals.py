"""Why something is not done with a cycle, each with its facts."""

from farmlink.kernel.errors import InvalidError, RefusedError


class CycleStageError(RefusedError):
    """The cycle has not come as far as this step needs, or is beyond it."""

    code = "cycle-stage"
    message = "A cycle that is {stage} cannot become {wanted}."


class OutsideCalendarError(InvalidError):
    """A slip of the pen in the year; no lot could be collected then."""

    code = "outside-calendar"
    message = "{field}: a cycle opens, closes, collects and hands out between {since} and {until}."


class CycleNotPausableError(RefusedError):
    """There is nothing to stop before ordering began, and nothing when it is over."""

    code = "cycle-not-pausable"
    message = "Ordering is paused, and goes on, only in a cycle that is open. This one is {stage}."


class OpenToAllError(RefusedError):
    """Nobody needs an invitation to it."""

    code = "open-to-all"
    message = "Everybody may order in this cycle, so nobody has to be invited."


class NotInvitedError(RefusedError):
    """A private cycle takes orders for its guests alone, whoever places them."""

    code = "not-invited"
    message = "This cycle is private and this person is not invited to it. Invite them first, then order for them."


class CycleClosedError(RefusedError):
    """Ordering stopped at the cut-off."""

    code = "cycle-closed"
    message = "Ordering for this cycle stopped at the cut-off."


class CycleNotOpenError(RefusedError):
    """Ordering has not begun."""

    code = "cycle-not-open"
    message = "Ordering for this cycle has not opened yet. It is to open at {opens_at} ({zone})."


class CyclePausedError(RefusedError):
    """The planner stopped ordering for a while."""

    code = "cycle-paused"
    message = "Ordering for this cycle is paused. Try again later; the cut-off stays at {closes_at} ({zone})."


class CycleEmptyError(RefusedError):
    """A cycle without anything to sell helps nobody."""

    code = "cycle-empty"
    message = "This cycle sells nothing yet. Add listings before it opens."


class CyclePlacelessError(RefusedError):
    """Goods must be handed out somewhere."""

    code = "cycle-placeless"
    message = "This cycle hands out nowhere yet. Name an approved pick-up point of its region, or let it serve homes."


class CycleOpenedError(RefusedError):
    """What was promised at opening stays; only the cut-off may move to later."""

    code = "cycle-opened"
    message = "This cycle has opened: its terms stay as they were promised. Only its cut-off can be extended."


class NotLaterError(RefusedError):
    """An extension that takes time away from those who still want to order."""

    code = "cut-off-not-later"
    message = "The cut-off can only move to later than {closes_at} ({zone})."


class ExtendedAlreadyError(RefusedError):
    """What was declared for too few happens once; then everybody can rely on the day."""

    code = "extended-already"
    message = "Too few had joined, so the cut-off was put off once, as declared. It stays at {closes_at} ({zone})."


class CutOffPassedError(RefusedError):
    """A cycle that opens when its cut-off has passed would be let go within a moment."""

    code = "cut-off-passed"
    message = "The cut-off of this draft was {closes_at} ({zone}). Give it a later one before it opens."


class PriceRisesError(RefusedError):
    """The price is posted at opening and only falls."""

    code = "price-rises"
    message = "The price is posted at {price_minor_per_1000} for 1000 base units and can only fall."


class ListingOrderedError(RefusedError):
    """Somebody relies on what the shop said when they ordered."""

    code = "listing-ordered"
    message = "{field}: this listing is ordered already and stays as it was. Lower its price, or list another pack."


class OtherGoodsError(InvalidError):
    """Another product or grade is another listing, with lots of its own behind it."""

    code = "other-goods"
    message = "{field}: a listing keeps its product and grade. List the other goods beside it."


class PriceMissingError(RefusedError):
    """Without a price and without a lot behind it, nobody can say what a pack costs."""

    code = "price-missing"
    message = "Name a price: no lot of this product and grade stands behind the listing yet."


class SoldOutError(RefusedError):
    """Less is left than was asked for."""

    code = "sold-out"
    message = "Only {packs_left} packs of this are left."


class PointClosedError(RefusedError):
    """Its leader is not there on the day, or the point was suspended."""

    code = "point-closed"
    message = "This pick-up point hands nothing out on {day}. Choose another one."


class PointFullError(RefusedError):
    """One hand-out has only so many hands."""

    code = "point-full"
    message = "This pick-up point has as many orders as it can hand out. Choose another one."


class SellingOverError(RefusedError):
    """What a cycle sells was settled when it closed."""

    code = "selling-over"
    message = "A cycle that is {stage} takes no more listings. Name one that is a draft or open."


class PointLadenError(RefusedError):
    """One hand-out has only so much room."""

    code = "point-laden"
    message = "This pick-up point has space for {left_g} g, and {weight_g} g would be added. Order less, or elsewhere."


class HomesNotServedError(RefusedError):
    """Some cycles end at their points."""

    code = "homes-not-served"
    message = "This cycle brings nothing home. Choose one of its pick-up points."


class HomeTooFarError(RefusedError):
    """A van goes only so far for one door."""

    code = "home-too-far"
    message = "This home lies outside the {range_m} m round a hub to which the cycle delivers. Choose a pick-up point."
