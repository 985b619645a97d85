from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.services.bench import bench_policy
from registry.services.publish import publish
from tests.support.scored import SHARED, ScriptedModel, make_scored, run_scripted
from tests.support.vouched import reopened

SENTENCE = "It cannot follow rules and predicts nothing about the model."
NOT_YET = "Not yet tested with gpt-oss-safeguard."
SCORES = "/api/v1/commons/lab/policies/scams/scores"


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory,
    policy_files: Callable[[str], dict[str, bytes]],
    run_server: Callable[..., Any],
) -> Iterator[str]:
    """`lab`: `scams` with runs of two models over four versions and a baseline, `spam` with none."""
    root = tmp_path_factory.mktemp("lab")
    make_scored(root / "lab.git", policy_files("scams"))
    with reopened(root / "lab.git") as repository:
        bench_policy(repository, "scams", actor="ana")
        publish(repository, "spam", policy_files("spam"), actor="ana")
        publish(repository, "self-harm", policy_files("self-harm"), actor="ana")
        run_scripted(repository, "self-harm", ScriptedModel(reasoning="<b>Harmful</b> words."))
    with run_server(root) as serving:
        yield serving.base


@pytest.fixture
def labs(lab: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lab, timeout=30) as made:
        yield made


def section(text: str) -> str:
    """The Scores section of a policy's page."""
    begin = text.index('<section aria-labelledby="scores">')
    return text[begin : text.index('id="try"', begin)]


def folded(text: str) -> tuple[int, int]:
    """Where the baselines' disclosure begins and ends; it is the last one that may hold others."""
    begin = text.index('<details class="baseline"')
    return begin, text.index("</details>", begin)


def key_of(labs: httpx.Client, engine: str, slug: str = "scams") -> str:
    runs = labs.get(f"/api/v1/commons/lab/policies/{slug}/runs").json()["items"]
    return str(next(run["key"] for run in runs if run["engine"] == engine))


def test_the_shared_model_first_others_apart_baselines_folded(labs: httpx.Client) -> None:
    """The order of the section is: the shared model, other models, baselines in a closed fold."""
    text = section(labs.get("/lab/scams").text)
    begin, end = folded(text)
    places = [text.index(SHARED), text.index("Other runs"), text.index("test/another-model"), begin]
    assert places == sorted(places)
    assert begin < text.index(SENTENCE) < end
    assert SENTENCE not in text[:begin]
    assert "lexical" not in text[:begin]
    assert NOT_YET not in text
    assert '<details class="baseline">' in text


def test_series_have_charts_and_the_same_figures_as_a_table(labs: httpx.Client) -> None:
    """Two charts for each series of several versions, and its table with counts, intervals and runs."""
    text = section(labs.get("/lab/scams").text)
    series = text[text.index('class="over-versions"') : text.index("In posts a day")]
    assert series.count('<svg class="chart"') == 2
    table = re.sub(r"<[^>]+>", " ", series[series.index("<tbody>") : series.index("</tbody>")])
    points = labs.get(SCORES).json()["series"][0]["points"]
    for point in points:
        run = point["run"]
        for figure in (run["caught"], run["wrongly_flagged"]):
            assert f"{figure['count']} of {figure['n']}" in table
            assert f"{float(figure['low']) * 100:.1f} %" in table
        assert f'href="{run["page"]}"' in series
        assert f">{point['version']}</text>" in series
    assert [point["version"] for point in points] == ["1.0.0", "1.0.1", "1.1.0", "1.1.1"]


def test_other_cases_are_marked(labs: httpx.Client) -> None:
    """Where the suite changed the API, the table and the chart say that figures cannot be compared."""
    points = labs.get(SCORES).json()["series"][0]["points"]
    assert [point["cases_changed"] for point in points] == [False, False, True, False]
    assert len({point["suite"] for point in points}) == 2
    text = section(labs.get("/lab/scams").text)
    marked = text.index("The cases or labels changed here")
    assert text.index(">1.1.0</a>") < marked < text.index(">1.0.1</a>")
    assert "major guide line" in re.sub(r'<g class="axis y.*?<g class="axis x', "", text)


def test_one_version_alone_is_no_series_on_its_page(labs: httpx.Client) -> None:
    """A run of one version is shown as a run: a chart of one point would say nothing more."""
    text = section(labs.get("/lab/self-harm").text)
    assert SHARED in text
    assert "over versions" not in text
    assert '<svg class="chart"' not in text


def test_an_older_version_shows_the_series_too(labs: httpx.Client) -> None:
    """Every version's page has its own run first and the series of all."""
    text = section(labs.get("/lab/scams@1.0.0").text)
    first = text.index('class="run"')
    assert labs.get(SCORES).json()["series"][0]["points"][0]["run"]["key"][:12] in text[first : first + 600]
    assert text.count(">1.1.1</a>") >= 1
    assert 'action="/lab/scams@1.0.0#in-posts"' in text


