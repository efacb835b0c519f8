"""How easy English items are to read: the grade of Flesch and Kincaid, told as an age (docs/wording.md).

The formula counts words, sentences and syllables and knows nothing of meaning; it finds what has grown too long and too
learned, and a sentence that it passes may still be unclear. It is made for English, so no other language is judged.
Source: Kincaid, Fishburne, Rogers and Chissom 1975, Research Branch Report 8-75.
"""

import re
from collections.abc import Iterable
from typing import Final

FIRST_GRADE: Final = 5
"""How much younger a grade of school is than its number: who is in the eighth is about thirteen."""

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE = re.compile(r"[.?!:;](\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SPELT: Final = re.compile(r"[A-Z]{2,4}")
# A final e is silent, but not after an l that follows a consonant; so is that of -ed, but not after t or d.
_SILENT = re.compile(r"(?<![aeiouyl])e$|(?<=[aeiouy]l)e$|(?<![aeiouytd])ed$|(?<![aeiouyscxzhg])es$")


def syllables(word: str) -> int:
    """How many syllables an English word has, by its spelling; letters that are read one by one count one each."""
    if _SPELT.fullmatch(word):
        return len(word)
    plain = re.sub(r"['’].*", "", word.lower())
    return max(1, len(_VOWELS.findall(_SILENT.sub("", plain))))


def reading_age(texts: Iterable[str]) -> float:
    """The age, in years, at which most readers understand these English texts, taken together.

    ValueError without a word.
    """
    words: list[str] = []
    sentences = 0
    for text in texts:
        words += _WORD.findall(text)
        sentences += max(1, len(_SENTENCE.findall(text)))
    if not words:
        raise ValueError("there is nothing to read")
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59 + FIRST_GRADE
