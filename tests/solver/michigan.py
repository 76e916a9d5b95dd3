"""Places of Michigan, the bridge over its straits and the way around its bay."""

from solver.problem import Box, Passage, Roads, Side, ints
from solver.roads import RoadMap
from tests.solver.builder import places

MICHIGAN = {
    "Traverse City": (44.74, -85.58),
    "Marquette": (46.54, -87.40),
    "Grand Rapids": (42.93, -85.66),
    "Bad Axe": (43.80, -83.00),
    "Oscoda": (44.42, -83.33),
    "Mackinaw City": (45.80, -84.73),
}
TC, MARQUETTE, GRAND_RAPIDS, BAD_AXE, OSCODA, MACKINAW = range(6)
UPPER = Side(
    boxes=(Box(45_800_001, -91_000_000, 48_000_000, -83_000_000),),
    without=(Box(45_800_000, -84_900_000, 45_800_000, -84_000_000),),
)
MACKINAC = Passage("Mackinac Bridge", 45_817_000, -84_728_000, 1000, UPPER)
THUMB = Side((Box(43_620_000, -83_450_000, 44_100_000, -82_000_000),))
SHORE = Side(
    (Box(43_850_000, -84_600_000, 45_800_000, -83_000_000),), (Box(43_850_000, -83_450_000, 44_100_000, -82_000_000),)
)
BAY = Passage("Bay City", 43_600_000, -83_870_000, 0, THUMB, SHORE)
ROADS = Roads(passages=(MACKINAC, BAY))


def michigan(roads: Roads = ROADS) -> RoadMap:
    return RoadMap(places(MICHIGAN), roads)


def metres(roads: RoadMap, origin: int, destination: int) -> int:
    return int(roads.legs(ints(origin), ints(destination)).distance_m[0])
