"""Names of what stands in the network."""

from typing import NewType
from uuid import UUID

RegionId = NewType("RegionId", UUID)
HubId = NewType("HubId", UUID)
FarmId = NewType("FarmId", UUID)
PointId = NewType("PointId", UUID)
PlaceId = NewType("PlaceId", UUID)
"""Where an order is handed out: the id of a pick-up point or of a home."""
VehicleId = NewType("VehicleId", UUID)
