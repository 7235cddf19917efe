"""Tables: as Markdown has them."""

from __future__ import annotations

from bench.table import plain, table


def test_a_table_is_ready_for_a_document_with_its_figures_to_the_right() -> None:
    assert table(("what", "of", "ms"), [("a page", "C", "1,200.5"), ("b", "10 of it", "")]) == [
        "| what   | of       |      ms |",
        "| ------ | -------- | ------: |",
        "| a page | C        | 1,200.5 |",
        "| b      | 10 of it |         |",
    ]


def test_figures_have_three_digits_that_count() -> None:
    seen = [plain(value) for value in (0, 0.00123456, 9.876, 12.34, 123.4, 1_234_567.8)]
    assert seen == ["0", "0.00123", "9.88", "12.3", "123", "1,234,568"]
