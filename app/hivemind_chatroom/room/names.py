"""What a name may be, and which names look alike.

Names are folded the way UTS 39 (Unicode Security Mechanisms, section 4) makes skeletons:
compatibility forms, case, combining accents of Latin, Greek and Cyrillic, and look-alike letters
of neighbouring scripts disappear, so "Ana", "ANA" and "Аna" with a Cyrillic А are one name.
A name has two skeletons, as a small letter may pass for another one than its capital does: the
Greek ΑΝΝΑ for the Latin ANNA, but αννα rather for avva.
"""

from __future__ import annotations

import re
import unicodedata

from hivemind_chatroom.errors import NameInvalidError

NAME_MAX = 24
"""Characters a reader sees, marks not counted."""

CODE_POINTS_MAX = 64
"""Code points, so that marks can't be piled up without end."""

ANONYMOUS = "anon_user"
"""Upstream's name for whoever gave none; only its form routes may use it."""

_KEYCAP = "\u20e3"
"""Puts a digit on a key, with `_EMOJI_STYLE` between the two."""

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9
"""The combining class of the signs after which Indic scripts join letters."""

_EMOJI_STYLE = "\ufe0f"
"""Asks for the coloured form of the symbol before it; seen nowhere else."""

_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Marks on letters of Latin, Greek and Cyrillic; those of other scripts are letters themselves."""

_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0e\ufffc\ufffd\U0001d159"
    "\U000e0100-\U000e01ef]"
)
"""Marks, letters and symbols that draw nothing (Default_Ignorable_Code_Point, and two blanks), and
the two signs that stand for something that isn't there."""

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
    # the host
    "Anfitrião",
    "Anfitrión",
    "Anfitrió",
    "Hôte",
    "Gastgeber",
    "Gastheer",
    "Vært",
    "المضيف",
    "Admin",
    "Administrator",
    "Administrador",
    "Administrateur",
    "Amministratore",
    "Beheerder",
    "المدير",
    "Moderator",
    "Root",
    # what the page calls its reader, and all of them; no "Tu" or "Alle", which are people's names
    "You",
    "Você",
    "Vous",
    "أنت",
    "Everyone",
    "Everybody",
    "Nobody",
    "Todos",
    "Todo el mundo",
    "Toda a gente",
    "Tout le monde",
    "Tothom",
    "Tutti",
    "Iedereen",
    "الجميع",
    # what speaks for itself
    "System",
    "The System",
    "Sistema",
    "Système",
    "Systeem",
    "النظام",
)
"""Whom nobody may pretend to be, in the languages that the page offers; compared by skeleton."""

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
        "ɑ": "a", "ɡ": "g", "ŋ": "n", "ƅ": "b", "ł": "l", "đ": "d", "ħ": "h",
        # small capitals, which every generator of fancy letters offers
        "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "l",
        "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ꞯ": "q", "ʀ": "r",
        "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
        # Hebrew and Arabic letters that pass for an l or an o
        "ו": "l", "ן": "l", "ס": "o", "ا": "l", "ه": "o",
    }
)  # fmt: skip

# Capitals that pass for another letter than their small ones do.
_CAPITAL_LOOK_ALIKES = str.maketrans("ΒΖΗΙΚΜΝΥИ", "BZHIKMNYN")

# White letters on black discs and squares; the black ones on white are gone after NFKC.
_CAPITAL_LOOK_ALIKES |= {
    first + index: ord("A") + index for first in (0x1F150, 0x1F170) for index in range(26)
}


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
        raise NameInvalidError("Please pick a name of 1-{most} letters.", most=NAME_MAX)
    if visible > NAME_MAX or len(name) > CODE_POINTS_MAX:
        raise NameInvalidError(
            "That name is too long. Please pick one of 1-{most} letters.", most=NAME_MAX
        )
    if separators := _PATH_SEPARATORS & set(name):
        raise NameInvalidError(
            "A name can't have {characters} in it.", characters=" ".join(sorted(separators))
        )
    return name


def own_name(raw: str) -> str:
    """Return a name as somebody may have it for their own.

    Raises:
        NameInvalidError: It can't be one, or stands for the room's own or for nobody.
    """
    name = clean_name(raw)
    if look_alike(name, ANONYMOUS):
        raise NameInvalidError("That name stands for people without one. Please pick your own.")
    if is_reserved(name):
        raise NameInvalidError("That name would be taken for the room's own. Please pick another.")
    return name


def skeletons(name: str) -> frozenset[str]:
    """Return what two names that look alike have in common: at least one of these."""
    compatible = unicodedata.normalize("NFKC", name)
    decomposed = unicodedata.normalize("NFD", compatible)
    return frozenset((_fold(compatible), _fold(decomposed.translate(_CAPITAL_LOOK_ALIKES))))


def look_alike(one: str, other: str) -> bool:
    """Tell whether a reader may take one name for the other."""
    return not skeletons(one).isdisjoint(skeletons(other))


def is_reserved(name: str) -> bool:
    """Tell whether the name is the assistant's, the host's or a word of the page, or looks so.

    Symbols make no other name of it: "HiveMind ✓" looks more like the assistant, not less.
    """
    return any(_without_symbols(found) in _RESERVED_SKELETONS for found in skeletons(name))


def _fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(c for c in decomposed if c.isalnum() or _is_symbol(c) or _is_own_mark(c))
    return letters.translate(_LOOK_ALIKES)


def _without_symbols(folded: str) -> str:
    return "".join(char for char in folded if not _is_symbol(char))


def _strip_invisible(text: str) -> str:
    kept: list[str] = []
    for index, char in enumerate(text):
        following = text[index + 1] if index + 1 < len(text) else ""
        if unicodedata.category(char) in {"Zs", "Zl", "Zp"} or char in "\t\n\r":
            kept.append(" ")
        elif char in (_ZWNJ, _ZWJ):
            if kept and following and _joiner_belongs(char, kept[-1], following):
                kept.append(char)
        elif char == _EMOJI_STYLE:
            if kept and (_is_symbol(kept[-1]) or following == _KEYCAP):
                kept.append(char)
        elif _BLANKS.match(char):
            continue
        elif not unicodedata.category(char).startswith("C"):
            kept.append(char)
    return "".join(kept)


def _joiner_belongs(joiner: str, before: str, after: str) -> bool:
    """Allow joiners where they change what is read (UAX 31, section 2.3, and emoji sequences)."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if joiner == _ZWNJ:
        return all(unicodedata.bidirectional(char) == "AL" for char in (before, after))
    return _is_symbol(after) and (_is_symbol(before) or before == _EMOJI_STYLE)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in (_ZWNJ, _ZWJ)


def _is_own_mark(char: str) -> bool:
    """Tell a vowel sign of a script of its own from an accent, and from what isn't seen."""
    unseen = char in (_ZWNJ, _ZWJ, _EMOJI_STYLE) or _BLANKS.match(char)
    return _is_mark(char) and not unseen and not _ACCENTS.match(char)


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk"}


def _can_stand_alone(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) == "So"


_RESERVED_SKELETONS = frozenset().union(*(skeletons(name) for name in _RESERVED))
