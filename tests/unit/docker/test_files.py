"""What can be known of the containers without running one: compose file, images, nginx's configuration."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ckanext.anshan.local import cli, serving
from ckanext.anshan.local.layout import ROOT

DOCKER = ROOT / "docker"
TEXT = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
ONCE = {"secrets"}
"""Services that end by themselves."""
EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (DOCKER / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::?[-?]([^}]*))?\}")
PLACES = {"/etc/nginx/anshan-local": "local", "/etc/nginx/anshan": "anshan", "/var/cache/nginx": "cache", "/tmp": "."}
MOVED = re.compile(f" ({'|'.join(PLACES)})/")
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")


def test_each_variable_of_the_compose_file_is_in_the_example_and_none_besides():
    assert {name for name, _ in VARIABLE.findall(TEXT)} == set(EXAMPLE)


def test_the_example_says_the_defaults_of_the_compose_file():
    defaults = {name: value for name, value in VARIABLE.findall(TEXT) if name != "ANSHAN_SITE_URL"}
    assert {name: EXAMPLE[name] for name in defaults} == defaults


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_each_service_has_a_health_check(name: str):
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_waits_until_what_it_needs_is_well(name: str):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how["condition"] == wanted


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_gains_rights_and_ours_have_none(name: str):
    one = SERVICES[name]
    assert "no-new-privileges:true" in one["security_opt"]
    if one["image"].startswith("anshan-"):
        assert one["cap_drop"] == ["ALL"] and one["read_only"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_only_the_front_door_has_a_port(name: str):
    assert ("ports" in SERVICES[name]) == (name == "nginx")


def test_every_volume_is_declared():
    used = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])}
    named = {name for name in used if re.fullmatch(r"[a-z]+", name)} | {EXAMPLE["ANSHAN_BACKUP"]}
    assert named == set(COMPOSE["volumes"])


@pytest.mark.parametrize(
    "image", [EXAMPLE["POSTGRES_IMAGE"], EXAMPLE["REDIS_IMAGE"], *re.findall(r"^ARG \w+_IMAGE=(\S+)", DOCKERFILE, re.M)]
)
def test_images_of_others_are_pinned_to_a_release(image: str):
    assert re.fullmatch(r"docker\.io/library/[a-z]+:\d+\.\d+(\.\d+)?-(slim-)?bookworm", image)


def test_each_image_of_ours_is_a_target_that_drops_root():
    targets = {one["build"]["target"] for one in SERVICES.values() if "build" in one}
    stages = {stage.split("\n", 1)[0].split(" AS ")[-1]: stage for stage in DOCKERFILE.split("\nFROM ")[1:]}
    assert targets == {"portal", "solr", "proxy"}
    assert all(re.search(r"^USER (anshan|nginx)$", stages[target], re.MULTILINE) for target in targets)


def test_the_words_of_compose_are_words_of_the_launcher():
    for name, one in SERVICES.items():
        if one["image"].startswith(("anshan-portal", "anshan-solr")):
            cli.parser().parse_args(one.get("command", ["serve", name]))
    assert set(serving.NAMES) <= set(SERVICES)


def test_no_secret_is_written_down():
    for name in ("PASSWORD", "SECRET", "KEY"):
        assert not [value for key, value in EXAMPLE.items() if name in key and value]
    assert not re.search(r"(?i)password: *[^/$ ]", TEXT)


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """As in the image, with its folders moved to one of this test and a name server that need not answer."""
    shutil.copytree(DOCKER / "nginx" / "snippets", tmp_path / "anshan")
    (tmp_path / "local").mkdir()
    (tmp_path / "cache").mkdir()
    (tmp_path / "resolver.conf").write_text("resolver 127.0.0.1;\n")
    text = (DOCKER / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    text = MOVED.sub(lambda found: f" {tmp_path / PLACES[found[1]]}/", text)
    path = tmp_path / "nginx.conf"
    path.write_text(text.replace("/dev/std", f"{tmp_path}/std"))
    return path


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_nginx_takes_its_configuration(configuration: Path):
    done = subprocess.run(
        ["nginx", "-t", "-e", "stderr", "-c", str(configuration)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_nginx_keeps_no_answer_for_the_next_visitor():
    texts = [path.read_text(encoding="utf-8") for path in (DOCKER / "nginx").rglob("*.conf")]
    assert texts and not any(re.search(r"^\s*proxy_cache\w*\s", text, re.MULTILINE) for text in texts)


def test_nginx_says_of_its_own_page_what_the_portal_says_of_others():
    page = (DOCKER / "nginx" / "unavailable.html").read_text(encoding="utf-8")
    configuration = (DOCKER / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    sheets = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in sheets]
    assert re.findall(r"style-src 'sha256-([^']+)'", configuration) == hashes
    assert "<script" not in page and "style=" not in page and "unsafe" not in configuration


def test_nginx_compresses_no_page_since_one_may_hold_a_token():
    texts = [path.read_text(encoding="utf-8") for path in (DOCKER / "nginx").rglob("*.conf")]
    places = [re.findall(r"location [^{]*\{[^}]*\}", re.sub(r"\{[a-z0-9,]+\}", "", text)) for text in texts]
    compressing = [one for found in places for one in found if "gzip on;" in one]
    assert [one.split("api")[0] for one in compressing] == ['location ~ "^/(?:[a-z][a-z](?:_[A-Za-z_]+)?/)?']
    assert sum(text.count("gzip on;") for text in texts) == 1
