"""How far somebody's word goes among farms and pick-up points."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from farmlink.network.values.ids import RegionId
from farmlink.people.values import OrganisationId


class Settled(Protocol):
    """What belongs to an organisation and stands in a region."""

    @property
    def organisation_id(self) -> UUID:
        """To whom it belongs."""
        ...

    @property
    def region_id(self) -> UUID:
        """Where it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """For whom somebody acts: for their own organisations anywhere, and as a planner for what stands in some regions.

    An organisation may have farms in several regions; whoever plans one of them has no say in the others.
    """

    own: frozenset[OrganisationId]
    regions: frozenset[RegionId] = frozenset()
    settled: frozenset[OrganisationId] = frozenset()
    """Organisations with a farm or a pick-up point in these regions."""

    def covers(self, place: Settled) -> bool:
        """Tell whether somebody acts for whoever keeps this place."""
        return place.organisation_id in self.own or place.region_id in self.regions

    def may_settle(self, draft: Settled) -> bool:
        """Tell whether somebody may add this place: for their own, or where they plan for who is there already."""
        return draft.organisation_id in self.own or (
            draft.region_id in self.regions and draft.organisation_id in self.settled
        )
