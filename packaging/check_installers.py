"""Reads what no compiler of ours can: PowerShell, and the Pascal in Inno Setup's script.

`python packaging/check_installers.py <file> ...` says where a grammar does not understand a file;
whether it does what it should, Windows alone can say.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import tree_sitter_pascal
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_CODE: Final = "[Code]"
_DEFINED: Final = re.compile(r"\{#\w+\}")


def main(names: list[str]) -> int:
    """Return how many places are not understood, having said which."""
    wrong = [
        f"{name}:{line}: not understood: {text}" for name in names for line, text in _errors(name)
    ]
    sys.stdout.writelines(f"{sentence}\n" for sentence in wrong)
    return len(wrong)


def _errors(name: str) -> Iterator[tuple[int, str]]:
    text = Path(name).read_text("utf-8-sig")
    above = 0
    grammar = tree_sitter_powershell.language()
    if name.endswith(".iss"):
        before, _, code = text.partition(_CODE)
        # A unit around it, on the same line, so that the lines' numbers stay.
        text = f"unit u; interface implementation{_DEFINED.sub('x', code)}end."
        above = before.count("\n")
        grammar = tree_sitter_pascal.language()
    language = Language(grammar)
    root = Parser(language).parse(text.encode()).root_node
    for node in _broken(root):
        found = text.encode()[node.start_byte : node.end_byte].decode(errors="replace")
        yield above + node.start_point[0] + 1, found.partition("\n")[0] or f"{node.type} missing"


def _broken(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _broken(child)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
