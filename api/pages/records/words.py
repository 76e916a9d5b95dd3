"""Words for what records choose from, with tone and icon where it is a state."""

from typing import Final

from farmlink.catalogue.values import Allergen, BaseUnit, ColdClass
from farmlink.cycles.values import Silence, Unmet
from farmlink.kernel.locale import marked
from farmlink.network.values import Approval, HubState
from farmlink.people.values import OrganisationKind

UNITS: Final = {BaseUnit.GRAM: marked("by weight"), BaseUnit.PIECE: marked("by the piece")}
COLD: Final = {
    ColdClass.AMBIENT: marked("not cooled"),
    ColdClass.CHILLED: marked("chilled"),
    ColdClass.FROZEN: marked("frozen"),
}
ALLERGENS: Final = {
    Allergen.CELERY: marked("celery"),
    Allergen.CRUSTACEANS: marked("crustaceans"),
    Allergen.EGGS: marked("eggs"),
    Allergen.FISH: marked("fish"),
    Allergen.GLUTEN: marked("gluten"),
    Allergen.LUPIN: marked("lupin"),
    Allergen.MILK: marked("milk"),
    Allergen.MOLLUSCS: marked("molluscs"),
    Allergen.MUSTARD: marked("mustard"),
    Allergen.NUTS: marked("nuts"),
    Allergen.PEANUTS: marked("peanuts"),
    Allergen.SESAME: marked("sesame"),
    Allergen.SOYA: marked("soya"),
    Allergen.SULPHITES: marked("sulphites"),
}
APPROVALS: Final = {
    Approval.PENDING: (marked("waits for approval"), "wait", "clock"),
    Approval.APPROVED: (marked("approved"), "go", "check"),
    Approval.SUSPENDED: (marked("suspended"), "stop", "pause"),
}
HUB_STATES: Final = {
    HubState.CANDIDATE: (marked("a candidate"), "wait", "note"),
    HubState.OPEN: (marked("works"), "go", "check"),
    HubState.CLOSED: (marked("closed"), "stop", "cross"),
}
HOUSES: Final = {
    OrganisationKind.PLATFORM: marked("the platform"),
    OrganisationKind.FARM: marked("a farm"),
    OrganisationKind.POINT: marked("keeps pick-up points"),
    OrganisationKind.HUB: marked("keeps a hub"),
}
SILENCES: Final = {
    Silence.FARM_CHOICE: marked("what each farm chose"),
    Silence.NO: marked("a no"),
}
UNMETS: Final = {
    Unmet.ZERO: marked("nothing comes, nobody pays"),
    Unmet.PARTIAL: marked("what is there is shared by the policy"),
}
