"""Mail addresses, as they are kept. Nobody is asked whether they exist."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def _domain_is_fine(domain: str) -> bool:
    return _validated(f"a@{domain}") is not None


def address(text: str) -> str | None:
    """A mail address as it is kept, in lower case; None for what is none. Nobody is asked whether it exists."""
    local, at, domain = text.strip().lower().rpartition("@")
    if not (at and "." in domain and _domain_is_fine(domain)):
        return None
    plain = local.replace(".", "").replace("-", "").replace("_", "").replace("+", "")
    if (
        plain.isascii()
        and plain.isalnum()
        and len(local) <= 64
        and not (".." in local or local[0] == "." or local[-1] == ".")
    ):
        return f"{local}@{domain}" if domain.isascii() else _validated(f"{local}@{domain}")
    return _validated(f"{local}@{domain}")


def _validated(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        told = validate_email(text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return told.ascii_email
