"""What waits: asking a geocoder, reading a directory."""

from farmlink.network.work.directory import import_places
from farmlink.network.work.geocoding import Gazetteer, GeopyGeocoder, baidu, chosen, locate, nominatim

__all__ = ["Gazetteer", "GeopyGeocoder", "baidu", "chosen", "import_places", "locate", "nominatim"]