def test_nothing_measured_is_said(labs: httpx.Client) -> None:
    """A policy without a run says so and asks for no numbers."""
    text = section(labs.get("/lab/spam").text)
    assert text.index(NOT_YET) < text.index("Nothing was measured on this policy yet.")
    assert "<form" not in text
    assert labs.get("/api/v1/commons/lab/policies/spam/scores").json() == {
        "policy": "lab/spam",
        "tested": False,
        "series": [],
    }


def test_classes_come_in_order_and_never_mix(labs: httpx.Client) -> None:
    """Each series is of one class, the shared model's first and the baseline last, with its sentence."""
    found = labs.get(SCORES).json()
    assert found["tested"] is True
    assert [series["stands_for"] for series in found["series"]] == ["shared-model", "other", "baseline"]
    assert [series["note"] is not None for series in found["series"]] == [False, False, True]
    for series in found["series"]:
        assert {point["run"]["stands_for"] for point in series["points"]} == {series["stands_for"]}


def test_the_newest_run_of_a_version_counts_and_another_effort_is_another_series(
    tmp_path: Path, policy_files: Callable[[str], dict[str, bytes]], run_server: Callable[..., Any]
) -> None:
    """A repeat replaces the point of its version; another setting never joins a series."""
    make_scored(tmp_path / "lab.git", policy_files("scams"))
    with reopened(tmp_path / "lab.git") as repository:
        again = run_scripted(repository, "scams", ScriptedModel(wrong=6, unread=3))
        run_scripted(repository, "scams", ScriptedModel(wrong=1, effort="high"))
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base) as client:
        series = client.get(SCORES).json()["series"]
    assert [(one["effort"], len(one["points"])) for one in series if one["model"] == SHARED] in (
        [("low", 4), ("high", 1)],
        [("high", 1), ("low", 4)],
    )
    low = next(one for one in series if one["effort"] == "low")
    assert low["points"][-1]["run"]["key"] == again.key


def test_posts_a_day_without_and_with_numbers(labs: httpx.Client) -> None:
    """The form is answered on the same page, for 10,000 posts and 1 % until a visitor gives others."""
    usual = section(labs.get("/lab/scams").text)
    assert 'value="10000"' in usual
    assert "of 100 violating" in usual
    asked = section(labs.get("/lab/scams", params={"posts": "2,000", "rate": "0.5"}).text)
    assert 'value="2000"' in asked
    assert 'value="0.5"' in asked
    assert "of 10 violating" in asked
    assert "of 1,990 allowed" in asked


def test_the_page_and_the_api_say_the_same(labs: httpx.Client) -> None:
    """The figures of the form are those of the API, as whole posts with bounds."""
    key = key_of(labs, "openai")
    params = {"posts": "50000", "rate": "2"}
    found = labs.get(f"/api/v1/commons/lab/runs/{key}/volumes", params=params).json()
    text = re.sub(r"<[^>]+>", " ", labs.get(f"/lab/runs/{key[:12]}", params=params).text)
    assert (found["posts"], found["violating"], found["allowed"]) == (50_000, 1_000, 49_000)
    for name in ("caught", "missed", "wrongly_flagged"):
        value = found[name]
        assert f"{value['value']:,}" in text
        assert f"{value['low']:,} to {value['high']:,}" in text
    assert f"{float(found['right_when_flagged']['value']) * 100:.1f} %" in text


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/lab/scams", {"posts": "many"}, "posts"),
        ("/lab/scams", {"rate": "101"}, "rate"),
        ("/lab/runs/{key}", {"posts": "0"}, "posts"),
        ("/lab/runs/{key}", {"rate": "-1"}, "rate"),
        ("/lab/runs/{key}", {"slice": "no such"}, "slice"),
        ("/lab/runs/{key}", {"label": "XX"}, "label"),
        ("/lab/runs/{key}", {"verdict": "XX"}, "verdict"),
        ("/lab/runs/{key}", {"show": "best"}, "show"),
        ("/api/v1/commons/lab/runs/{key}/volumes", {"posts": "0"}, "posts"),
        ("/api/v1/commons/lab/runs/{key}/volumes", {"posts": "1e3"}, "posts"),
        ("/api/v1/commons/lab/runs/{key}/volumes", {"rate": "nan"}, "rate"),
        ("/api/v1/commons/lab/runs/{key}/volumes", {"rate": "100.5"}, "rate"),
        ("/api/v1/commons/lab/runs/{key}/rows", {"label": "XX"}, "label"),
        ("/api/v1/commons/lab/runs/{key}/rows", {"show": "best"}, "show"),
    ],
)
def test_bad_input_is_a_400_that_names_the_field(
    labs: httpx.Client, path: str, params: dict[str, str], field: str
) -> None:
    """A value that cannot be is refused, on pages and in the API, by the name of its field."""
    answer = labs.get(path.format(key=key_of(labs, "openai")), params=params)
    assert answer.status_code == 400
    assert field in answer.text


