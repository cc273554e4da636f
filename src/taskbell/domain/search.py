"""Finds texts by the beginnings of their words, without regard to accents, case, hyphens and forms of characters.

Words are told apart by what is neither a letter nor a digit. Hyphens, apostrophes and underscores join words to one, of
which each begins: "mail", "e-mail" and "email" find "E-mail". Scripts without spaces, such as Chinese and Thai, have a
word beginning at each character. A symbol, such as an emoji, is a word of its own.

Sources: Unicode Standard Annex 15, "Unicode Normalization Forms"; Annex 44, "Unicode Character Database" (general
categories and combining classes); the Unicode Standard, 3.13, "Default Case Algorithms".
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from unicodedata import category, combining, decimal, normalize

_JOINERS = "-'_\u00b7\u02bc\u058a\u05be\u05f3\u05f4\u2010\u2012\u2013\u2018\u2019\u2027"
_ANY_JOINER = re.compile(f"[{_JOINERS}]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1980-\u19df\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\U00020000-\U0003ffff]"
)
_DIGITS = re.compile("[0-9]+")

# Letters that are not decomposed, as they are written without them; the dotless i is the capital I of other languages.
_LETTERS = {
    "æ": "ae", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "ø": "o", "œ": "oe", "ŧ": "t",
    "þ": "th",
}  # fmt: skip
_UNSEEN = {"\u034f", "\u0640"}  # the grapheme joiner, and what stretches Arabic words

_MAX_CACHED = 20_000
_MAX_TITLE_KEY = 100

Word = tuple[str, Sequence[int]]  # without its joiners, and where a search may begin in it


class _Folding(dict[int, str | None]):
    """What `str.translate` replaces a character by; None drops it."""

    def __missing__(self, code: int) -> str | None:
        folded = _folded(chr(code))
        if len(self) < _MAX_CACHED:
            self[code] = folded
        return folded


def fold(text: str) -> str:
    """Return the text without accents, case, unseen characters and compatibility forms, with ASCII digits."""
    if text.isascii():
        return text.lower()
    decomposed = normalize("NFKD", normalize("NFKD", text).casefold())
    return normalize("NFC", decomposed.translate(_FOLDING))


def search_terms(text: str) -> tuple[str, ...]:
    """Return what a search looks for: the words of its text, without joiners and repetitions."""
    return tuple(dict.fromkeys(word for word, _ in _words(fold(text))))


def finds(terms: Sequence[str], *texts: str | None) -> bool:
    """Return whether each term is the beginning of a word of one of the texts."""
    folded = [fold(text) for text in texts if text]
    joined = "\n".join(_ANY_JOINER.sub("", text) for text in folded)
    if not all(term in joined for term in terms):  # most texts end here
        return False
    words, starts = _beginnings(folded)
    return all(_begins(term, words, starts) for term in terms)


def title_key(title: str) -> str:
    """Return what titles are sorted by: their words as they are searched, with numbers in their order.

    Titles that begin with the same hundred characters are sorted as if they were one.
    """
    words = " ".join(word for word, _ in _words(fold(title)))
    return _DIGITS.sub(lambda digits: _sortable(digits[0]), words)[:_MAX_TITLE_KEY]


def _sortable(digits: str) -> str:
    number = digits.lstrip("0")
    return f"{len(number):03}{number}"


def _beginnings(folded: Iterable[str]) -> tuple[str, set[int]]:
    """Return the words of texts, one a line, and where a search may begin."""
    lines, starts, length = list[str](), set[int](), 0
    for word, begins in (word for text in folded for word in _words(text)):
        starts.update(length + start for start in begins)
        lines.append(word)
        length += len(word) + 1
    return "\n".join(lines), starts


def _begins(term: str, words: str, starts: Collection[int]) -> bool:
    place = words.find(term)
    while place >= 0 and place not in starts:
        place = words.find(term, place + 1)
    return place >= 0


def _words(folded: str) -> Iterator[Word]:
    word, starts, begins = "", list[int](), True
    for char in f"{folded}\n":
        kind = category(char)[0]
        if char in _JOINERS:
            begins = True
        elif kind in "LMN":
            if begins or (kind != "M" and (_UNSPACED.match(char) or _UNSPACED.match(word[-1:]))):
                starts.append(len(word))
            word, begins = word + char, False
        else:
            if word:
                yield word, starts
            word, starts, begins = "", [], True
            if kind == "S":
                yield char, (0,)


def _folded(char: str) -> str | None:
    if category(char) == "Cf" or char in _UNSEEN or _is_accent(char):
        return None
    return _LETTERS.get(char) or str(decimal(char, char))


def _is_accent(char: str) -> bool:
    """Whether a mark is an accent or a point; those of other combining classes are parts of letters and syllables."""
    class_ = combining(char)
    return class_ == 1 or 10 <= class_ <= 36 or class_ >= 200 or _is_variation_selector(char)


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


_FOLDING = _Folding()
