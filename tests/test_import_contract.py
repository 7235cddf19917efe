from __future__ import annotations

import pytest
from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.domain.contract import InvalidContractOptions

from import_contract import LibrariesContract, Stray


def graph_of(*imports: tuple[str, str]) -> ImportGraph:
    graph = ImportGraph()
    graph.add_module("room_app")
    for importer, imported in imports:
        graph.add_module(importer)
        if not imported.startswith("room_app"):
            graph.add_module(imported, is_squashed=True)
        graph.add_import(importer=importer, imported=imported)
    return graph


def check(graph: ImportGraph, *allowed: str) -> ContractCheck:
    options = {"package": "room_app", "allowed": list(allowed)}
    return LibrariesContract("libraries", {}, options).check(graph, verbose=False)


def test_the_standard_library_and_the_package_itself_are_always_allowed() -> None:
    graph = graph_of(("room_app.room", "threading"), ("room_app.web", "room_app.room"))
    assert check(graph).kept


def test_the_types_of_the_standard_library_count_as_part_of_it() -> None:
    assert check(graph_of(("room_app.server", "_typeshed"))).kept


def test_a_library_that_no_line_allows_is_named_with_its_importer() -> None:
    verdict = check(graph_of(("room_app.room.names", "flask")), "room_app.web -> flask")
    assert not verdict.kept
    assert verdict.metadata["strays"] == [Stray("room_app.room.names", "flask")]


def test_a_line_allows_its_library_in_the_whole_folder() -> None:
    graph = graph_of(("room_app.web", "flask"), ("room_app.web.api", "flask"))
    assert check(graph, "room_app.web -> flask").kept


def test_a_line_does_not_allow_its_library_in_a_folder_whose_name_only_begins_alike() -> None:
    assert not check(graph_of(("room_app.webcam", "flask")), "room_app.web -> flask").kept


def test_a_star_stands_for_a_family_of_libraries() -> None:
    graph = graph_of(("room_app.hub.client", "hivemind_bus_client"))
    assert check(graph, "room_app.hub -> hivemind_*").kept
    assert not check(graph, "room_app.hub -> ovos_*").kept


def test_a_line_without_an_arrow_is_refused() -> None:
    with pytest.raises(InvalidContractOptions):
        check(graph_of(), "room_app.web flask")
