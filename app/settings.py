"""The settings: one frozen typed object, read once from the environment, checked before anything starts."""

import os
import re
import secrets
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import SettingError

SECRET_BYTES = 32
HIGHEST_PORT = 65_535
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared, not bound


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
    smtp_host: str = Field(default="", description="The server that takes mails; empty: no mails are sent.")
    smtp_port: int = Field(default=0, ge=0, le=65535, description="Its port; 0: 587, with tls 465, with none 25.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(default="starttls", description="How it is talked to.")
    smtp_user: str = Field(default="", description="The name to sign in with; empty: none.")
    smtp_password: str = Field(default="", description="The password to sign in with.", repr=False)
    mail_from: str = Field(default="", description="The address that mails come from.")
    demo: bool = Field(default=False, description="Show the demo's start page; `./run demo` sets it.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        # Reading a port that is no number raises ValueError with a sentence of its own.
        is_host = parts.hostname and parts.port != 0
        if parts.scheme not in ("http", "https") or not is_host or parts.path.strip("/") or parts.query:
            raise ValueError("give an address such as https://plumbline.example, without a path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url", "web_database_url")
    @classmethod
    def _database_is_known(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return value
        known = ("postgresql://",) if info.field_name == "web_database_url" else ("sqlite:///", "postgresql://")
        if not value.startswith(known):
            raise ValueError("give postgresql://user:password@host/name, or leave it empty")
        try:
            port = make_url(value).port
        except (ValueError, ArgumentError):
            raise ValueError(
                "this is not an address of a database: the port may not be a number, or the password may have a "
                "character that has to be written as %40 (@), %2F (/) or %3A (:)"
            ) from None
        if port is not None and not 1 <= port <= HIGHEST_PORT:
            raise ValueError(f"the port has to be a number from 1 to {HIGHEST_PORT}")
        return value

    @field_validator("host")
    @classmethod
    def _host_is_given(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("give the address to listen on, for example 127.0.0.1")
        return value.strip()

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, value: str) -> str:
        named = [one.strip() for one in value.split(",")] if value.strip() else []
        for one in named:
            try:
                ip_network("0.0.0.0/0" if one == "*" else one)
            except ValueError:
                raise ValueError(
                    f"“{one}” is neither an address (192.0.2.7), nor a network (192.0.2.0/24), nor *; "
                    "separate several with commas"
                ) from None
        return ",".join(named)

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

    @field_validator("mail_from")
    @classmethod
    def _from_is_an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value):
            raise ValueError("give a plain mail address, such as survey@example.org")
        return value

    @model_validator(mode="after")
    def _mail_is_complete(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("PLUMBLINE_MAIL_FROM: say from which address mails come, for example survey@example.org")
        if self.smtp_password and not self.smtp_user:
            raise ValueError("PLUMBLINE_SMTP_USER: there is a password, so give the name that it belongs to")
        if self.smtp_password and self.smtp_security == "none":
            raise ValueError("PLUMBLINE_SMTP_SECURITY: a password is sent encrypted only; choose starttls or tls")
        return self

    @model_validator(mode="after")
    def _settings_fit_together(self) -> Self:
        if self.web_database_url and not self.database_url.startswith("postgresql://"):
            raise ValueError(
                "PLUMBLINE_WEB_DATABASE_URL: this is a second login to the PostgreSQL database that "
                "PLUMBLINE_DATABASE_URL names, so set that one too"
            )
        if self.host in EVERYWHERE and not self.public_url:
            raise ValueError(
                f"PLUMBLINE_PUBLIC_URL: with PLUMBLINE_HOST={self.host} say under which address people reach the "
                f"service, because survey links begin with it; for example http://192.0.2.7:{self.port}"
            )
        return self

    @property
    def smtp_server_port(self) -> int:
        """The port of the mail server: the one that was set, or the usual one of its security."""
        return self.smtp_port or {"starttls": 587, "tls": 465, "none": 25}[self.smtp_security]

    @property
    def base_url(self) -> str:
        """The address that links begin with, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

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
        # What is wrong between two settings names them itself.
        name = f"PLUMBLINE_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise SettingError(f"{name}{first['msg'].removeprefix('Value error, ')}.") from None


def make_data_dir(settings: Settings) -> None:
    """Makes the data directory, for its owner only, unless it is there; SettingError when it can't be used."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except FileExistsError:
        raise SettingError(f"PLUMBLINE_DATA_DIR: {folder} is a file. Give the path of a folder.") from None
    except OSError as error:
        raise SettingError(f"PLUMBLINE_DATA_DIR: the folder {folder} cannot be made ({error.strerror}).") from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise SettingError(f"PLUMBLINE_DATA_DIR: this user may not write in {folder}.")


def key_is_missing(settings: Settings) -> bool:
    """True when there is neither the setting nor the file, so that `link_key` would make a new key."""
    return not settings.secret_key and not _key_file(settings).exists()


def link_key(settings: Settings) -> bytes:
    """The key from which survey links are made: the setting, or `secret.key`, made on first use with mode 0600.

    It lies outside the database, so that a stolen database can neither open a link nor read a draft.
    """
    if settings.secret_key:
        return bytes.fromhex(settings.secret_key)
    path = _key_file(settings)
    if not path.exists():
        make_data_dir(settings)
        _keep_new_key(path)
    return _kept_key(path)


def _key_file(settings: Settings) -> Path:
    return settings.data_dir / "secret.key"


def _keep_new_key(path: Path) -> None:
    """Writes a new key beside its place and moves it there whole; one that is there meanwhile stays.

    A half-written or forgotten key would make every survey link worthless, so file and folder are on the disk first.
    """
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(SECRET_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(new, path)  # unlike a rename, a link never replaces what is there
        finally:
            new.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise SettingError(
            f"PLUMBLINE_DATA_DIR: the file {path} cannot be made ({error.strerror}). "
            "Use another folder, or set PLUMBLINE_SECRET_KEY."
        ) from None


def _kept_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != SECRET_BYTES:
        raise SettingError(f"{path} is damaged: it must hold 64 hexadecimal digits. Put the file back from a backup.")
    return key
