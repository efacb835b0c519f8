"""Settings: checked before anything starts, and documented one by one."""

import errno
import os
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import SettingError
from app.settings import Settings, link_key, make_data_dir, read_settings
from tests.processes import PATIENT_SECONDS

CONFIGURATION = Path(__file__).parent.parent / "docs" / "configuration.md"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PLUMBLINE_PORT", "many", "PLUMBLINE_PORT"),
        ("PLUMBLINE_PORT", "70000", "PLUMBLINE_PORT"),
        ("PLUMBLINE_PUBLIC_URL", "plumbline.example", "https://plumbline.example"),
        ("PLUMBLINE_PUBLIC_URL", "https://plumbline.example/app", "without a path"),
        ("PLUMBLINE_PUBLIC_URL", "https://plumbline.example:abc", "Port could not be cast"),
        ("PLUMBLINE_DATABASE_URL", "mysql://x", "postgresql://"),
        ("PLUMBLINE_SECRET_KEY", "short", "64 hexadecimal digits"),
        ("PLUMBLINE_LOG_LEVEL", "loud", "PLUMBLINE_LOG_LEVEL"),
        ("PLUMBLINE_DATABASE_URL", "postgresql://u:pw@h:abc/x", "the port may not be a number"),
        ("PLUMBLINE_DATABASE_URL", "postgresql://u:pw@h:99999/x", "from 1 to 65535"),
        ("PLUMBLINE_WEB_DATABASE_URL", "postgresql://u:pw@h/x", "PLUMBLINE_DATABASE_URL names, so set that one too"),
        ("PLUMBLINE_WEB_DATABASE_URL", "sqlite:///x.db", "postgresql://"),
        ("PLUMBLINE_TRUSTED_PROXIES", ";;;", "“;;;” is neither an address"),
        ("PLUMBLINE_TRUSTED_PROXIES", "127.0.0.1,", "neither an address"),
        ("PLUMBLINE_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "“proxy” is neither"),
        ("PLUMBLINE_HOST", "0.0.0.0", "PLUMBLINE_PUBLIC_URL: with PLUMBLINE_HOST=0.0.0.0"),
        ("PLUMBLINE_HOST", "::", "PLUMBLINE_PUBLIC_URL: with PLUMBLINE_HOST=::"),
        ("PLUMBLINE_HOST", " ", "the address to listen on"),
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
    assert "pw" not in caught.value.message


@pytest.mark.parametrize("value", ["", "*", "127.0.0.1", "10.0.0.0/8, 192.0.2.7", "::1", "2001:db8::/32"])
def test_proxies_are_addresses_networks_or_all(value: str) -> None:
    assert read_settings(trusted_proxies=value).trusted_proxies == value.replace(" ", "")


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert read_settings(host="::1").base_url == "http://[::1]:8000"


def test_a_data_directory_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a file")
    for folder, words in ((file, "is a file"), (file / "below", "cannot be made")):
        settings = read_settings(data_dir=folder, secret_key="")
        for use in (make_data_dir, link_key):
            with pytest.raises(SettingError, match=f"^PLUMBLINE_DATA_DIR: .*{words}"):
                use(settings)


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


def test_the_secret_key_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings = read_settings(data_dir=tmp_path, secret_key="")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(SettingError, match="No space left on device"):
            link_key(settings)
    assert list(tmp_path.iterdir()) == []
    assert len(link_key(settings)) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_processes_that_start_at_once_have_one_secret_key(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path, secret_key="")
    together = threading.Barrier(8)

    def key(_: int) -> bytes:
        together.wait(PATIENT_SECONDS)
        return link_key(settings)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(key, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


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
