"""Modules and sheets leave as few, small files, and mean what they meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import CycleError
from pathlib import Path

import pytest

import hivemind_chatroom.web
from hivemind_chatroom.web import bundles
from hivemind_chatroom.web.bundles import (
    bundles_of,
    small_script,
    small_sheet,
    translated,
    whole_sheet,
    with_short_capitals,
    with_short_privates,
)

MODULES = {
    path.stem: path.read_text("utf-8")
    for path in (Path(hivemind_chatroom.web.__file__).parent / "static" / "js").glob("*.js")
}

PAGES = ("door", "main")
WORKER = {"backlog", "standing", "switchboard", "worker"}

MARKUP = "export function find(it) {\n  return it;\n}\n"
DOOR = """import { find } from "./markup.js";

const later = () => import("./room.js");
find(later);
"""
LINE = """import { find } from "./markup.js";

export class Line {
  it = find(1);
}
"""
ROOM = """import { Line } from "./line.js";
import { find } from "./markup.js";

export const a = find(Line);
"""


def sent() -> dict[str, str]:
    return bundles_of("door", {"door": DOOR, "markup": MARKUP, "line": LINE, "room": ROOM})


def test_what_is_needed_at_once_is_one_file_and_what_is_fetched_later_another() -> None:
    assert set(sent()) == {"door", "room"}


def test_a_module_comes_before_those_that_need_it() -> None:
    door, room = sent().values()
    assert door.index("function find") < door.index("find(later)")
    assert room.index("class _a") < room.index("const a=")


def test_what_is_there_already_is_not_sent_again() -> None:
    door, room = sent().values()
    assert "function find" not in room
    assert room.startswith('import{find}from"./door.js";')
    assert door.endswith("export{find};")


def test_a_file_gives_what_its_module_gives() -> None:
    assert sent()["room"].endswith("export{a};")


def test_what_two_later_files_need_comes_before_both() -> None:
    door = 'const parts = [import("./left.js"), import("./right.js")];\n'
    side = 'import { find } from "./markup.js";\n\nexport const found = find(1);\n'
    modules = {"door": door, "left": side, "right": side, "markup": MARKUP}
    files = bundles_of("door", modules)
    assert [name for name, text in files.items() if "function find" in text] == ["door"]
    assert files["left"] == 'import{find}from"./door.js";const found=find(1);export{found};'


def test_what_has_a_file_of_its_own_brings_all_that_it_needs() -> None:
    modules = {"door": DOOR, "markup": MARKUP, "line": LINE, "room": ROOM}
    assert set(bundles_of("door", modules, apart={"room"})) == {"door"}
    assert "import" not in bundles_of("room", modules, apart={"room"})["room"]


def test_a_type_of_a_module_is_no_reason_to_fetch_it() -> None:
    source = '/** @type {import("./markup.js").Found} */\nconst found = 1;\n'
    assert set(bundles_of("door", {"door": source, "markup": MARKUP})) == {"door"}


@pytest.mark.parametrize(
    "form",
    [
        "export default 1;",
        "export let count = 1;",
        "export { find };",
        'export * from "./markup.js";',
        'import * as markup from "./markup.js";',
        'import { find as seek } from "./markup.js";',
        'import "./markup.js";',
        "const { length } = [];",
    ],
)
def test_what_a_bundle_cannot_say_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=re.escape(form)):
        bundles_of("door", {"door": f"const door = 1;\n{form}\n", "markup": MARKUP})


@pytest.mark.parametrize("other", ["function find() {}", "class find {}", "const find = 1;"])
def test_two_modules_that_use_one_name_are_refused(other: str) -> None:
    here = 'import { a } from "./left.js";\nimport { b } from "./right.js";\n\na(b);\n'
    left, right = f"{other}\nexport const a = find;\n", f"{other}\nexport const b = find;\n"
    with pytest.raises(ValueError, match="find"):
        bundles_of("door", {"door": here, "left": left, "right": right})


def test_a_name_of_an_earlier_file_is_refused_where_it_is_taken() -> None:
    room = 'import { find } from "./markup.js";\nimport { a } from "./line.js";\n\nfind(a);\n'
    line = "const find = 1;\nexport const a = find;\n"
    with pytest.raises(ValueError, match="find"):
        bundles_of("door", {"door": DOOR, "markup": MARKUP, "line": line, "room": room})


def test_what_is_needed_at_once_cannot_be_fetched_later() -> None:
    source = 'import { find } from "./markup.js";\n\nfind(import("./markup.js"));\n'
    with pytest.raises(ValueError, match=re.escape("markup.js")):
        bundles_of("door", {"door": source, "markup": MARKUP})


def test_a_circle_is_refused() -> None:
    one, two = (f'import {{ a }} from "./{other}.js";\n' for other in ("two", "one"))
    with pytest.raises(CycleError):
        bundles_of("one", {"one": one, "two": two})


def test_every_module_of_the_page_is_sent_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "with_short_capitals", lambda source, _kept: source)
    given = {
        name: re.findall(r"^export (?:async )?(?:class|const|function) (\w+)", text, re.MULTILINE)
        for name, text in MODULES.items()
    }
    files = [text for page in PAGES for text in bundles_of(page, MODULES, apart=PAGES).values()]
    for module, names in given.items():
        for name in names:
            declared = re.compile(rf"(?:class|const|function) {name}\b")
            assert any(map(declared.search, files)) == (module not in WORKER), (module, name)


def test_the_worker_brings_all_that_it_needs() -> None:
    files = bundles_of("worker", MODULES)
    assert set(files) == {"worker"}
    assert "import" not in files["worker"]


WORDS: dict[str, str | Mapping[str, str]] = {
    "Sent": "Gesendet",
    'Say "{a}"': 'Sag "{a}"',
    "{count} left": {"one": "noch {count}", "other": "noch {count}"},
}


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ('const a=t("Sent");', 'const a=t("Gesendet");'),
        ('t("Say \\"{a}\\"",{a})', 't("Sag \\"{a}\\"",{a})'),
        (
            'n("{count} left","{count} left",left)',
            'n({"one":"noch {count}","other":"noch {count}"},0,left)',
        ),
        ('t("Nobody has translated this")', 't("Nobody has translated this")'),
        ('set("Sent");t(sent);say("Sent")', 'set("Sent");t(sent);say("Sent")'),
        ('import{t}from"./main.js";', 'import{t}from"./main.de.js";'),
        ('await import("./search.js")', 'await import("./search.de.js")'),
        ('new URL("./worker.js",import.meta.url)', 'new URL("./worker.js",import.meta.url)'),
    ],
)
def test_a_script_speaks_the_readers_language(english: str, german: str) -> None:
    assert translated(english, "de", WORDS) == german


def test_private_names_are_short_and_nothing_that_looks_like_one() -> None:
    source = """class Line {
  #text = "#text";
  static async #of(it) {
    return `${it.#text} #text`;
  }
}
find(root, "#text");
"""
    assert (
        with_short_privates(source)
        == """class Line {
  #a = "#text";
  static async #b(it) {
    return `${it.#a} #text`;
  }
}
find(root, "#text");
"""
    )


def test_constants_and_classes_have_short_names_and_nothing_that_looks_like_one() -> None:
    source = """const LINES_MAX = 300;
