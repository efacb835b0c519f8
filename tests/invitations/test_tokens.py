"""Tokens follow from the key, the wave, the invitation and the generation, and from nothing else."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.invitations import tokens
from app.tokens import tidy

KEY = b"k" * 32
IDS = st.uuids()

# Made from bytes: hypothesis needs seconds to learn all of Unicode before it draws its first text.
ANYTHING = st.binary().map(lambda raw: raw.decode("utf-8", errors="replace"))


@given(IDS, IDS, st.integers(1, 1000))
def test_a_token_is_26_letters_and_made_again_the_same(wave, invitation, generation):
    made = [tokens.make_token(KEY, wave_id=wave, invitation_id=invitation, generation=generation) for _ in range(2)]
    assert made[0] == made[1] == tidy(made[0]) == tidy(f" {made[0].upper()} ")
    assert len(made[0]) == 26


@given(IDS, IDS)
def test_key_wave_invitation_and_generation_all_count(wave, invitation):
    def token(key: bytes = KEY, w: UUID = wave, i: UUID = invitation, g: int = 1) -> str:
        return tokens.make_token(key, wave_id=w, invitation_id=i, generation=g)

    assert len({token(), token(key=b"o" * 32), token(g=2), token(w=UUID(int=wave.int ^ 1)),
                token(i=UUID(int=invitation.int ^ 1))}) == 5  # fmt: skip


@given(IDS, IDS)
def test_a_nonce_belongs_to_one_shared_link(shared, other):
    nonce = tokens.make_nonce(KEY, shared_id=shared)
    assert tokens.is_our_nonce(KEY, shared_id=shared, nonce=nonce)
    assert tokens.is_our_nonce(KEY, shared_id=other, nonce=nonce) == (shared == other)
    assert not tokens.is_our_nonce(b"o" * 32, shared_id=shared, nonce=nonce)


@given(ANYTHING)
def test_no_text_breaks_the_check_of_a_nonce_or_a_token(text):
    assert not tokens.is_our_nonce(KEY, shared_id=UUID(int=1), nonce=text)
    assert tidy(text) in (None, text.strip().lower())
