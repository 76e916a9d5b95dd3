"""Maps: trips, farms, points and hubs as GeoJSON, which our own map draws too, and as GPX for navigators."""

from typing import Any
from uuid import UUID

import gpxpy.gpx
import msgspec

from api.pages.plan.sheet import Route, Sheet


def geojson(sheet: Sheet) -> bytes:
    """A feature collection (RFC 7946): a line a trip, a point a place; straight between stops."""
    features = [_line(sheet, route) for route in sheet.routes] + [_point(sheet, key) for key in _shown(sheet)]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def gpx(sheet: Sheet) -> bytes:
    """A route a trip, with a waypoint a stop (GPX 1.1)."""
    file = gpxpy.gpx.GPX()
    file.creator = "farmlink"
    for route in sheet.routes:
        way = gpxpy.gpx.GPXRoute(name=f"{route.number} {route.vehicle}", number=route.number)
        for key, name in _way(route):
            latitude, longitude = sheet.at(key)
            way.points.append(gpxpy.gpx.GPXRoutePoint(latitude, longitude, name=name or None))
        file.routes.append(way)
    return str(file.to_xml()).encode()


def _line(sheet: Sheet, route: Route) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": route.key,
        "geometry": {"type": "LineString", "coordinates": [_degrees(sheet, key) for key, _ in _way(route)]},
        "properties": {
            "kind": "trip",
            "number": route.number,
            "phase": route.phase,
            "truck": route.vehicle,
            "hue": route.hue,
            "dash": route.dash,
            "distance_m": route.distance_m,
            "weight_g": route.weight_g,
            "departs": route.depart_at.isoformat(),
            "returns": route.return_at.isoformat(),
        },
    }


def _point(sheet: Sheet, key: UUID) -> dict[str, Any]:
    place = sheet.names.place(key)
    calls = [stop for route in sheet.routes for stop in route.stops if stop.place.id == key]
    return {
        "type": "Feature",
        "id": f"place-{key}",
        "geometry": {"type": "Point", "coordinates": _degrees(sheet, key)},
        "properties": {
            "kind": place.kind,
            "name": place.name,
            "weight_g": sum(stop.weight_g for stop in calls),
            "trips": sorted({stop.trip for stop in calls}),
            "stops": [stop.key for stop in calls],
        },
    }


def _shown(sheet: Sheet) -> list[UUID]:
    """Places that the plan has to do with: farms that send, places that ordered, hubs that trucks leave from."""
    taking_part = {row.place.id for row in sheet.farms} | {row.place.id for row in sheet.places}
    taking_part |= {key for route in sheet.routes for key, _ in _way(route)}
    return [key for key in sheet.coordinates if key in taking_part]


def _way(route: Route) -> list[tuple[UUID, str]]:
    home = (route.home.id, route.home.name)
    return [home, *((stop.place.id, stop.place.name) for stop in route.stops), home]


def _degrees(sheet: Sheet, key: UUID) -> list[float]:
    """Longitude first, as GeoJSON wants it."""
    latitude, longitude = sheet.at(key)
    return [longitude, latitude]
