"""Settings: checked before anything starts, and documented one by one."""

import re
import stat
from pathlib import Path

import pytest

from app.errors import SettingError
from app.settings import Settings, link_key, read_settings

CONFIGURATION = Path(__file__).parent.parent / "docs" / "configuration.md"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PLUMBLINE_PORT", "many", "PLUMBLINE_PORT"),
        ("PLUMBLINE_PORT", "70000", "PLUMBLINE_PORT"),
        ("PLUMBLINE_PUBLIC_URL", "plumbline.example", "https://plumbline.example"),
        ("PLUMBLINE_PUBLIC_URL", "https://plumbline.example/app", "without a path"),
        ("PLUMBLINE_DATABASE_URL", "mysql://x", "postgresql://"),
        ("PLUMBLINE_SECRET_KEY", "short", "64 hexadecimal digits"),
        ("PLUMBLINE_LOG_LEVEL", "loud", "PLUMBLINE_LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert name in caught.value.message
    assert sentence in caught.value.message


def test_every_setting_has_a_heading_of_its_own_in_the_documentation() -> None:
    headings = set(re.findall(r"^## `(PLUMBLINE_\w+)`", CONFIGURATION.read_text(), flags=re.MULTILINE))
    assert headings == {f"PLUMBLINE_{name.upper()}" for name in Settings.model_fields}


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path / "data", secret_key="")
    first = link_key(settings)
    path = tmp_path / "data" / "secret.key"
    assert link_key(settings) == first
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_secret_key_is_named_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("gone")
    with pytest.raises(SettingError, match=r"secret\.key is damaged"):
        link_key(read_settings(data_dir=tmp_path, secret_key=""))
    assert (tmp_path / "secret.key").read_text() == "gone"


def test_links_and_cookies_follow_the_public_address() -> None:
    assert not read_settings(public_url="http://192.0.2.7:8000").secure
    settings = read_settings(public_url="https://plumbline.example/")
    assert settings.secure
    assert settings.base_url == "https://plumbline.example"
