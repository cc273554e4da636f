"""Which characters texts of people may have: what is shown must be what was written, in every script.

Sources: Unicode Technical Report 36, "Unicode Security Considerations"; Technical Standard 55, "Unicode Source Code
Handling", whose cause is the attack Trojan Source (CVE-2021-42574); Technical Standard 51, "Unicode Emoji".

Refused are control characters, what is no character, explicit directional formatting (it reorders what follows, and
text in Arabic or Hebrew needs none), and what cannot be seen and no script needs. Marks of direction (U+200E, U+200F,
U+061C), joiners (U+200C, U+200D) and variation selectors stay: scripts and emoji need them.
"""

import re

_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff"
_LINE_ENDS = r"\u0009\u000a\u000d\u2028\u2029"
_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
_UNSEEN = r"\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"

_REFUSED = f"{_CONTROL}{_DIRECTION}{_UNSEEN}"
# Spaces, marks of direction, joiners, variation selectors, and fillers, which are letters and a symbol by category.
_BLANK = (
    r"\u0020\u00a0\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180d\u180f\u2000-\u200f\u202f\u205f\u2800\u3000"
    r"\u3164\ufe00-\ufe0f\uffa0"
)

# Of JSON Schema, and so without what lies beyond 16 bits.
MULTI_LINE = f"^[^{_REFUSED}]*$"
ONE_LINE = f"^[^{_REFUSED}{_LINE_ENDS}]*[^{_REFUSED}{_LINE_ENDS}{_BLANK}][^{_REFUSED}{_LINE_ENDS}]*$"

_NONCHARACTERS = "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_UNSEEN_FORMATS = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # of shorthand and of music

_ANY_CONTROL = re.compile(f"[{_CONTROL}{_NONCHARACTERS}]")
_ANY_LINE_END = re.compile(f"[{_LINE_ENDS}]")
_DECEPTIVE = re.compile(
    # Tags and variation selectors can carry a text of their own, unseen.
    f"[{_DIRECTION}{_UNSEEN}{_UNSEEN_FORMATS}\U000e0000-\U000e007f]|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{{2}}"
)
_REGIONAL_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")

_ALL_BLANK = re.compile(f"[{_BLANK}{_LINE_ENDS}\U000e0100-\U000e01ef]*")


def check_characters(text: str, *, one_line: bool) -> None:
    """Check that a text has no other characters than those that it may have.

    Raises:
        ValueError: The message is for users.
    """
    if _ANY_CONTROL.search(text) or (one_line and _ANY_LINE_END.search(text)):
        raise ValueError(
            "Must be one line without control characters" if one_line else "Must not have control characters"
        )
    if _DECEPTIVE.search(_REGIONAL_FLAG.sub("", text)):
        raise ValueError("Must not have characters that are not seen or change the direction of others")


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen."""
    return _ALL_BLANK.fullmatch(text) is not None
