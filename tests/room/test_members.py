"""Who is here."""

from __future__ import annotations

import re

import pytest

from hivemind_chatroom.errors import NameInvalidError, NameTakenError
from hivemind_chatroom.room import attendance
from hivemind_chatroom.room.attendance import VISITORS_MAX
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import Introduction, MemberId, SessionId
from hivemind_chatroom.room.names import ANONYMOUS, NAME_MAX
from hivemind_chatroom.store.memory import MemoryBook


@pytest.fixture
def members() -> Members:
    return Members(MemoryBook())


def join(members: Members, name: str, lang: str = "en", site_id: str = "flask") -> MemberId:
    return members.join(name, lang, site_id).member.id


def names(members: Members) -> list[str]:
    return [member.name for member, _ in members.listing()]


def test_whoever_joins_is_known_by_key_by_id_and_by_session(members: Members) -> None:
    joined = members.join("Ana", "pt-PT", "kitchen")
    ana = joined.member
    assert (ana.name, ana.lang, ana.site_id) == ("Ana", "pt-PT", "kitchen")
    assert members.by_key(joined.key) == ana
    assert members.by_id(ana.id) == ana
    assert members.by_session(ana.session.id) == ana


def test_nobody_is_known_by_what_was_never_given_out(members: Members) -> None:
    join(members, "Ana")
    assert members.by_key("Ana") is None
    assert members.by_key("") is None
    assert members.by_id(MemberId("Ana")) is None
    assert members.by_session(SessionId("Ana")) is None


def test_ids_sessions_and_keys_are_random_and_say_nothing_of_the_name(members: Members) -> None:
    first = members.join("Ana", "en", "flask")
    members.leave(first.member.id)
    second = members.join("Ana", "en", "flask")
    assert first.key != second.key
    assert first.member.id != second.member.id
    assert first.member.session.id != second.member.session.id


def test_a_session_id_is_hex_alone(members: Members) -> None:
    session = members.join("Ana", "en", "flask").member.session
    assert re.fullmatch("[0-9a-f]{16}", session.id)


def test_a_color_is_one_of_eight(members: Members) -> None:
    colors = {members.join(f"Ana {i}", "en", "flask").member.color for i in range(100)}
    assert colors <= set(range(8))
    assert len(colors) > 1


def test_the_name_is_kept_clean(members: Members) -> None:
    join(members, "  Ana\u200b  Maria ")
    assert names(members) == ["Ana Maria"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("Everyone", "taken for the room's own"), (ANONYMOUS, "stands for people without one")],
)
def test_a_reserved_name_is_refused_for_the_true_reason(
    members: Members, name: str, why: str
) -> None:
    with pytest.raises(NameInvalidError, match=why):
        join(members, name)


@pytest.mark.parametrize("name", ["HiveMind", "hіvemind", "Host", ANONYMOUS])
def test_reserved_names_are_nobodys(members: Members, name: str) -> None:
    with pytest.raises(NameInvalidError):
        join(members, name)


@pytest.mark.parametrize("name", ["Ana", "ANA", "Аna", "A n a", "Ána"])
def test_a_name_that_a_cookie_holds_is_taken_and_another_is_offered(
    members: Members, name: str
) -> None:
    join(members, "Ana")
    with pytest.raises(NameTakenError) as refusal:
        join(members, name)
    assert (refusal.value.name, refusal.value.suggestion) == ("Ana", "Ana 2")
    join(members, refusal.value.suggestion)


def test_what_is_offered_is_free(members: Members) -> None:
    for name in ("Ana", "Ana 2", "ana3"):
        join(members, name)
    with pytest.raises(NameTakenError) as refusal:
        join(members, "Ana")
    assert refusal.value.suggestion == "Ana 4"


def test_what_is_offered_is_found_quickly_however_many_bear_the_name(members: Members) -> None:
    join(members, "Ana")
    for number in range(2, 200):
        join(members, f"Ana {number}")
    with pytest.raises(NameTakenError) as refusal:
        join(members, "Ana")
    assert re.fullmatch(r"Ana [1-9][0-9]{3}", refusal.value.suggestion)
    join(members, refusal.value.suggestion)


