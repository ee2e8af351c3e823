from dataclasses import fields

import pytest

from dashboard.accounts.mapping import parse_rules
from dashboard.settings import Settings, described, is_loopback, read_settings, refusal, variable
from layers.faults import FaultsError
from tests.serving import ROOT


def test_the_defaults_serve_this_machine_only() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.loopback
    assert refusal(settings) is None


def test_every_setting_says_what_it_means_and_expects() -> None:
    for row in fields(Settings):
        assert row.metadata["zh"], row.name
        assert row.metadata["en"], row.name
        assert row.metadata["expected"], row.name


def test_the_readme_names_every_setting() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name, _, _ in described(english=True) if name not in text] == []


def test_the_environment_sets_and_the_command_line_overrides() -> None:
    environment = {
        "THREELINE_PORT": "9000",
        "THREELINE_SIMULATE": "off",
        "THREELINE_HOSTS": "Board.local, wall",
        "THREELINE_STEP_S": "0.5",
        "PATH": "/bin",
    }
    settings = read_settings(environment, port=9001, store=None)
    assert (settings.port, settings.simulate, settings.step_s) == (9001, False, 0.5)
    assert settings.hosts == ("board.local", "wall")


def test_all_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(FaultsError) as error:
        read_settings({"THREELINE_PROT": "1", "THREELINE_PORT": "many", "THREELINE_LOG_LEVEL": "loud"})
    by_field = {fault.field: fault for fault in error.value.faults}
    assert set(by_field) == {"THREELINE_PROT", "THREELINE_PORT", "THREELINE_LOG_LEVEL"}
    assert by_field["THREELINE_PROT"].hint == "Did you mean THREELINE_PORT?"
    assert by_field["THREELINE_PORT"].got == "'many'"
    assert "0 to 65535" in by_field["THREELINE_PORT"].expected


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "-1"), ("port", "70000"), ("max_body_mb", "0"), ("step_s", "nan"), ("simulate", "maybe")],
)
def test_values_out_of_bounds_are_refused(name: str, value: str) -> None:
    with pytest.raises(FaultsError):
        read_settings({variable(name): value})


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True), ("[::1]", True),
        ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("board", False), ("", False),
    ],
)  # fmt: skip
def test_what_counts_as_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_listening_beyond_this_machine_needs_an_explicit_word() -> None:
    refused = refusal(Settings(host="0.0.0.0"))
    assert refused is not None
    assert "THREELINE_PLAIN=1" in refused
    assert "THREELINE_TLS_CERT" in refused
    for way in ({"plain": True}, {"tls_cert": "board.pem"}, {"proxies": ("10.0.0.1",)}):
        assert refusal(Settings(host="0.0.0.0", **way)) is None


def test_a_provider_that_could_log_nobody_in_is_refused() -> None:
    issuer = {"oidc_issuer": "https://id.example"}
    rules = parse_rules("board-command=command")
    for half in ({}, {"oidc_client": "board"}, {"oidc_roles": rules}):
        refused = refusal(Settings(**issuer, **half))
        assert refused is not None
        assert "THREELINE_OIDC_ROLES" in refused
    assert refusal(Settings(**issuer, oidc_client="board", oidc_roles=rules)) is None


def test_the_default_store_lies_in_the_users_data_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().store_url("lincang") == f"sqlite:///{tmp_path}/threeline/lincang/board.sqlite"
    assert Settings(store="x.sqlite").store_url("lincang") == "x.sqlite"
