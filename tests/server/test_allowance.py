from __future__ import annotations

from hivemind_chatroom.server.allowance import Allowance


def test_an_address_holds_no_more_than_its_share() -> None:
    allowance = Allowance(overall=100, per_address=10)
    assert allowance.take("a", 6)
    assert not allowance.take("a", 5)
    assert allowance.take("a", 4)
    assert allowance.take("b", 10)


def test_all_together_hold_no_more_than_there_is() -> None:
    allowance = Allowance(overall=10, per_address=10)
    assert allowance.take("a", 6)
    assert not allowance.take("b", 5)
    assert allowance.take("b", 4)


def test_what_was_given_back_may_be_taken_again() -> None:
    allowance = Allowance(overall=10, per_address=10)
    assert allowance.take("a", 10)
    allowance.give_back("a", 4)
    assert allowance.take("a", 4)
    allowance.give_back("a", 10)
    assert allowance.take("b", 50)  # as the only one may


def test_the_only_one_may_hold_more_than_there_is() -> None:
    allowance = Allowance(overall=10, per_address=5)
    assert allowance.take("a", 50)
    assert not allowance.take("a", 1)
    assert not allowance.take("b", 1)
    allowance.give_back("a", 50)
    assert allowance.take("b", 50)
