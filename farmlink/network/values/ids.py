"""Names of what stands in the network."""

from typing import NewType
from uuid import UUID

RegionId = NewType("RegionId", UUID)
HubId = NewType("HubId", UUID)
FarmId = NewType("FarmId", UUID)
PointId = NewType("PointId", UUID)
VehicleId = NewType("VehicleId", UUID)
