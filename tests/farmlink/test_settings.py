import os
from pathlib import Path

import pytest

import farmlink
from farmlink.settings import SYSTEM_DATA, SettingWrongError, read_settings, shelf


def test_settings_come_from_the_environment() -> None:
    settings = read_settings(
        {"FARMLINK_DATA": "/srv/farm link", "FARMLINK_DATABASE_URL": "postgresql://db/farm", "FARMLINK_POOL_SIZE": "3"}
    )
    assert (settings.data, settings.database_url, settings.pool_size) == (
        Path("/srv/farm link"),
        "postgresql://db/farm",
        3,
    )


def test_addresses_are_found_without_a_network_unless_a_service_is_named() -> None:
    assert read_settings({}).geocoder == "offline"
    assert read_settings({"FARMLINK_GEOCODER": "baidu:k"}).geocoder == "baidu:k"


def test_root_keeps_its_data_in_the_system_folder_under_a_name_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    settings = read_settings({})
    assert settings.database_url is None
    assert settings.data.parent == SYSTEM_DATA
    assert settings.data.name.rsplit("-", 1)[0] in Path(farmlink.__file__).resolve().parents[1].name.lower()


@pytest.mark.parametrize(
    ("environment", "parent"),
    [({"XDG_DATA_HOME": "/data"}, Path("/data/farmlink")), ({"XDG_DATA_HOME": "not/absolute"}, None), ({}, None)],
)
def test_others_keep_their_data_in_their_own_folder(
    environment: dict[str, str], parent: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    expected = parent or Path.home() / ".local" / "share" / "farmlink"
    assert read_settings(environment).data.parent == expected


def test_a_checkout_without_a_single_plain_letter_has_a_name_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkout = tmp_path / "农场"
    monkeypatch.setattr(farmlink.settings, "__file__", str(checkout / "farmlink" / "settings.py"))
    assert read_settings({}).data.name.startswith("farmlink-")


@pytest.mark.parametrize(
    ("variable", "wrong", "right"),
    [
        ("POOL_SIZE", ("abc", "0", "-1", "17", "1.5", "\u0663"), ("1", "16")),
        ("GEOCODER", ("zzz", "nominatim", "baidu:", "offline:x"), ("offline", "nominatim:maps.example", "baidu:key")),
        ("DATABASE_URL", ("nonsense", "mysql://a/b", "/run"), ("postgres://a/b", "postgresql+psycopg:///farm?host=/r")),
        ("SMTP_URL", ("mail:25", "http://mail", "smtp://", "smtp://m:x"), ("smtp://mail", "smtps://a:b@mail:465")),
        ("MAIL_FROM", ("me", "@example.org", "a@b\nBcc: c@d"), ("a@b", "Farm <a@b.example>")),
        (
            "PUBLIC_URL",
            ("farm", "ftp://farm", "https://", "http://a:99999"),
            ("https://farm.example/", "http://[::1]:80"),
        ),
    ],
)
def test_a_wrong_setting_is_refused_and_a_right_one_is_not(
    variable: str, wrong: tuple[str, ...], right: tuple[str, ...]
) -> None:
    for value in wrong:
        with pytest.raises(SettingWrongError, match=f"FARMLINK_{variable} is wrong"):
            read_settings({f"FARMLINK_{variable}": value})
    for value in right:
        read_settings({f"FARMLINK_{variable}": value})


def test_who_has_no_home_names_a_folder_and_shares_no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(SettingWrongError, match="FARMLINK_DATA"):
        read_settings({})
    assert shelf({}) is None
    assert read_settings({"FARMLINK_DATA": str(tmp_path)}).data == tmp_path


def test_maps_have_pictures_behind_them_only_where_a_server_is_named() -> None:
    tiles = read_settings({"FARMLINK_TILES": "https://tiles.example.org:8443/{z}/{x}/{y}.png  Somebody kind"}).tiles
    assert read_settings({}).tiles is None
    assert tiles is not None
    assert (tiles.origin, tiles.credit) == ("https://tiles.example.org:8443", "Somebody kind")


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org;script-src/{z}/{x}/{y}.png",
        "/tiles/{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_that_names_no_single_server_is_refused(address: str) -> None:
    with pytest.raises(SettingWrongError):
        read_settings({"FARMLINK_TILES": address})


@pytest.mark.parametrize(
    "token", ["short", "with spaces that nobody guesses", "谁也猜不到的令牌谁也猜不到的令牌谁也猜"]
)
def test_a_token_that_could_be_guessed_or_not_be_carried_is_refused(token: str) -> None:
    assert read_settings({"FARMLINK_METRICS_TOKEN": ""}).metrics_token is None
    assert read_settings({"FARMLINK_METRICS_TOKEN": "a" * 20}).metrics_token == "a" * 20
    with pytest.raises(SettingWrongError) as refused:
        read_settings({"FARMLINK_METRICS_TOKEN": token})
    assert token not in str(refused.value)
