import string

import pytest

from dashboard.api.problems import PROBLEMS, Problem, choice, document


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_problem_is_told_in_both_languages(kind: str) -> None:
    status, *texts = PROBLEMS[kind]
    assert 400 <= status < 600
    assert all(texts)
    chinese, english = texts[2], texts[3]
    named = [
        {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (chinese, english)
    ]
    assert named[0] == named[1] <= {"got", "where"}


def test_a_document_names_what_where_got_and_expected() -> None:
    problem = choice("bad-value", "line", "frist", ["first", "second", "third"])
    told = document(problem, path="/api/v1/sites", lang="en")
    assert told["type"].endswith(":bad-value")
    assert (told["status"], told["instance"], told["parameter"], told["got"]) == (
        400,
        "/api/v1/sites",
        "line",
        "frist",
    )
    assert told["expected"] == ["first", "second", "third"]
    assert "Did you mean “first”?" in told["detail"]
    assert "first" in document(problem, lang="zh-CN")["detail"]


def test_a_long_list_of_values_is_cut_to_the_nearest() -> None:
    known = [f"site-{n:03}" for n in range(500)]
    told = document(choice("unknown-site", "site_id", "site-42", known))
    assert 0 < len(told["expected"]) <= 3


def test_what_was_got_is_kept_short() -> None:
    assert len(Problem("bad-value", got="x" * 10_000).got) == 200
