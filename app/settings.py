"""The settings: one frozen typed object, read once from the environment, checked before anything starts."""

import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingError

SECRET_BYTES = 32


class Settings(BaseSettings):
    """Every setting of the service; `docs/configuration.md` has one heading for each."""

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", frozen=True, extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="Where the database and secret.key are kept.")
    database_url: str = Field(default="", description="Empty for SQLite in the data directory, or postgresql://...")
    web_database_url: str = Field(default="", description="A second PostgreSQL login for the web process only.")
    public_url: str = Field(default="", description="The address under which people reach the service.")
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port to listen on.")
    trusted_proxies: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded-* headers count.")
    secret_key: str = Field(default="", description="64 hexadecimal digits; empty: kept in secret.key.", repr=False)
    session_hours: int = Field(default=12, ge=1, le=24 * 30, description="How long a sign-in lasts without a visit.")
    demo: bool = Field(default=False, description="Show the demo's start page; `./run demo` sets it.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("give an address such as https://plumbline.example, without a path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url", "web_database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("give postgresql://user:password@host/name, or leave it empty for SQLite")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret_is_long(cls, value: str) -> str:
        try:
            long_enough = not value or len(bytes.fromhex(value)) == SECRET_BYTES
        except ValueError:
            long_enough = False
        if not long_enough:
            raise ValueError("give 64 hexadecimal digits, or leave it empty to keep the key in secret.key")
        return value

    @property
    def base_url(self) -> str:
        """The address that links begin with, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """True when people reach the service over https; cookies are then Secure and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address: the one that was set, or SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'plumbline.db'}"

    @property
    def is_sqlite(self) -> bool:
        """True for the embedded database."""
        return self.database.startswith("sqlite")


def read_settings(**given: object) -> Settings:
    """The settings from the environment, `given` before it; raises SettingError naming the setting that is wrong."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        first = error.errors()[0]
        name = "PLUMBLINE_" + str(first["loc"][0]).upper()
        raise SettingError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None


def link_key(settings: Settings) -> bytes:
    """The key from which survey links are made: the setting, or `secret.key`, made on first use with mode 0600.

    It lies outside the database, so that a stolen database can neither open a link nor read a draft.
    """
    if settings.secret_key:
        return bytes.fromhex(settings.secret_key)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.data_dir / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(SECRET_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return _kept_key(path)


def _kept_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != SECRET_BYTES:
        raise SettingError(f"{path} is damaged: it must hold 64 hexadecimal digits. Put the file back from a backup.")
    return key
