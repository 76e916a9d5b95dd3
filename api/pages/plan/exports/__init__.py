"""A plan as a file: what other programs read. Pure: a sheet goes in, bytes come out."""

from api.pages.plan.exports.calendar import ical
from api.pages.plan.exports.maps import geojson, gpx
from api.pages.plan.exports.papers import Papers
from api.pages.plan.exports.tables import csv_table, spreadsheet

__all__ = ["Papers", "csv_table", "geojson", "gpx", "ical", "spreadsheet"]