def test_what_is_offered_in_place_of_the_longest_name_can_be_one(members: Members) -> None:
    join(members, "a" * NAME_MAX)
    with pytest.raises(NameTakenError) as refusal:
        join(members, "a" * NAME_MAX)
    join(members, refusal.value.suggestion)


def test_a_name_is_taken_by_what_its_capitals_look_like(members: Members) -> None:
    join(members, "ANNA")
    with pytest.raises(NameTakenError):
        join(members, "ΑΝΝΑ")  # Greek


def test_a_visitor_is_made_at_first_sight_and_found_again(members: Members) -> None:
    first = members.visit("Ana", "en", "flask")
    again = members.visit("Ana", "en", "flask")
    assert first.member == again.member
    assert (first.is_news, again.is_news) == (True, False)


def test_a_visitor_who_speaks_another_language_is_news(members: Members) -> None:
    members.visit("Ana", "en", "flask")
    visited = members.visit("Ana", "pt-PT", "kitchen")
    assert visited.is_news
    assert (visited.member.lang, visited.member.site_id) == ("pt-PT", "kitchen")


def test_upstreams_anybody_may_visit(members: Members) -> None:
    assert members.visit(ANONYMOUS, "en", "flask").member.name == ANONYMOUS


def test_nobody_may_visit_as_the_assistant(members: Members) -> None:
    with pytest.raises(NameInvalidError):
        members.visit("HiveMind", "en", "flask")


def test_a_name_that_a_cookie_holds_is_not_spoken_for_by_its_name(members: Members) -> None:
    join(members, "Ana")
    with pytest.raises(NameTakenError):
        members.visit("ana", "en", "flask")


def test_whoever_joins_takes_over_a_visitor(members: Members) -> None:
    visitor = members.visit("Ana", "en", "flask").member
    assert join(members, "ANA", "pt-PT") == visitor.id
    assert names(members) == ["ANA"]
    with pytest.raises(NameTakenError):
        members.visit("Ana", "en", "flask")


def test_a_visitor_who_is_spelt_otherwise_leaves_its_old_spelling_free(members: Members) -> None:
    members.visit("ΑΝΝΑ", "en", "flask")  # Greek: its small letters look like avva
    anna = join(members, "anna")
    bob = join(members, "Bob")
    members.leave(anna)
    changed = members.change(bob, Introduction("avva", "en", "flask"))
    assert changed
    assert changed.name == "avva"


def test_a_member_may_be_called_otherwise(members: Members) -> None:
    joined = members.join("Ana", "en", "flask")
    changed = members.change(joined.member.id, Introduction("Rita", "pt-PT", "kitchen"))
    assert changed is not None
    assert (changed.name, changed.lang, changed.site_id) == ("Rita", "pt-PT", "kitchen")
    assert changed.id == joined.member.id
    assert changed.session == joined.member.session
    assert members.by_key(joined.key) == changed


def test_the_old_name_is_free_again(members: Members) -> None:
    ana = join(members, "Ana")
    members.change(ana, Introduction("Rita", "en", "flask"))
    join(members, "Ana")
    with pytest.raises(NameTakenError):
        join(members, "Rita")


def test_a_member_may_spell_its_own_name_otherwise(members: Members) -> None:
    ana = join(members, "Ana")
    members.change(ana, Introduction("ANA", "en", "flask"))
    assert names(members) == ["ANA"]


def test_a_member_cannot_take_anothers_name(members: Members) -> None:
    join(members, "Ana")
    bob = join(members, "Bob")
    with pytest.raises(NameTakenError):
        members.change(bob, Introduction("ana", "en", "flask"))
    assert names(members) == ["Ana", "Bob"]


def test_a_refused_change_changes_nothing(members: Members) -> None:
    ana = join(members, "Ana")
    with pytest.raises(NameInvalidError):
        members.change(ana, Introduction("HiveMind", "pt-PT", "flask"))
    assert names(members) == ["Ana"]
    with pytest.raises(NameTakenError):
        join(members, "Ana")


