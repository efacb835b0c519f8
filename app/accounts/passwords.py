"""Passwords: how they are stored, compared and judged."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.sentences import say

SHORTEST = 12
LONGEST = 1000

# OWASP's parameters for argon2id: about 25 ms, 19 MiB a password.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The hash of random bytes that nobody kept. Comparing with it takes as long as comparing with a real one, so that the
# time an answer takes does not tell whether an account exists.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Geg9QfETRG5YAHEAFiqoqw$zZjAVR8W1ytn4REVsGz7Cwr+IMhlqsQTpAPezxLvmBA"

# Stored for an account whose password has not been chosen yet: no password matches it.
UNSET = ""


def hash_password(password: str) -> str:
    """The argon2id hash, with its parameters and salt in it."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """True when the password is the stored one; takes the same time when there is none (`stored` None or unset)."""
    try:
        _HASHER.verify(stored or NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's and should be made again."""
    return _HASHER.check_needs_rehash(stored)


def complaint(password: str, *, email: str) -> str | None:
    """What is wrong with a new password, as a sentence; None when it will do. No rules about kinds of characters."""
    if len(password) < SHORTEST:
        return say(
            "The password has {length} characters. Use at least {least}; three or four words do well.",
            length=len(password),
            least=SHORTEST,
        )
    if len(password) > LONGEST:
        return say("The password is longer than {most} characters. Use a shorter one.", most=LONGEST)
    if _normal(password).casefold() == email.casefold():
        return say("The password is your e-mail address. Choose something that nobody can look up.")
    return None


def _normal(password: str) -> str:
    """The same characters whichever keyboard composed them."""
    return unicodedata.normalize("NFKC", password)
