"""An order cycle as an order meets it at some moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from farmlink.cycles.values import CycleId, OpenCycle, Stage
from farmlink.kernel.ids import uuid7
from farmlink.network.values import RegionId

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DETROIT = "America/Detroit"


def judged(at: datetime, stage: Stage = Stage.OPEN, *, paused: bool = False) -> OpenCycle:
    return OpenCycle(
        id=CycleId(uuid7()),
        stage=stage,
        paused=paused,
        opens_at=NOON - timedelta(days=1),
        closes_at=NOON,
        judged_at=at,
        collect_on=date(2026, 5, 5),
        hand_out_on=date(2026, 5, 6),
        currency="USD",
        time_zone=DETROIT,
        delivery_fee_minor=0,
        minimum_order_minor=0,
        private=False,
        region_id=RegionId(uuid7()),
        homes=None,
    )
