"""Makes the catalogues in app/hivemind_chatroom/locale. They are committed: to run needs no Babel.

    python packaging/catalogues.py            take new sentences up, and compile
    python packaging/catalogues.py --check    change nothing; say what is missing or out of date

<tag>/LC_MESSAGES/chatroom.po, for visitors, and operator.po, for the host, are what translators
write. Made of them are chatroom.mo, which the server reads, and chatroom.json and operator.json:
the sentences of each page's scripts alone.
"""

from __future__ import annotations

import gettext
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = ROOT / "app" / "hivemind_chatroom"
LOCALE: Final = PACKAGE / "locale"

LANGUAGES: Final = ("ar", "de", "es", "fr", "pt-PT")
"""BCP-47. English is the source, and has no catalogue."""

ERRORS: Final = (
    "BodyTooLargeError",
    "CodeWrongError",
    "DeviceCodeWrongError",
    "HostUnknownError",
    "LangInvalidError",
    "MessageUnknownError",
    "MutedError",
    "NameInvalidError",
    "NameTakenError",
    "NotAskableError",
    "NotJoinedError",
    "OriginForeignError",
    "RemovedError",
    "RoomFullError",
    "RoomPausedError",
    "SiteInvalidError",
    "StorageAwayError",
    "StorageFullError",
    "TextEmptyError",
    "TextTooLongError",
    "TooFastError",
    "TooManyTriesError",
)
"""Their first argument is a sentence that visitors meet; those of other errors are for programs and
for the host's console."""

Keywords = Mapping[str, tuple[int, ...] | None]
"""What is called with a sentence, and which arguments it is; None is the first."""

SAID: Final[Keywords] = {"_": None, "n": (1, 2), "t": None}
RAISED: Final[Keywords] = {**dict.fromkeys(ERRORS), "later": None}

Call = tuple[int, str, tuple[str | None, ...], list[str]]
"""A call with a sentence as Babel wants it told: line, name, arguments, comments."""

Reader = str | Callable[..., Iterable[Call]]
"""One of Babel's own by its name, or ours."""

_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
_CALL: Final = re.compile(
    rf"(?<![\w.])(?P<name>[tn])\(\s*(?P<first>{_TEXT})(?:,\s*(?P<second>{_TEXT}))?"
)
"""A call of `t` or `n` with its sentences written out."""


def calls_anywhere(file: IO[bytes], *_: object, **__: object) -> Iterator[Call]:
    """Yield the calls of `t` and `n`, those in templates inside of templates too.

    Babel's own reader of JavaScript takes a template up to its first backtick, whatever is around
    that, and the operator's page is made of templates.
    """
    source = file.read().decode("utf-8")
    for call in _CALL.finditer(source):
        line = source.count("\n", 0, call.start()) + 1
        sentences = (json.loads(call[group]) for group in ("first", "second") if call[group])
        yield line, call["name"], tuple(sentences), []


@dataclass(frozen=True, slots=True)
class Domain:
    """Sentences with catalogues of their own: who reads one page need not fetch the other's."""

    name: str
    """What its files are called."""
    sources: tuple[tuple[Reader, str, Keywords], ...]
    """By which reader, in which files, by which calls."""
    is_said_by_server: bool = False
    """Whether Python says any of it, and needs a `.mo`."""

    @property
    def template(self) -> Path:
        """The sentences without translations."""
        return LOCALE / f"{self.name}.pot"

    def source(self, tag: str) -> Path:
        """Return what the translators of a language write."""
        return LOCALE / tag / "LC_MESSAGES" / f"{self.name}.po"


CHATROOM: Final = Domain(
    "chatroom",
    (
        ("python", "desktop/**/*.py", RAISED),
        ("python", "room/**/*.py", RAISED),
        ("python", "store/**/*.py", RAISED),
        ("python", "web/**/*.py", RAISED),
        ("jinja2", "web/templates/**/*.html", SAID),
        ("javascript", "web/static/js/*.js", SAID),
    ),
    is_said_by_server=True,
)
OPERATOR: Final = Domain("operator", ((calls_anywhere, "operator/static/js/**/*.js", SAID),))
DOMAINS: Final = (CHATROOM, OPERATOR)

SAMPLES: Final = 200
"""Numbers up to which every plural form of our languages has come up."""

WIDTH: Final = 100

PROJECT: Final = "hivemind-flask-chatroom"
HOMEPAGE: Final = "https://github.com/JarbasHiveMind/HiveMind-flask-chatroom"

_HOLE: Final = re.compile(r"\{\w+\}")


def main(arguments: list[str]) -> str | None:
    """Do what was asked; return what is wrong, for the exit."""
    if arguments == ["--check"]:
        return "\n".join(faults()) or None
    if arguments:
        return __doc__
    update()
    return "\n".join(missing()) or None


