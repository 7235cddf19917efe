import pytest

from hivemind_chatroom.lan.service import CHATROOM, Service, label_of, text_value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kitchen", "Kitchen"),
        ("St. Ives", "St Ives"),
        ("  two\nlines\t", "two lines"),
        ("Küche 👩‍🍳", "Küche 👩 🍳"),
        ("", "(1a2b)"),
    ],
)
def test_a_label_is_one_line_without_dots(text: str, label: str) -> None:
    assert label_of(text, "" if text else "(1a2b)") == label


@pytest.mark.parametrize("text", ["x" * 100, "ü" * 100, "厨" * 100, "👩" * 100])
def test_a_label_is_cut_between_letters_to_63_bytes_and_keeps_its_suffix(text: str) -> None:
    label = label_of(text, " hc-1a2b3c4d")
    assert len(label.encode()) <= 63
    assert label.endswith(" hc-1a2b3c4d")
    assert set(label.removesuffix(" hc-1a2b3c4d")) == {text[0]}


def test_a_value_of_a_text_record_is_cut_too() -> None:
    assert text_value("Küche") == "Küche"
    assert len(text_value("厨" * 200).encode()) <= 150


def test_a_service_is_named_by_label_and_type() -> None:
    assert Service(CHATROOM, "Kitchen", "h.local", 1).name == "Kitchen._hivemind-chat._tcp.local."
