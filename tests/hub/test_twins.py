from __future__ import annotations

from typing import Any

from hivemind_chatroom.hub.events import BusMessage
from hivemind_chatroom.hub.twins import TWIN_WINDOW_S, Twins

MARK = "_namespace_compat_twin"


def speak(
    topic: str, text: str = "hello", corr: str = "1", *, is_marked: bool = False
) -> BusMessage:
    context = {"corr": corr, MARK: True} if is_marked else {"corr": corr}
    return BusMessage(topic, {"utterance": text}, context)


def kept(*messages: BusMessage, apart_s: float = 0.0) -> list[BusMessage]:
    twins = Twins()
    return [
        message
        for index, message in enumerate(messages)
        if not twins.is_second(message, 1_000.0 + index * apart_s)
    ]


def test_one_event_under_both_names_is_heard_once() -> None:
    new, old = speak("ovos.utterance.speak"), speak("speak", is_marked=True)
    assert kept(new, old) == [new]


def test_the_order_of_the_names_does_not_matter() -> None:
    old, new = speak("speak"), speak("ovos.utterance.speak")
    assert kept(old, new) == [old]


def test_two_pairs_are_two_events() -> None:
    new, old = speak("ovos.utterance.speak"), speak("speak", is_marked=True)
    assert kept(new, old, new, old) == [new, new]


def test_the_same_words_twice_under_one_name_are_said_twice() -> None:
    assert len(kept(speak("speak"), speak("speak"))) == 2


def test_the_mark_alone_hides_nothing() -> None:
    marked = speak("speak", is_marked=True)
    assert kept(marked) == [marked]


def test_other_words_or_other_people_are_other_events() -> None:
    messages = [
        speak("ovos.utterance.speak"),
        speak("speak", "goodbye"),
        speak("speak", corr="2"),
    ]
    assert kept(*messages) == messages


def test_what_comes_later_is_another_event() -> None:
    new, old = speak("ovos.utterance.speak"), speak("speak")
    assert kept(new, old, apart_s=TWIN_WINDOW_S + 0.1) == [new, old]


def test_topics_with_one_name_are_left_alone() -> None:
    handled = speak("ovos.utterance.handled")
    assert kept(handled, handled) == [handled, handled]


def test_a_message_nested_beyond_reason_is_taken() -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"deeper": nested}
    assert len(kept(BusMessage("speak", nested, {}))) == 1
    while nested:  # taken apart by hand: freeing it all at once would overflow the stack of C
        nested = nested.pop("deeper")
