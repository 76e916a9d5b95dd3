"""Names of what stands in a cycle."""

from typing import NewType
from uuid import UUID

from farmlink.network.values import PlaceId

CycleId = NewType("CycleId", UUID)
StockId = NewType("StockId", UUID)
ListingId = NewType("ListingId", UUID)
Place = tuple[CycleId, PlaceId]
"""A point or a home as a cycle's destination."""
