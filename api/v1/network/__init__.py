"""Regions, hubs, vehicles, farms, pick-up points and homes."""

from api.v1.network.farms import FarmController
from api.v1.network.homes import HomeController
from api.v1.network.hubs import HubController
from api.v1.network.leaders import LeaderController
from api.v1.network.points import PointController
from api.v1.network.regions import RegionController
from api.v1.network.vehicles import VehicleController

controllers = [
    RegionController,
    HubController,
    VehicleController,
    FarmController,
    PointController,
    LeaderController,
    HomeController,
]
