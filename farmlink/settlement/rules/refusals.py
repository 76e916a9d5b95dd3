"""What settlement says no to."""

from farmlink.kernel.errors import InvalidError, MissingError, RefusedError


class CycleNotDoneError(RefusedError):
    """Nobody is charged before every line has ended."""

    code = "cycle-not-done"
    message = "This cycle is {stage}. End its hand-out first; it is settled when it is done."


class CycleSettledError(RefusedError):
    """What was charged stays charged; a mistake is mended by a credit note."""

    code = "cycle-settled"
    message = "This cycle is settled and is never opened again. Write a credit note for what was charged too much."


class NotSettledError(RefusedError):
    """Only what was charged is taken back."""

    code = "not-charged"
    message = "This order has not been charged. There is nothing to take back before its cycle is settled."


class CreditAboveChargeError(RefusedError):
    """Nobody gets back more than they were charged."""

    code = "credit-above-charge"
    message = "Of this line {left_minor} can still be taken back, and {amount_minor} are asked for. Ask for less."


class NoteDiffersError(RefusedError):
    """One key has one effect."""

    code = "credit-note-differs"
    message = "Under this key {credited_minor} were taken back already. Use a new key for another credit note."


class MoreCratesError(RefusedError):
    """No more crates come back than went out."""

    code = "more-crates-than-given"
    message = "Crates of this order that are still out: {out}. Said to be back: {crates}. Count again."


class NotByWeightError(RefusedError):
    """Only what is priced by weight is weighed."""

    code = "not-by-weight"
    message = "Line {line_id} is not sold by weight. Weigh only lines of this cycle whose product has a catch weight."


class NothingToWeighError(RefusedError):
    """What nobody gets has no weight."""

    code = "nothing-to-weigh"
    message = "Nothing of line {line_id} is there to be weighed. Leave it out."


class ImplausibleWeightError(InvalidError):
    """A weight so far from the nominal one is a slip of the unit or of the line."""

    code = "implausible-weight"
    message = "{field}: {weight_g} g for what should weigh about {nominal_g} g. Give grams; look at the line again."


class WeighedTwiceError(InvalidError):
    """Nobody knows which of two weights is right."""

    code = "weighed-twice"
    message = "{field}: line {line_id} stands there twice. Give one weight for each line."


class BankDetailsWrongError(InvalidError):
    """Money would go to nobody, or to somebody else."""

    code = "bank-details-wrong"
    message = "{field}: {reason}"


class OwnBankMissingError(RefusedError):
    """Money is sent from somewhere."""

    code = "own-bank-missing"
    message = "The hub itself has no bank details with an IBAN. Enter them before a SEPA file is made."


class NothingToPayError(RefusedError):
    """A pay-out pays somebody."""

    code = "nothing-to-pay"
    message = (
        "Nothing is owed that could be paid out. Payees who wait for bank details: {waiting};"
        " the others have their due."
    )


class MoreThanCollectedError(RefusedError):
    """Nobody hands over coins that they do not have."""

    code = "more-than-collected"
    message = (
        "{held_minor} of what was collected are still there, and {amount_minor} are to be handed over. Count again."
    )


class NotSepaError(RefusedError):
    """A SEPA file holds euros to IBANs."""

    code = "not-sepa"
    message = "SEPA pays euros to IBANs; this pay-out is in {in_currency} or has other accounts. Use the CSV file."


class NoSuchPayOutError(MissingError):
    """Nobody paid out under this id."""

    code = "no-such-pay-out"
    message = "There is no pay-out with this id."