def test_a_baseline_answers_for_posts_inside_its_fold_only(labs: httpx.Client, client: httpx.Client) -> None:
    """Where only a baseline was run, the form stands in its fold, which a visitor's numbers open."""
    text = section(client.get("/starter/scams").text)
    begin, end = folded(text)
    assert begin < text.index("<form") < text.index("In posts a day") + 400 < end
    assert text.count("<form") == 1
    assert '<details class="baseline" open>' in client.get("/starter/scams?posts=10&rate=5").text
    assert '<details class="baseline" open>' not in labs.get("/lab/scams?posts=10&rate=5").text
    run = labs.get(f"/lab/runs/{key_of(labs, 'lexical')[:12]}").text
    begin, end = folded(run)
    assert begin < run.index('name="posts"') < end
    assert SENTENCE in run[begin:end]


def test_unread_and_left_out_are_told_on_a_run(labs: httpx.Client) -> None:
    """A run's page says how many answers were not read or never came, and what that does to the figures."""
    run = labs.get(SCORES).json()["series"][0]["points"][-1]["run"]
    metrics = labs.get(run["url"]).json()["record"]["metrics"]
    lost = metrics["unparsed"] + metrics["failed"]
    assert lost > 0
    text = labs.get(run["page"]).text
    assert f"{lost} answers count as wrong:" in text
    assert f"{lost} answers of this run could not be read or never came." in text
    whole = labs.get(labs.get(SCORES).json()["series"][0]["points"][0]["run"]["page"]).text
    assert "Every answer came and could be read." in whole


def test_rows_are_chosen_and_paged(labs: httpx.Client) -> None:
    """The page and the API give the rows that were asked for, and their pages keep the choice."""
    key = key_of(labs, "openai")
    rows = f"/api/v1/commons/lab/runs/{key}/rows"
    every = labs.get(rows, params={"limit": 200}).json()
    wrong = labs.get(rows, params={"show": "wrong", "limit": 200}).json()
    assert 0 < wrong["total"] < every["total"]
    assert all(item["row"]["verdict"] != {"label": item["row"]["gold"]} for item in wrong["items"])
    first = labs.get(rows, params={"label": "SF0", "limit": 5}).json()
    rest = labs.get(rows, params={"label": "SF0", "limit": 200, "cursor": first["next"]}).json()
    found = [item["row"]["case"] for page in (first, rest) for item in page["items"]]
    assert found == [item["row"]["case"] for item in every["items"] if item["row"]["gold"] == "SF0"]
    assert labs.get(rows, params={"show": "wrong", "cursor": first["next"]}).status_code == 400
    page = labs.get(f"/lab/runs/{key[:12]}", params={"show": "wrong", "label": "SF1"}).text
    shown = re.findall(r'class="verdict (\w+)"', page)
    assert shown
    assert set(shown) == {"wrong"}
    assert 'value="wrong" selected' in page
    more = re.search(r'href="([^"]+cursor=[^"]+)"', labs.get(f"/lab/runs/{key[:12]}?show=all&label=").text)
    assert more
    assert labs.get(more[1].replace("&amp;", "&")).status_code == 200


def test_sensitive_cases_and_words_stay_folded_on_a_run(labs: httpx.Client) -> None:
    """A run over sensitive cases is not indexed; texts and the model's words are closed and escaped."""
    answer = labs.get(f"/lab/runs/{key_of(labs, 'openai', 'self-harm')[:12]}")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "Sensitive text hidden. Show it" in answer.text
    words = answer.text.index("&lt;b&gt;Harmful&lt;/b&gt; words.")
    summary = "What the model wrote: may be wrong or harmful, not for end users"
    assert answer.text.rindex('<details class="reasoning">', 0, words) < answer.text.index(summary) < words
    assert "<b>Harmful" not in answer.text
    assert not re.search(r"<details[^>]*(?:hidden-text|reasoning)[^>]* open", answer.text)


def test_confusion_is_a_table_that_can_be_heard(labs: httpx.Client) -> None:
    """Every cell has its headers, the share in words, and right answers say so; nothing rests on colour."""
    text = labs.get(f"/lab/runs/{key_of(labs, 'openai')[:12]}").text
    table = text[text.index('<table class="confusion">') :]
    table = table[: table.index("</table>")]
    codes = ("SF0", "SF1", "SF2", "SF3")
    assert all(f'<th scope="col" class="number">said {code}</th>' in table for code in codes)
    assert table.count('<th scope="row">') == len(codes)
    assert table.count(" right</span>") == len(codes)
    assert "style=" not in text
