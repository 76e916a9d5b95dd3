"""The front end is built once, goes into the wheel, and asks nobody outside for anything."""

import gzip
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.house import ROOT, House


@pytest.fixture(scope="module")
def hatch_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "scripts/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_built_already_is_not_built_again(hatch_build: ModuleType) -> None:
    assert hatch_build.build_front_end(ROOT) is False


@pytest.mark.parametrize("source", ["src/app.css", "src/app.js", "package-lock.json", "build.mjs"])
def test_a_changed_source_asks_for_a_new_build(hatch_build: ModuleType, tmp_path: Path, source: str) -> None:
    web = tmp_path / "web"
    shutil.copytree(ROOT / "api/web", web, ignore=shutil.ignore_patterns("node_modules"))
    before = hatch_build._fingerprint(web, hatch_build.SOURCES)

    (web / source).write_text((web / source).read_text() + "\n")

    assert before == hatch_build._fingerprint(ROOT / "api/web", hatch_build.SOURCES)
    assert hatch_build._fingerprint(web, hatch_build.SOURCES) != before


def test_a_changed_page_is_built_without_asking_for_packages_again(
    hatch_build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "api/web"
    shutil.copytree(ROOT / "api/web", web, ignore=shutil.ignore_patterns("node_modules"))
    (web / "node_modules").mkdir()
    for package in (ROOT / "api/web/node_modules").iterdir():
        if not package.name.startswith("."):
            (web / "node_modules" / package.name).symlink_to(package)
    (web / "node_modules/.installed-from").write_text(hatch_build._fingerprint(web, hatch_build.PACKAGES))
    monkeypatch.setenv("npm_config_offline", "true")
    assert hatch_build.build_front_end(tmp_path) is True

    (web / "src/app.css").write_text(".new-rule { color: red }\n")

    assert hatch_build.build_front_end(tmp_path) is True
    assert ".new-rule" in (tmp_path / "api/static/app.css").read_text()
    assert hatch_build.build_front_end(tmp_path) is False


def built(target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return path


def test_a_wheel_brings_the_built_pages_and_needs_no_node(tmp_path: Path) -> None:
    wheel = zipfile.ZipFile(built("wheel", tmp_path))

    names = set(wheel.namelist())
    requires = wheel.read("farmlink-0.1.0.dist-info/METADATA").decode().split("Provides-Extra")[0]
    assert {"api/static/app.css", "api/static/app.js", "api/static/swagger-ui-bundle.js"} <= names
    assert {"farmlink/__init__.py", "solver/__init__.py", "api/__init__.py"} <= names
    assert not [name for name in names if name.startswith("api/web/")]
    assert "nodejs" not in requires


def test_a_source_archive_brings_all_that_a_wheel_is_made_of(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = set(archive.getnames())

    ours = [path for path in House(ROOT).written() if path.relative_to(ROOT).parts[0] in {"farmlink", "solver", "api"}]
    assert {f"farmlink-0.1.0/{path.relative_to(ROOT).as_posix()}" for path in ours} <= names
    assert {"farmlink-0.1.0/api/static/.built-from", "farmlink-0.1.0/scripts/hatch_build.py"} <= names


def test_the_manifest_names_every_file_by_its_content() -> None:
    static = ROOT / "api/static"
    manifest = json.loads((static / "manifest.json").read_text())

    assert set(manifest) == {path.name for path in static.iterdir()} - {"manifest.json", ".built-from"}
    for name, digest in manifest.items():
        assert hashlib.sha256((static / name).read_bytes()).hexdigest().startswith(digest)


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_our_own_files_load_nothing_from_elsewhere(name: str) -> None:
    assert re.findall(r"https?:|//[a-z]|@import|url\(", (ROOT / "api/static" / name).read_text()) == []


def test_what_every_page_loads_is_small() -> None:
    assert len(gzip.compress((ROOT / "api/static/app.css").read_bytes())) < 6_000
    assert len(gzip.compress((ROOT / "api/static/app.js").read_bytes())) < 3_000
