"""A contract for import-linter: which part of the program may import which library."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

STANDARD_LIBRARY = sys.stdlib_module_names | {"_typeshed"}
"""What is there with every Python, and the module in which type checkers keep its finer types."""


@dataclass(frozen=True, slots=True, order=True)
class Stray:
    """One import of a library by a part that no line of the contract allows."""

    importer: str
    """The full name of the module that imports."""
    library: str
    """The top-level name of what it imports."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """One line of the contract: a part of the package may import a library."""

    part: str
    """A module or folder of the package, full name."""
    library: str
    """The top-level name of a library; `*` stands for any run of characters."""

    def covers(self, stray: Stray) -> bool:
        """Say whether this line allows the import."""
        inside = stray.importer == self.part or stray.importer.startswith(f"{self.part}.")
        return inside and fnmatchcase(stray.library, self.library)


class AllowanceField(fields.Field[Allowance]):
    """Reads one line, `part -> library`."""

    def parse(self, raw_data: str | list[str]) -> Allowance:
        """Split the line at its arrow.

        Raises:
            ValidationError: The line has no arrow, or nothing on one side of it.
        """
        part, _, library = fields.StringField().parse(raw_data).partition("->")
        if not part.strip() or not library.strip():
            raise fields.ValidationError(f"{raw_data!r} is not of the form 'part -> library'.")
        return Allowance(part.strip(), library.strip())


class LibrariesContract(Contract):
    """Each library stays in the part that owns it; whatever no line allows is refused.

    A part without a line may use the standard library alone: that is how the domain stays pure, and
    why a library in a new place is a line here, seen in review, and not an accident.
    """

    type_name = "libraries"

    package = fields.StringField()
    allowed = fields.ListField(subfield=AllowanceField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  import-linter calls it so
        """Look at every import of every module, and at the lines that allow nothing any more."""
        allowances: list[Allowance] = self.allowed  # type: ignore[assignment]  # a Field turns into its value
        imports = _library_imports(graph, str(self.package))
        strays = [one for one in imports if not any(line.covers(one) for line in allowances)]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that no line allows."""
        for stray in check.metadata["strays"]:
            output.print_error(f"- {stray.importer} imports {stray.library}", bold=False)
        output.new_line()


def _library_imports(graph: ImportGraph, package: str) -> list[Stray]:
    """Find the imports that lead out of the package, those of the standard library left out."""
    own = {package, *graph.find_descendants(package)}
    found = {
        Stray(importer, imported.partition(".")[0])
        for importer in own
        for imported in graph.find_modules_directly_imported_by(importer) - own
    }
    return sorted(one for one in found if one.library not in STANDARD_LIBRARY)
