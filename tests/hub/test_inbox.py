from __future__ import annotations

import threading

from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Started,
    TriedNow,
)
from hivemind_chatroom.hub.inbox import REPORTS_MAX, REPORTS_MAX_BYTES, TAKEN_AT_ONCE, Inbox

DEADLINE_S = 5.0


def test_what_is_posted_comes_before_what_is_reported() -> None:
    inbox = Inbox()
    number = inbox.next_connection()
    inbox.report(number, Opened())
    inbox.post(Started())
    assert [inbox.take(0), inbox.take(0), inbox.take(0)] == [[Started()], [Opened()], []]


def test_reports_come_in_order() -> None:
    inbox = Inbox()
    number = inbox.next_connection()
    inbox.report(number, Opened())
    inbox.report(number, Greeted())
    assert [inbox.take(0), inbox.take(0)] == [[Opened()], [Greeted()]]


def test_an_old_connection_is_not_heard_any_more() -> None:
    inbox = Inbox()
    old = inbox.next_connection()
    inbox.report(old, Opened())
    inbox.next_connection()
    inbox.report(old, Greeted())
    assert inbox.take(0) == []


def test_a_nudge_wakes_without_an_event() -> None:
    inbox = Inbox()
    woken = threading.Event()

    def wait() -> None:
        assert inbox.take(None) == []
        woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    inbox.nudge()
    assert woken.wait(DEADLINE_S)
    thread.join()


def test_a_nudge_wakes_once() -> None:
    inbox = Inbox()
    inbox.nudge()
    inbox.nudge()
    assert inbox.take(None) == []
    inbox.post(TriedNow())
    assert inbox.take(None) == [TriedNow()]
    assert inbox.take(0) == []


def fill(inbox: Inbox) -> int:
    number = inbox.next_connection()
    for _ in range(REPORTS_MAX):
        inbox.report(number, Opened())
    return number


def blocked_report(inbox: Inbox, number: int) -> threading.Thread:
    thread = threading.Thread(target=inbox.report, args=(number, Greeted()))
    thread.start()
    return thread


def test_a_connection_that_says_too_much_waits_until_there_is_room() -> None:
    inbox = Inbox()
    thread = blocked_report(inbox, fill(inbox))
    thread.join(0.05)
    assert thread.is_alive()
    inbox.take(0)
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


def test_a_connection_that_says_long_things_waits_sooner() -> None:
    inbox = Inbox()
    number = inbox.next_connection()
    long = Arrived(BusMessage("speak", {}, {}), REPORTS_MAX_BYTES)
    inbox.report(number, long)
    thread = blocked_report(inbox, number)
    thread.join(0.05)
    assert thread.is_alive()
    assert inbox.take(0) == [long]
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


def test_what_an_old_connection_said_at_length_keeps_nobody_waiting() -> None:
    inbox = Inbox()
    inbox.report(inbox.next_connection(), Arrived(BusMessage("", {}, {}), REPORTS_MAX_BYTES))
    inbox.report(inbox.next_connection(), Greeted())
    assert inbox.take(0) == [Greeted()]


def test_a_connection_that_waits_is_let_go_when_it_is_given_up() -> None:
    inbox = Inbox()
    thread = blocked_report(inbox, fill(inbox))
    inbox.next_connection()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    assert inbox.take(0) == []


def test_posting_never_waits() -> None:
    inbox = Inbox()
    fill(inbox)
    for _ in range(REPORTS_MAX + 1):
        inbox.post(TriedNow())
    assert inbox.take(0) == [TriedNow()]


def test_messages_that_follow_one_another_are_taken_together() -> None:
    inbox = Inbox()
    number = inbox.next_connection()
    said = [Arrived(BusMessage("speak", {"utterance": str(each)}, {}), 10) for each in range(3)]
    events: list[FromConnection] = [*said, Closed(), said[0]]
    for event in events:
        inbox.report(number, event)
    inbox.post(TriedNow())
    assert [inbox.take(0) for _ in range(5)] == [[TriedNow()], said, [Closed()], [said[0]], []]


def test_no_more_than_so_many_are_taken_together() -> None:
    inbox = Inbox()
    number = inbox.next_connection()
    for _ in range(TAKEN_AT_ONCE + 1):
        inbox.report(number, Arrived(BusMessage("speak", {}, {})))
    assert [len(inbox.take(0)) for _ in range(3)] == [TAKEN_AT_ONCE, 1, 0]
