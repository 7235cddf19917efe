"""What a name may be, and which names look alike.

Names are folded the way UTS 39 (Unicode Security Mechanisms, section 4) makes skeletons:
compatibility forms, case, combining accents of Latin, Greek and Cyrillic, and look-alike letters
of neighbouring scripts disappear, so "Ana", "ANA" and "Аna" with a Cyrillic А are one name.
"""

from __future__ import annotations

import unicodedata

from hivemind_chatroom.errors import NameInvalidError

NAME_MAX = 24
"""Characters a reader sees, marks not counted."""

CODE_POINTS_MAX = 64
"""Code points, so that marks can't be piled up without end."""

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9
"""The combining class of the signs after which Indic scripts join letters."""

_PATH_SEPARATORS = frozenset("/\\")
"""A name is a part of the room's address."""

_RESERVED = (
    "HiveMind",
    "Hive Mind",
    "Assistant",
    "The Assistant",
    "Assistente",
    "Asistente",
    "Assistante",
    "Assistent",
    "Asystent",
    "Asistent",
    "Ассистент",
    "Помощник",
    "المساعد",
    "עוזר",
    "アシスタント",
    "助手",
    "Host",
    "The Host",
    "Operator",
    "Mycroft",
    "OVOS",
    "anon_user",
)
"""Whom nobody may pretend to be; compared by skeleton."""

# Letters drawn like a Latin one in the common fonts, from the intentional and confusable tables of
# UTS 39 (version 16), those that a phone keyboard can type. NFKC and casefold have run before.
_LOOK_ALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "ғ": "f", "һ": "h", "н": "h",
        "і": "l", "ї": "l", "ӏ": "l", "ј": "j", "к": "k", "м": "m", "о": "o", "ө": "o", "р": "p",
        "ԛ": "q", "г": "r", "ѕ": "s", "т": "t", "ц": "u", "ѵ": "v", "ԝ": "w", "х": "x", "у": "y",
        "ү": "y", "з": "3", "ь": "b", "э": "e", "є": "e", "п": "n", "и": "u",
        # Greek
        "α": "a", "β": "b", "ϲ": "c", "ς": "c", "ε": "e", "η": "n", "ι": "l", "κ": "k", "μ": "u",
        "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w",
        "ζ": "z",
        # Armenian
        "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "զ": "q", "ա": "w", "յ": "j", "ք": "p",
        # Latin letters and digits that pass for one another
        "i": "l", "ı": "l", "1": "l", "|": "l", "!": "l", "ɩ": "l", "0": "o", "ø": "o", "5": "s",
        "ɑ": "a", "ɡ": "g", "ŋ": "n", "ƅ": "b", "ɪ": "l", "ʏ": "y", "ł": "l", "đ": "d", "ħ": "h",
        # Hebrew and Arabic letters that pass for an l or an o
        "ו": "l", "ן": "l", "ס": "o", "ا": "l", "ه": "o",
    }
)  # fmt: skip


def clean_name(raw: str) -> str:
    """Return a name as it is kept and shown.

    Args:
        raw: What somebody typed, in any script.

    Returns:
        The name in NFKC, spaces collapsed, without control, format and direction characters;
        joiners stay where a script or an emoji needs them.

    Raises:
        NameInvalidError: It is empty, has no letter, digit or symbol, is too long, or has a slash.
    """
    name = " ".join(_strip_invisible(unicodedata.normalize("NFKC", raw)).split())
    visible = sum(not _is_mark(char) for char in name)
    if not any(_can_stand_alone(char) for char in name):
        raise NameInvalidError(f"Please pick a name of 1-{NAME_MAX} letters.")
    if visible > NAME_MAX or len(name) > CODE_POINTS_MAX:
        raise NameInvalidError(f"That name is too long. Please pick one of 1-{NAME_MAX} letters.")
    if _PATH_SEPARATORS & set(name):
        raise NameInvalidError("A name can't have a slash in it.")
    return name


def skeleton(name: str) -> str:
    """Return what two names that look alike have in common."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    decomposed = unicodedata.normalize("NFD", folded)
    letters = "".join(c for c in decomposed if c.isalnum() or _is_symbol(c) or _is_own_mark(c))
    return letters.translate(_LOOK_ALIKES)


def is_reserved(name: str) -> bool:
    """Tell whether the name is the assistant's or the host's, or looks like it."""
    return skeleton(name) in _RESERVED_SKELETONS


def _strip_invisible(text: str) -> str:
    kept: list[str] = []
    for index, char in enumerate(text):
        following = text[index + 1] if index + 1 < len(text) else ""
        if unicodedata.category(char) in {"Zs", "Zl", "Zp"} or char in "\t\n\r":
            kept.append(" ")
        elif char in (_ZWNJ, _ZWJ):
            if kept and following and _joiner_belongs(char, kept[-1], following):
                kept.append(char)
        elif not unicodedata.category(char).startswith("C"):
            kept.append(char)
    return "".join(kept)


def _joiner_belongs(joiner: str, before: str, after: str) -> bool:
    """Allow joiners where they change what is read (UAX 31, section 2.3, and emoji sequences)."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if joiner == _ZWNJ:
        return all(unicodedata.bidirectional(char) == "AL" for char in (before, after))
    return _is_symbol(after) and (_is_symbol(before) or before == "\ufe0f")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in (_ZWNJ, _ZWJ)


def _is_own_mark(char: str) -> bool:
    """Tell a vowel sign of a script of its own from an accent on a Latin or Greek letter."""
    return _is_mark(char) and not ("\u0300" <= char <= "\u036f") and char not in (_ZWNJ, _ZWJ)


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk"}


def _can_stand_alone(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) == "So"


_RESERVED_SKELETONS = frozenset(skeleton(name) for name in _RESERVED)
