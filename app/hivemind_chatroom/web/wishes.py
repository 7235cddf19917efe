"""Which languages whoever asks would like to read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

import langcodes
from flask import request

from hivemind_chatroom.web.catalogues import Catalogue, Catalogues
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.visitors import Visitors

PARAMETER: Final = "lang"
"""What a link says it by: `?lang=ar`."""

ACCEPTED_MAX: Final = 10
"""Languages of an Accept-Language header that are looked at."""

SAME_MAX: Final = 10
"""How far apart two tags may be (CLDR's language matching) to be one language that is spoken:
`pt-AO` and `pt-PT` are, `nb` and `da` are not. For reading, a related one will do."""


class Wishes:
    """Finds out what the request that is being answered says of languages.

    First comes what somebody chose: the link's `?lang=`, then what the member has joined with, then
    the address; then what the browser accepts, then what the room was set to.
    """

    def __init__(
        self, visitors: Visitors, known: KnownLanguages, catalogues: Catalogues, default: str
    ) -> None:
        """Ask `visitors` who it is; `default` is the room's own language."""
        self._visitors = visitors
        self._known = known
        self._catalogues = catalogues
        self._default = default

    def lang(self, offered: Sequence[str], address: str = "") -> str:
        """Return the language that somebody most likely speaks with the assistant.

        Args:
            offered: Of these one is proposed to whoever has chosen nothing.
            address: The language that somebody chose to have in the page's address, or nothing.
        """
        if chosen := self._chosen(address):
            return chosen[0]
        for tag in self._accepted():
            closest = langcodes.closest_match(tag, offered, SAME_MAX)[0]
            if closest in offered:
                return closest
        return self._default

    def catalogue(self, address: str = "") -> Catalogue:
        """Return the words to answer with; `address` is as for `lang`."""
        wanted = [*self._chosen(address), *self._accepted(), self._default]
        return self._catalogues.closest(wanted)

    def _chosen(self, address: str) -> list[str]:
        member = self._visitors.member()
        said = (request.args.get(PARAMETER, ""), member.lang if member else "", address)
        return self._standard(said)

    def _accepted(self) -> list[str]:
        accepted = (tag for tag, quality in request.accept_languages if quality > 0)
        return self._standard(tuple(islice(accepted, ACCEPTED_MAX)))

    def _standard(self, tags: Sequence[str]) -> list[str]:
        found = (self._known.standard(tag) for tag in tags)
        return [tag for tag in found if tag is not None]
