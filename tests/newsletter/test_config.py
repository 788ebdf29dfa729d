"""Settings are read whole or refused with a sentence that helps."""

from pathlib import Path

import pytest

from newsletter import config
from newsletter.config import Settings
from newsletter.errors import SettingsError
from tests.conftest import ROOT

SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_sample_file_is_valid_and_paths_are_relative_to_it(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, SAMPLE))

    assert settings.data_folder == tmp_path / "data"
    assert settings.database == f"sqlite:///{tmp_path}/data/newsletter.sqlite"


def test_an_unknown_name_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = written(tmp_path, SAMPLE.replace("tick_seconds", "tick_secnods"))

    with pytest.raises(SettingsError, match=r"schedule\.tick_secnods\. Did you mean tick_seconds\?"):
        config.load(path)


def test_a_misspelt_section_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = written(tmp_path, SAMPLE.replace("[mailbox]", "[mialbox]"))

    with pytest.raises(SettingsError, match=r"no setting mialbox\. Did you mean mailbox\?"):
        config.load(path)


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, SAMPLE.replace('helo_name = "localhost"', ""))

    with pytest.raises(SettingsError, match=r"relay\.helo_name is missing"):
        config.load(path)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_WEB__PORT", "9000")

    assert config.load(written(tmp_path, SAMPLE)).web.port == 9000


def test_an_environment_variable_that_names_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_REALY__PORT", "25")

    with pytest.raises(SettingsError, match="Did you mean NEWSLETTER_RELAY"):
        config.load(written(tmp_path, SAMPLE))


def test_a_secret_comes_from_its_file_and_is_never_printed(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("EAAB-secret\n", encoding="utf-8")

    settings = config.load(written(tmp_path, SAMPLE.replace("# token_file =", "token_file = 'token' #")))

    assert settings.facebook.secret_token() == "EAAB-secret"
    assert "EAAB" not in repr(settings)


def test_a_missing_secret_file_is_one_sentence(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, SAMPLE.replace("# token_file =", "token_file = 'none' #")))

    with pytest.raises(SettingsError, match="cannot be read"):
        settings.facebook.secret_token()


def test_a_secret_file_that_is_not_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    settings = config.load(written(tmp_path, SAMPLE.replace("# token_file =", "token_file = 'token' #")))

    with pytest.raises(SettingsError, match="is not text"):
        settings.facebook.secret_token()


def test_a_file_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(SAMPLE.encode("utf-16"))

    with pytest.raises(SettingsError, match="not saved as UTF-8"):
        config.load(path)


def test_an_environment_variable_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_PUBLICATION__TOPICS", "[")

    with pytest.raises(SettingsError, match="environment cannot be used"):
        config.load(written(tmp_path, SAMPLE))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('time_zone = "Asia/Singapore"', 'time_zone = "Asia/Singapur"', "no time zone named"),
        ('# [look.light]\n# paper = "#ffffff"', '[look.light]\npaper = "white"', "look.light.paper"),
        ('graph_base = "https:', 'graph_base = "http:', "must be https"),
        ("lease_seconds = 300 ", "lease_seconds = 30 ", "longer than deadline_seconds"),
        ('host = "127.0.0.1"\nport = 2525', 'host = "mx.example.org"\nport = 25', None),
        ('title.ja = "旅行フェア"\n', "", "no words in 'ja'"),
        ('key = "food"', 'key = "fairs"', "same key"),
        ('# database_url = "postgresql:', 'database_url = "mysql:', "only sqlite: and postgresql:"),
        ("port = 8025", "port = 99999", "web.port"),
        ('title.en = "J.CLAIR News"', 'title.en = "J.CLAIR\\r\\nBcc: x"', "publication.title.en"),
        ('languages = ["en", "ja"]', "languages = []", "publication.languages"),
        ("data_folder =", "data_folder ==", "not valid TOML"),
    ],
)
def test_a_wrong_value_is_one_sentence(tmp_path: Path, old: str, new: str, complaint: str | None) -> None:
    assert old in SAMPLE
    path = written(tmp_path, SAMPLE.replace(old, new, 1))

    if complaint is None:
        assert config.load(path).relay.host == "mx.example.org"
        return
    with pytest.raises(SettingsError, match=complaint):
        config.load(path)


def test_a_password_over_plain_text_is_refused(tmp_path: Path) -> None:
    text = SAMPLE.replace('host = "127.0.0.1"\nport = 2525', 'host = "mx.example.org"\nport = 25')
    path = written(tmp_path, text.replace('username = ""', 'username = "office"'))

    with pytest.raises(SettingsError, match="in the clear"):
        config.load(path)


def test_settings_cannot_be_changed(settings: Settings) -> None:
    with pytest.raises(Exception, match="frozen"):
        settings.web.port = 1


def test_every_setting_of_the_sample_has_a_meaning_in_the_tree() -> None:
    assert set(Settings.model_fields) >= {"office", "publication", "relay", "mailbox", "facebook", "delivery"}
    for name in ("look", "schedule", "approval", "log", "web"):
        assert f"[{name}" in SAMPLE


def test_no_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        config.load(tmp_path / "none.toml")
