"""docker-compose.yml against the compose schema, the settings the code reads, and the promises of the docs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from tipline.settings import Role, SettingMissing, Settings

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMA: Final = ROOT / "tests" / "vendor" / "compose-spec.json"
FACES: Final = ("public", "staff")
ROLES: Final = {
    "public": [Role.PUBLIC],
    "staff": [Role.STAFF],
    "sealer": [Role.WORKER],
    "worker": [Role.WORKER],
    "dispatcher": [Role.WORKER],
    "migrate": list(Role),
    "bucket": [],
}
# Beside the database passwords: what each process reads from its secrets folder.
OTHER_SECRETS: Final = {
    "public": {"csrf_public", "receipt_pepper", "storage_secret_key"},
    "staff": {"csrf_staff", "factor_key", "identity_key", "receipt_pepper", "storage_secret_key"},
    "sealer": {"storage_secret_key"},
    "worker": {"storage_secret_key"},
    "dispatcher": {"storage_secret_key"},
    "migrate": {"database_admin", "storage_secret_key"},
    "bucket": {"storage_secret_key"},
}
QUEUE_USERS: Final = {"sealer", "worker", "dispatcher"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def own_services(compose: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    return {name: one for name, one in compose["services"].items() if one["image"].startswith("tipline:")}


def environment(service: Mapping[str, Any]) -> dict[str, str]:
    """A service's environment as docker would give it, required variables filled in."""
    filled = {
        "TIPLINE_PUBLIC_URL": "https://tips.example.org",
        "TIPLINE_STAFF_URL": "https://staff.example.org",
    }
    return {
        name: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: filled[found[1]], value)
        for name, value in service["environment"].items()
    }


def secret_names(service: Mapping[str, Any]) -> set[str]:
    """Names of the files a service finds under /run/secrets."""
    return {one if isinstance(one, str) else one["target"] for one in service.get("secrets", [])}


def settings_read_by_the_code() -> set[str]:
    source = (ROOT / "tipline" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'"(TIPLINE_[A-Z_]+)"', source))