def test_who_has_left_is_not_changed(members: Members) -> None:
    ana = join(members, "Ana")
    members.leave(ana)
    assert members.change(ana, Introduction("Rita", "en", "flask")) is None
    assert names(members) == []


def test_what_the_assistant_wants_to_know_is_kept_through_a_change_of_name(
    members: Members,
) -> None:
    ana = join(members, "Ana")
    members.remember(ana, {"game": "guess"})
    changed = members.change(ana, Introduction("Rita", "en", "flask"))
    assert changed is not None
    assert changed.session.state == {"game": "guess"}


def test_nothing_is_remembered_of_who_has_left(members: Members) -> None:
    ana = join(members, "Ana")
    members.leave(ana)
    members.remember(ana, {"game": "guess"})
    assert members.by_id(ana) is None


def test_who_leaves_is_forgotten_and_the_name_is_free(members: Members) -> None:
    joined = members.join("Ana", "en", "flask")
    assert members.leave(joined.member.id)
    assert members.by_key(joined.key) is None
    assert members.by_id(joined.member.id) is None
    assert members.by_session(joined.member.session.id) is None
    join(members, "Ana")


def test_one_leaves_once(members: Members) -> None:
    ana = join(members, "Ana")
    assert members.leave(ana)
    assert not members.leave(ana)


def test_others_stay_when_one_leaves(members: Members) -> None:
    ana = join(members, "Ana")
    bob = members.join("Bob", "en", "flask")
    members.leave(ana)
    assert members.by_key(bob.key) == bob.member
    assert names(members) == ["Bob"]


def test_everybody_is_listed_in_the_order_of_arrival(members: Members) -> None:
    for name in ("Ana", "Bob", "Carla"):
        join(members, name)
    members.change(members.listing()[0][0].id, Introduction("Zita", "en", "flask"))
    assert names(members) == ["Zita", "Bob", "Carla"]


def test_presence_is_listed(members: Members) -> None:
    ana = join(members, "Ana")
    assert not members.present.has(ana)
    members.present.note(ana, present=True)
    assert members.present.has(ana)
    assert [present for _, present in members.listing()] == [True]
    members.present.note(ana, present=False)
    assert not members.present.has(ana)


def test_who_has_left_is_not_present(members: Members) -> None:
    ana = join(members, "Ana")
    members.present.note(ana, present=True)
    members.leave(ana)
    assert not members.present.has(ana)
    assert members.present.note(ana, present=True) is None
    assert not members.present.has(ana)


def visit_by_many(members: Members, count: int) -> list[MemberId]:
    return [members.visit(f"guest {number}", "en", "flask").member.id for number in range(count)]


def test_of_too_many_visitors_the_longest_silent_are_forgotten(members: Members) -> None:
    ana = join(members, "Ana")
    first, second, *_ = visit_by_many(members, VISITORS_MAX + 1)
    members.visit("guest 0", "en", "flask")
    assert members.forget_silent() == second
    assert members.forget_silent() is None
    assert members.by_id(second) is None
    assert members.by_id(first) is not None
    assert members.by_id(ana) is not None
    assert join(members, "guest 1") != second


def test_a_visitor_who_joined_in_time_stays(members: Members) -> None:
    visit_by_many(members, VISITORS_MAX)
    joined = members.join("guest 0", "en", "flask")
    members.visit("one more", "en", "flask")
    assert members.forget_silent() is None
    assert members.by_key(joined.key) == joined.member


def test_nobody_is_forgotten_whose_page_is_open_or_whose_cookie_was_just_shown(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "JOINED_MAX", 3)
    here, shown, silent, newest = (members.join(name, "en", "flask") for name in "ABCD")
    members.by_key(here.key)
    members.present.note(here.member.id, present=True)
    members.by_key(shown.key)
    join(members, "E")
    assert [members.forget_silent(), members.forget_silent()] == [
        silent.member.id,
        newest.member.id,
    ]
    assert members.by_key(here.key) is not None
    assert members.by_key(shown.key) is not None
