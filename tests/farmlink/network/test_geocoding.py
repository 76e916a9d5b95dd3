import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from farmlink.kernel.datum import bd09_to_wgs84
from farmlink.kernel.geo import Coordinates, haversine_m
from farmlink.network.values import Address, Geocoder
from farmlink.network.work import Gazetteer, GeopyGeocoder, baidu, chosen, geocoding, locate, nominatim
from farmlink.network.work.geocoding import AddressUnknownError, GeocoderUnreachableError

TIANANMEN = Address(town="北京", street="天安门", country="中国")
TIANANMEN_WGS84 = Coordinates(39_907_500, 116_391_200)


@contextmanager
def service(answer: Any, status: int = 200) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A map service on the loopback that always answers the same; what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def mumbling(said: bytes) -> Iterator[tuple[str, list[str]]]:
    """A map service that says so much every now and then, and never comes to an end."""
    asked: list[str] = []
    over = threading.Event()

    class Mumbler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(self.request.recv(4096).decode())
            with suppress(OSError):  # whoever asked has gone
                while not over.wait(0.02):
                    self.request.sendall(said)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mumbler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_settings_say_who_finds_addresses() -> None:
    osm, china = chosen("nominatim:nominatim.openstreetmap.org"), chosen("baidu:a made-up key")

    assert isinstance(chosen("offline"), Gazetteer)
    assert isinstance(osm, GeopyGeocoder)
    assert osm.service.domain == "nominatim.openstreetmap.org"
    assert isinstance(china, GeopyGeocoder)
    assert china.service.api_key == "a made-up key"


@pytest.mark.parametrize("setting", ["", "nominatim:", "baidu", "google:key"])
def test_a_geocoder_that_nobody_knows_is_named_without_its_key(setting: str) -> None:
    with pytest.raises(ValueError, match="FARMLINK_GEOCODER") as refused:
        chosen(setting)
    assert "key'" not in str(refused.value)


def test_the_gazetteer_knows_towns_in_any_case_without_a_network() -> None:
    gazetteer = Gazetteer()
    assert gazetteer.find(Address(town=" grand rapids", district="mi")) == Coordinates(42_960_000, -85_660_000)
    assert gazetteer.find(Address(town="Traverse City")) == Coordinates(44_760_000, -85_620_000)
    assert gazetteer.find(Address(town="Atlantis")) is None


def test_a_name_that_two_states_share_needs_its_state() -> None:
    gazetteer = Gazetteer()
    assert gazetteer.find(Address(town="Grand Rapids")) is None
    michigan, ohio = (gazetteer.find(Address(town="Canton", district=state)) for state in ("MI", "OH"))
    assert michigan is not None
    assert ohio is not None
    assert haversine_m(michigan, ohio) > 150_000


def test_an_unknown_address_is_refused_with_its_words() -> None:
    with pytest.raises(AddressUnknownError, match="1 Deep Street, Atlantis"):
        locate(Gazetteer(), Address(town="Atlantis", street="1 Deep Street"))


def test_nominatim_is_asked_for_the_whole_address() -> None:
    with service([{"lat": "42.7875", "lon": "-86.1089", "display_name": "Holland"}]) as (domain, asked):
        found = locate(nominatim("farmlink tests", domain, "http"), Address(town="Holland", street="8th St"))
    assert found == Coordinates(42_787_500, -86_108_900)
    assert asked[0]["q"] == ["8th St, Holland"]


def test_what_nominatim_does_not_know_is_unknown() -> None:
    with service([]) as (domain, _):
        assert nominatim("farmlink tests", domain, "http").find(Address(town="Atlantis")) is None


def test_baidu_s_answer_is_turned_into_wgs84() -> None:
    shifted = {"lng": 116.40387397, "lat": 39.91488908}
    with service({"status": 0, "result": {"location": shifted, "level": "旅游景点"}}) as (domain, asked):
        geocoder = baidu("a made-up key")
        geocoder.service.api = f"http://{domain}/geocoding/v3"
        found = locate(geocoder, TIANANMEN)
    assert asked[0]["address"] == ["天安门, 北京, 中国"]
    assert haversine_m(found, TIANANMEN_WGS84) < 100
    assert found == bd09_to_wgs84(Coordinates(39_914_889, 116_403_874))


@pytest.mark.parametrize(
    "answer",
    [
        [{"lat": "abc", "lon": "-86.1", "display_name": "Holland"}],
        [{"lat": "142.7", "lon": "-86.1", "display_name": "Holland"}],
        [{"lat": "nan", "lon": "-86.1", "display_name": "Holland"}],
        [{"lat": "42.7", "lon": "-86.1"}],
        [{"display_name": "Holland"}],
        [{"lat": None, "lon": "-86.1", "display_name": "Holland"}],
        ["Holland"],
        {"error": {"code": 400}},
        7,
    ],
)
def test_an_odd_answer_of_nominatim_is_of_no_use_and_no_failure_of_ours(answer: Any) -> None:
    with service(answer) as (domain, _), pytest.raises(GeocoderUnreachableError):
        locate(nominatim("farmlink tests", domain, "http"), TIANANMEN)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 0, "result": {"location": {"lng": 116.4, "lat": 39.9}}},
        {"status": 0, "result": {"level": "旅游景点"}},
        {"status": 0, "result": {"level": "旅游景点", "location": {"lng": None, "lat": None}}},
        {"status": 0, "result": ["旅游景点"]},
        {"status": "none"},
        [],
    ],
)
def test_an_odd_answer_of_baidu_is_of_no_use_and_no_failure_of_ours(answer: Any) -> None:
    with service(answer) as (domain, _):
        geocoder = baidu("a made-up key")
        geocoder.service.api = f"http://{domain}/geocoding/v3"
        with pytest.raises(GeocoderUnreachableError):
            locate(geocoder, TIANANMEN)


@pytest.mark.parametrize("said", [b"", b"x"])
def test_a_service_that_is_silent_or_mumbles_is_asked_once_and_not_waited_for(
    said: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(geocoding, "PATIENCE_S", 0.3)
    with mumbling(said) as (domain, asked):
        with pytest.raises(GeocoderUnreachableError):
            locate(nominatim("farmlink tests", domain, "http"), TIANANMEN)
        assert len(asked) == 1
    assert "天安门" not in caplog.text


@pytest.mark.parametrize("status", [403, 500])
def test_a_service_that_fails_is_said_to_be_out_of_reach(status: int) -> None:
    with service({}, status) as (domain, _):
        geocoder: Geocoder = nominatim("farmlink tests", domain, "http")
        with pytest.raises(GeocoderUnreachableError):
            geocoder.find(TIANANMEN)