const SENT = new Set(["SENT"]);
const KEPT = Object.freeze([1]);
export class Line {
  most = LINES_MAX + Number.LINES_MAX;
}
class Log {
  lines = [new Line(), ...SENT, `${SENT} Line`, LINES_MAX, "a new Line"];
}
"""
    assert (
        with_short_capitals(source, {"Line", "KEPT"})
        == """const $a = 300;
const $b = new Set(["SENT"]);
const KEPT = Object.freeze([1]);
export class Line {
  most = $a + Number.LINES_MAX;
}
class _a {
  lines = [new Line(), ...$b, `${$b} Line`, $a, "a new Line"];
}
"""
    )


def test_there_are_short_names_for_any_number_of_privates() -> None:
    names = [f"name{number}" for number in range(3_000)]
    script = with_short_privates("".join(f"  #{name} = 1;\n" for name in names))
    assert len(set(re.findall(r"#\w+", script))) == len(names)


@pytest.mark.parametrize(
    ("source", "small"),
    [
        ("/** Says it. */\nlet a = 1; // one\n", "let a=1;"),
        ('const address = "http://room.local//  x";\n', 'const address="http://room.local//  x";'),
        ("const pattern = /https?:\\/\\/[^/*]+ x/;\n", "const pattern=/https?:\\/\\/[^/*]+ x/;"),
        ("say(`a  ${b}  // no comment\n  c`);\n", "say(`a  ${b}  // no comment\n  c`);"),
        ("class A {\n  #a = 1;\n  async #b() {}\n}\n", "class A{#a=1;async#b(){}}"),
    ],
)
def test_comments_and_spaces_stay_at_home_and_nothing_else_does(source: str, small: str) -> None:
    assert small_script(source) == small


def test_a_sheets_own_properties_are_named_shortly() -> None:
    sheet = ":root { --ink: #000; --paper: #fff; }\n\na { color: var(--ink); }\n"
    assert small_sheet(sheet) == ":root{--a:#000;--b:#fff}a{color:var(--a)}"


def test_a_property_that_is_another_ones_name_stays_at_home() -> None:
    sheet = ":root { --ink: #000; --text: var(--ink); --dark: 1; }\na { color: var(--text); }\n"
    assert small_sheet(sheet) == ":root{--a:#000;--b:1}a{color:var(--a)}"


def test_a_property_that_is_not_always_another_ones_name_is_sent() -> None:
    sheet = "p { --ink: #000; --text: var(--ink); --dark: 1; }\nb { --text: red; }\n"
    assert "--b:var(--a);" in small_sheet(sheet)


def test_a_sheet_is_sent_with_those_that_it_imports() -> None:
    sheets = {"page": '/* All. */\n@import "a.css";\n', "a": "a {}\n"}
    assert whole_sheet("page", sheets) == "/* All. */\na {}\n"
