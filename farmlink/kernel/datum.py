"""Chinese map datums: what their geocoders answer is shifted, and is turned back into WGS-84 here.

GCJ-02 is secret; the formula is the published reverse-engineered one (eviltransform, 2013), good to a metre or two.
"""

from __future__ import annotations

import math

from farmlink.kernel.geo import MICRO, Box, Coordinates

AXIS_M = 6_378_245.0
ECCENTRICITY = 0.00669342162296594323
"""Krasovsky 1940, on which GCJ-02 is computed."""
CHINA = Box(829_300, 72_004_000, 55_827_100, 137_834_700)
"""Outside this box the maps are not shifted."""
BAIDU = math.pi * 3000 / 180


def gcj02_to_wgs84(shifted: Coordinates) -> Coordinates:
    """Turn a point of AMap or Tencent into WGS-84."""
    if not CHINA.contains(shifted.latitude_e6, shifted.longitude_e6):
        return shifted
    latitude, longitude = shifted.latitude_e6 / MICRO, shifted.longitude_e6 / MICRO
    guess = (latitude, longitude)
    for _ in range(5):  # the shift changes so slowly that each round gains three digits
        north, east = shift(*guess)
        guess = (latitude - north, longitude - east)
    return Coordinates(round(guess[0] * MICRO), round(guess[1] * MICRO))


def bd09_to_wgs84(shifted: Coordinates) -> Coordinates:
    """Turn a point of Baidu into WGS-84."""
    return gcj02_to_wgs84(bd09_to_gcj02(shifted))


def bd09_to_gcj02(shifted: Coordinates) -> Coordinates:
    """Undo what Baidu adds to GCJ-02."""
    if not CHINA.contains(shifted.latitude_e6, shifted.longitude_e6):
        return shifted
    east, north = shifted.longitude_e6 / MICRO - 0.0065, shifted.latitude_e6 / MICRO - 0.006
    radius = math.hypot(east, north) - 0.00002 * math.sin(north * BAIDU)
    angle = math.atan2(north, east) - 0.000003 * math.cos(east * BAIDU)
    return Coordinates(round(radius * math.sin(angle) * MICRO), round(radius * math.cos(angle) * MICRO))


def shift(latitude: float, longitude: float) -> tuple[float, float]:
    """How far GCJ-02 moves a point of WGS-84: degrees north, degrees east."""
    x, y = longitude - 105.0, latitude - 35.0
    ripple = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple * 2 / 3
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y / 30 * math.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple * 2 / 3
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = math.radians(latitude)
    magic = 1 - ECCENTRICITY * math.sin(radians) ** 2
    meridian = AXIS_M * (1 - ECCENTRICITY) / (magic * math.sqrt(magic)) * math.pi / 180
    parallel = AXIS_M / math.sqrt(magic) * math.cos(radians) * math.pi / 180
    return north / meridian, east / parallel
