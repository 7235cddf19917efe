"""What people may call themselves, and which names are one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.errors import NameInvalidError
from hivemind_chatroom.room.names import (
    CODE_POINTS_MAX,
    NAME_MAX,
    clean_name,
    is_reserved,
    look_alike,
    skeletons,
)

EVERY_SCRIPT = [
    "Ana",
    "José María",
    "Zoë",
    "Łukasz",
    "Đorđe",
    "İpek",
    "Nguyễn Thị",
    "Ёлка",
    "Андрій",
    "Αλέξης",
    "Հայկ",
    "თამარ",
    "שרה",
    "محمد",
    "سارة",
    "علی‌رضا",  # a joiner keeps the two parts of the name from joining
    "ދިވެހި",
    "ܐܒܪܗܡ",
    "अनिल",
    "ক্ষিতীশ",
    "ਗੁਰਪ੍ਰੀਤ",
    "ગીતા",
    "தமிழ்",
    "తెలుగు",
    "ಕನ್ನಡ",
    "മലയാളം",
    "සිංහල",
    "นภา",
    "ສົມພອນ",
    "မြန်မာ",
    "ខ្មែរ",
    "བསྟན་འཛིན",
    "ማርያም",
    "ᏣᎳᎩ",
    "ᐃᓄᒃ",
    "ᠮᠣᠩᠭᠣᠯ",
    "李雷",
    "はなこ",
    "ハナコ",
    "김철수",
    "𞤀𞤣𞤤𞤢𞤥",
    "Tú",
    "Du",
    "Alie",
    "Yousef",
    "Adam",
]

EMOJI = [
    "😀",
    "❤️",
    "👩🏽‍💻",
    "👨‍👩‍👧‍👦",
    "❤️‍🔥",
    "🏳️‍🌈",
    "🇵🇹",
    "1️⃣",
    "Ana 🌻",
]

# Some of the letters are Cyrillic or Greek.
ASSISTANTS_LOOK_ALIKES = [
    "HiveMind",
    "hivemind",
    "HIVEMIND",
    "Hive Mind",
    "Hive-Mind",
    "Hive_Mind",
    "hive.mind",
    "H1veM1nd",
    "HiveMlnd",
    "Hive|Mind",
    "HıveMınd",
    "Hívemínd",
    "HiveMind\u0301",
    "HiveMind\ufe0f",
    "HiveMind\u1160",
    "Hive\u200bMind",
    "Hive\u2060Mind",
    "Hive\u00adMind",
    "\u202eHiveMind",
    "НiveМind",
    "ΗiveΜind",
    "Hіvеmіnd",
    "ＨｉｖｅＭｉｎｄ",
    "𝓗𝓲𝓿𝓮𝓜𝓲𝓷𝓭",
    "ⓗⓘⓥⓔⓜⓘⓝⓓ",
    "🅗🅘🅥🅔🅜🅘🅝🅓",
    "🅷🅸🆅🅴🅼🅸🅽🅳",
    "🄷🄸🅅🄴🄼🄸🄽🄳",
    "ʜɪᴠᴇᴍɪɴᴅ",
    "HiveMind ✓",
    "✅HiveMind",
    "Assistant",
    "Аssistаnt",
    "the assistant",
    "Host",
    "HOST",
    "Operator",
    "Assistente",
    "Ассистент",
    "助手",
    "anon_user",
    "Anon User",
    "You",
    "Υou",
    "Everyone",
    "Εvеryоne",
    "admin",
    "Аdmіn",
    "system",
    "Sy5tem",
    "Système",
    "Sistema",
    "Gastgeber",
    "Anfitriao",
    "Tout le monde",
    "المضيف",
    "الجميع",
]

ONE_NAME = [
    ("Ana", "ana"),
    ("Ana", "ANA"),
    ("Ana", "\u0410na"),  # Cyrillic
    ("Ana", "\u0391na"),  # Greek
    ("Ana", "Ána"),
    ("Ana", "A n a"),
    ("Ana", "A.n.a."),
    ("Ana", "ａｎａ"),
    ("Ana", "an\u0251"),
    ("Ana", "Ana\ufe0e"),
    ("ANNA", "ΑΝΝΑ"),  # all Greek
    ("αννα", "ΑΝΝΑ"),  # the same name, small and capital
    ("Ηλίας", "ηλίας"),
    ("Anna", "Аппа"),  # Cyrillic
    ("Maria", "Mar1a"),
    ("Maria", "MARlA"),
    ("Bob", "B0b"),
    ("José", "Jose\u0301"),
    ("José", "Jose"),
    ("ß", "ss"),
    ("❤", "❤️"),
    ("김철수", unicodedata.normalize("NFD", "김철수")),
]

TWO_NAMES = [
    ("Ana", "Anna"),
    ("Ana", "Ana 2"),
    ("Han", "Nan"),
    ("अनिल", "अनल"),
    ("নীলা", "নিলা"),
    ("שרה", "שרי"),
    ("李", "季"),
    ("😀", "😃"),
    ("👩🏽", "👩🏿"),
]


@pytest.mark.parametrize("name", EVERY_SCRIPT + EMOJI)
def test_a_name_in_any_script_is_kept_as_it_was_typed(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize("name", EVERY_SCRIPT + EMOJI)
def test_a_name_in_any_script_is_not_the_assistants(name: str) -> None:
    assert not is_reserved(name)


@pytest.mark.parametrize("name", ASSISTANTS_LOOK_ALIKES)
def test_whatever_passes_for_the_assistant_or_the_host_is_reserved(name: str) -> None:
    assert is_reserved(clean_name(name))


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert look_alike(clean_name(one), clean_name(other))


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_names_that_differ_to_the_eye_are_two(one: str, other: str) -> None:
    assert not look_alike(clean_name(one), clean_name(other))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana  ", "Ana"),
        ("Ana\tMaria\nSilva", "Ana Maria Silva"),
        ("Ana\u00a0\u2003Silva", "Ana Silva"),
        ("A\x00n\x1ba", "Ana"),
        ("\u202eanA\u202c", "anA"),
        ("\u2066Ana\u2069", "Ana"),
        ("A\u200b\u200cn\u200d\ufeffa", "Ana"),
        ("Ana\ufe0f\u034f\u3164\u2800", "Ana"),
        ("Ａｎａ", "Ana"),
        ("ﬁona", "fiona"),
        ("Ana\ufffd", "Ana"),
        ("\ud800Ana\udfff", "Ana"),
    ],
)
def test_what_cannot_be_seen_is_left_out(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "...",
        "-_-",
        "\u200b",
        "\u202e\u202c",
        "\u0301",
        "\u3164",
        "\u1160\u115f",
        "\u2800",
        "\ufe0f",
        "\ufffc",
        "\x00\x1b",
        "\ud800",
        "a/b",
        "a\\b",
        "⁄／a",  # two that NFKC makes slashes of
        "a" * (NAME_MAX + 1),
        "z" + "\u0323\u0302" * CODE_POINTS_MAX,
    ],
)
def test_what_nobody_could_be_called_is_refused(typed: str) -> None:
    with pytest.raises(NameInvalidError):
        clean_name(typed)


@pytest.mark.parametrize(("typed", "wrong"), [("<b>x</b>", "/"), ("a\\b", r"\\")])
def test_a_refused_name_is_told_which_sign_is_in_the_way(typed: str, wrong: str) -> None:
    with pytest.raises(NameInvalidError, match=f"can't have {wrong} in it"):
        clean_name(typed)


def test_marks_do_not_count_as_letters() -> None:
    assert clean_name("กี่" * 20) == "กี่" * 20


def test_as_many_letters_as_allowed_are_allowed() -> None:
    assert clean_name("é" * NAME_MAX) == "é" * NAME_MAX


@given(st.text(max_size=80))
def test_a_name_is_clean_after_one_cleaning(typed: str) -> None:
    try:
        name = clean_name(typed)
    except NameInvalidError:
        return
    assert clean_name(name) == name
    assert name.encode("utf-8")
    assert 0 < len(name) <= CODE_POINTS_MAX
    assert "/" not in name
    assert all(skeletons(name))


@given(st.text(max_size=40))
def test_a_name_looks_like_itself_in_any_case(typed: str) -> None:
    try:
        name = clean_name(typed)
    except NameInvalidError:
        return
    assert look_alike(name, name)
    assert look_alike(name, name.casefold())