def update() -> None:
    """Take up what the program says now, and compile what is translated."""
    for domain in DOMAINS:
        template = extracted(domain)
        if domain.template.exists():
            template.creation_date = _read(domain.template, None).creation_date
        _write(domain.template, template)
        for tag in LANGUAGES:
            catalogue = _catalogue(domain, tag)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            _write(domain.source(tag), catalogue)
    for file, data in compiled():
        file.write_bytes(data)


def faults() -> Iterator[str]:
    """Yield a line for each thing that `make catalogues`, or a translator, has to mend."""
    for domain in DOMAINS:
        said = {_key(message): message for message in extracted(domain) if message.id}
        for tag in LANGUAGES:
            known = {_key(message) for message in _catalogue(domain, tag) if message.id}
            new, old = sorted(said.keys() - known), sorted(known - said.keys())
            yield from (f"{tag}: make catalogues adds {key!r}" for key in new)
            yield from (f"{tag}: make catalogues drops {key!r}" for key in old)
    yield from missing()
    for file, data in compiled():
        if not file.exists() or file.read_bytes() != data:
            yield f"{file.relative_to(ROOT)}: make catalogues makes it anew"


def missing() -> Iterator[str]:
    """Yield a line for each sentence that a language lacks, or that can't be said as it is."""
    for domain in DOMAINS:
        for tag in LANGUAGES:
            for message in _catalogue(domain, tag):
                if message.id and (fault := _fault(message)):
                    yield f"{tag}: {fault}: {_key(message)!r}"


def extracted(domain: Domain) -> Catalog:
    """Return every sentence of a domain that the program says."""
    template = Catalog()
    for reader, pattern, keywords in domain.sources:
        for file in sorted(PACKAGE.glob(pattern)):
            place = file.relative_to(PACKAGE).as_posix()
            for _, message, comments, _ in extract_from_file(reader, file, keywords):
                template.add(message, locations=[(place, 0)], auto_comments=comments)
    return template


def compiled() -> Iterator[tuple[Path, bytes]]:
    """Yield what is made of the translations: files and what is to stand in them."""
    for domain in DOMAINS:
        for tag in LANGUAGES:
            catalogue = _catalogue(domain, tag)
            if domain.is_said_by_server:
                made = io.BytesIO()
                write_mo(made, catalogue)
                yield domain.source(tag).with_suffix(".mo"), made.getvalue()
            words = json.dumps(script_words(catalogue), ensure_ascii=False, separators=(",", ":"))
            yield domain.source(tag).with_suffix(".json"), f"{words}\n".encode()


def script_words(catalogue: Catalog) -> dict[str, str | dict[str, str]]:
    """Return the sentences of the scripts; plural ones under the names of browsers for forms."""
    forms = _forms(catalogue)
    return {
        _key(message): (
            {name: message.string[index] for name, index in forms.items()}
            if message.pluralizable
            else message.string
        )
        for message in sorted(catalogue, key=_key)
        if message.id and any(place.endswith(".js") for place, _ in message.locations)
    }


def _forms(catalogue: Catalog) -> dict[str, int]:
    """Return which of gettext's numbered forms each of CLDR's named ones is."""
    number_of = gettext.c2py(catalogue.plural_expr)
    name_of = Locale.parse(str(catalogue.locale)).plural_form
    return {name_of(count): number_of(count) for count in range(SAMPLES)}


def _fault(message: Message) -> str:
    ids, strings = _all(message.id), _all(message.string)
    if message.fuzzy:
        return "is fuzzy"
    if not all(strings):
        return "is missing"
    if any("<" in string for string in strings):
        return "has markup in it"
    holes = {hole for each in ids for hole in _HOLE.findall(each)}
    # "one new message" may do without its number, in languages that say it so.
    wanted = holes - {"{count}"} if message.pluralizable else holes
    if any(not wanted <= set(_HOLE.findall(string)) <= holes for string in strings):
        return "has other holes"
    return ""


def _all(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _key(message: Message) -> str:
    return _all(message.id)[0]


def _catalogue(domain: Domain, tag: str) -> Catalog:
    if domain.source(tag).exists():
        return _read(domain.source(tag), tag)
    return Catalog(Locale.parse(tag, sep="-"))


def _read(file: Path, tag: str | None) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, tag and str(Locale.parse(tag, sep="-")))


def _write(file: Path, catalogue: Catalog) -> None:
    catalogue.fuzzy = False
    catalogue.header_comment = ""
    # Who has translated what and when is known to git; Babel's samples of it would be lies.
    catalogue.project, catalogue.version = PROJECT, ""
    catalogue.msgid_bugs_address = HOMEPAGE
    catalogue.last_translator = catalogue.language_team = ""
    catalogue.revision_date = catalogue.creation_date
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