def test_the_file_holds_to_the_compose_schema(compose: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    problems = [problem.message for problem in jsonschema.Draft201909Validator(schema).iter_errors(compose)]

    assert problems == []


def test_the_schema_refuses_a_service_that_compose_would_refuse() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    problems = list(jsonschema.Draft201909Validator(schema).iter_errors({"services": {"public": {"imgae": "x"}}}))

    assert len(problems) == 1


def test_every_setting_it_names_is_read_by_the_code(compose: dict[str, Any]) -> None:
    named = {name for service in own_services(compose).values() for name in environment(service)}

    assert {name for name in named if name.startswith("TIPLINE_")} - settings_read_by_the_code() == set()


@pytest.mark.parametrize("name", sorted(ROLES))
def test_each_process_can_read_its_settings_and_exactly_its_secrets(
    compose: dict[str, Any], name: str, tmp_path: Path
) -> None:
    service = own_services(compose)[name]
    given = secret_names(service)
    for secret in given:
        (tmp_path / secret).write_text("not used\n", encoding="utf-8")

    settings = Settings.from_env({**environment(service), "TIPLINE_SECRETS_DIR": str(tmp_path)})

    assert given == {f"database_{role}" for role in ROLES[name]} | OTHER_SECRETS[name]
    assert service["environment"]["TIPLINE_SECRETS_DIR"] == "/run/secrets"
    assert settings.s3 is not None
    assert (settings.redis_url is not None) == (name in QUEUE_USERS)


def test_every_process_of_ours_is_known_to_these_tests(compose: dict[str, Any]) -> None:
    assert set(own_services(compose)) == set(ROLES)


def test_a_missing_required_setting_is_told_by_name(compose: dict[str, Any], tmp_path: Path) -> None:
    env = environment(compose["services"]["public"])
    (tmp_path / "storage_secret_key").write_text("not used\n", encoding="utf-8")
    del env["TIPLINE_DATABASE_URL"]

    with pytest.raises(SettingMissing) as missing:
        Settings.from_env({**env, "TIPLINE_SECRETS_DIR": str(tmp_path)})

    assert missing.value.name == "TIPLINE_DATABASE_URL"


@pytest.mark.parametrize("face", FACES)
def test_a_face_has_no_route_to_the_queue_nor_to_the_other_face(compose: dict[str, Any], face: str) -> None:
    services = compose["services"]
    reached = {
        other
        for other, one in services.items()
        if other != face and set(one["networks"]) & set(services[face]["networks"])
    }
    other = next(one for one in FACES if one != face)
    edges = {one: set(services[one]["networks"]) - {"data"} for one in FACES}

    assert "valkey" not in reached
    assert {"database", "storage"} <= reached
    assert edges[face] & edges[other] == set()


def test_what_needs_no_outside_has_none(compose: dict[str, Any]) -> None:
    assert all(compose["networks"][name]["internal"] for name in ("data", "queue"))
    assert {name for name, one in compose["services"].items() if "ports" in one} == set(FACES)
    assert all(port.startswith("127.0.0.1:") for face in FACES for port in compose["services"][face]["ports"])


def test_no_secret_is_written_into_the_file(compose: dict[str, Any]) -> None:
    telling = re.compile(r"PASSWORD|SECRET|TOKEN|PEPPER|_KEY\b")
    literal = {
        f"{service}: {name}"
        for service, one in compose["services"].items()
        for name, value in one.get("environment", {}).items()
        if telling.search(name)
        and not str(value).startswith("/run/secrets")
        and name != "TIPLINE_STORAGE_ACCESS_KEY"  # a name, not a secret
    }

    assert literal == set()
    assert all(set(one) == {"file"} for one in compose["secrets"].values())
    assert all(
        "@" not in one.get("environment", {}).get("TIPLINE_DATABASE_URL", "") for one in own_services(compose).values()
    )


@pytest.mark.parametrize("what", ["image", "user", "read_only", "cap_drop", "security_opt"])
def test_every_container_is_pinned_and_closed(compose: dict[str, Any], what: str) -> None:
    said = {name: one.get(what) for name, one in compose["services"].items()}

    match what:
        case "image":
            loose = {name for name, tag in said.items() if not re.fullmatch(r"[\w./-]+:\d+(\.\d+)+[\w.-]*", str(tag))}
        case "user":
            loose = {name for name, user in said.items() if not user or str(user).startswith(("0", "root"))}
        case "read_only":
            loose = {name for name, is_read_only in said.items() if is_read_only is not True}
        case "cap_drop":
            loose = {name for name, dropped in said.items() if dropped != ["ALL"]}
        case _:
            loose = {name for name, options in said.items() if options != ["no-new-privileges:true"]}

    assert loose == set()


def test_everything_that_stays_up_is_watched(compose: dict[str, Any]) -> None:
    lasting = {name: one for name, one in compose["services"].items() if one["restart"] != "no"}

    assert {name for name, one in lasting.items() if "healthcheck" not in one} == set()


def test_the_queue_and_database_are_the_ones_the_embedded_default_carries(compose: dict[str, Any]) -> None:
    images = {name: one["image"] for name, one in compose["services"].items()}

    assert images["database"].startswith("postgres:18.")
    assert images["valkey"].startswith("valkey/valkey:8.")


def test_the_image_carries_the_version_of_the_project_and_a_supported_python(compose: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    bases = re.findall(
        r"^FROM python:(\S+)", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert {one["image"] for one in own_services(compose).values()} == {f"tipline:{version}"}
    assert bases
    assert all(re.fullmatch(r"3\.1[123]\.\d+-slim-\w+", base) for base in bases)


def test_the_secrets_script_writes_every_secret_once(compose: dict[str, Any], tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make_secrets.sh"
    script.parent.mkdir()
    shutil.copy(ROOT / "deploy" / "make_secrets.sh", script)

    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    first = {path.name: path.read_text(encoding="utf-8") for path in (script.parent / "secrets").iterdir()}
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    second = {path.name: path.read_text(encoding="utf-8") for path in (script.parent / "secrets").iterdir()}

    assert set(first) == {Path(one["file"]).name for one in compose["secrets"].values()}
    assert first == second
    assert len(set(first.values())) == len(first)
    assert (script.parent / "secrets").stat().st_mode & 0o777 == 0o700
    keys = {one["credentials"][0]["secretKey"] for one in json.loads(first["storage_identities"])["identities"]}
    assert keys == {first["storage_secret_key"].strip(), first["storage_admin_key"].strip()}
