"""Modules and sheets leave as few, small files, and mean what they meant."""

from __future__ import annotations

import re
from graphlib import CycleError
from pathlib import Path

import pytest

import hivemind_chatroom.web
from hivemind_chatroom.web.bundles import bundles_of, small_script, whole_sheet

MODULES = {
    path.stem: path.read_text("utf-8")
    for path in (Path(hivemind_chatroom.web.__file__).parent / "static" / "js").glob("*.js")
}

MARKUP = "export function find(it) {\n  return it;\n}\n"
DOOR = """import { find } from "./markup.js";

const later = () => import("./room.js");
find(later);
"""
LINE = """import { find as seek } from "./markup.js";

export class Line {
  it = seek(1);
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
    assert door.index("const $markup=") < door.index("const $door=")
    assert room.index("const $line=") < room.index("const $room=")


def test_what_is_there_already_is_not_sent_again() -> None:
    door, room = sent().values()
    assert "function find" in door
    assert "function find" not in room
    assert room.startswith('import{$markup}from"./door.js";')
    assert "$markup" in re.findall(r"export\{([^}]*)\}", door)[0].split(",")


def test_a_module_keeps_its_scope_and_its_names() -> None:
    room = sent()["room"]
    assert "const $line=(()=>{const{find:seek}=$markup;class Line" in room
    assert "return{Line};})();" in room
    assert room.endswith("export const{a}=$room;")


@pytest.mark.parametrize(
    "form",
    [
        "export default 1;",
        "export let count = 1;",
        "export { find };",
        'export * from "./markup.js";',
        'import * as markup from "./markup.js";',
        'import "./markup.js";',
    ],
)
def test_what_a_bundle_cannot_say_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=re.escape(form)):
        bundles_of("door", {"door": f"const find = 1;\n{form}\n", "markup": MARKUP})


def test_a_circle_is_refused() -> None:
    one, two = (f'import {{ a }} from "./{other}.js";\n' for other in ("two", "one"))
    with pytest.raises(CycleError):
        bundles_of("one", {"one": one, "two": two})


def test_every_module_of_the_page_is_sent_once_to_the_page() -> None:
    files = bundles_of("main", MODULES)
    found = [name for text in files.values() for name in re.findall(r"const \$(\w+)=\(\(\)", text)]
    worker = {"backlog", "standing", "switchboard", "worker"}
    assert sorted(found) == sorted(name.replace("-", "_") for name in set(MODULES) - worker)


def test_the_worker_brings_all_that_it_needs() -> None:
    files = bundles_of("worker", MODULES)
    assert set(files) == {"worker"}
    assert "import" not in files["worker"]


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


def test_a_sheet_is_sent_with_those_that_it_imports() -> None:
    sheets = {"page": '/* All. */\n@import "a.css";\n', "a": "a {}\n"}
    assert whole_sheet("page", sheets) == "/* All. */\na {}\n"
