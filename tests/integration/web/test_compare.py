"""Two runs of a policy on one page and through the API: what may be said, and what is refused."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from registry.services.bench import bench_policy
from registry.services.publish import publish
from registry.web import comparing as web_comparing
from tests.integration.web.conftest import Serving
from tests.support.commandline import Command, command
from tests.support.scored import ScriptedModel, make_scored, run_scripted
from tests.support.vouched import reopened

API = "/api/v1/commons/lab/policies/{}/compare"


class Lab(NamedTuple):
    """A server over `lab`, and the keys of its runs: two on equal cases, one on fewer, two sensitive."""

    serving: Serving
    client: httpx.Client
    first: str
    second: str
    fewer: str
    baseline: str
    sensitive: tuple[str, str]

    def page(self, slug: str, old: str, new: str, **asked: str) -> httpx.Response:
        return self.client.get(f"/lab/{slug}/compare", params={"old": old[:12], "new": new[:12], **asked})

    def api(self, slug: str, old: str, new: str, **asked: str) -> httpx.Response:
        return self.client.get(API.format(slug), params={"old": old[:12], "new": new[:12], **asked})


@pytest.fixture
def commons(capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, in this process."""
    return command(capsys)


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory,
    policy_files: Callable[[str], dict[str, bytes]],
    run_server: Callable[..., Any],
) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("lab")
    make_scored(root / "lab.git", policy_files("scams"))
    with reopened(root / "lab.git") as repository:
        bench_policy(repository, "scams", actor="ana")
        publish(repository, "self-harm", policy_files("self-harm"), actor="ana")
        before = run_scripted(repository, "self-harm", ScriptedModel(reasoning="<b>Harmful</b> before."))
        after = run_scripted(
            repository, "self-harm", ScriptedModel(wrong=40, effort="high", reasoning="<i>Worse</i> after.")
        )
    with run_server(root) as serving, httpx.Client(base_url=serving.base, timeout=60) as client:
        runs = client.get("/api/v1/commons/lab/policies/scams/runs").json()["items"]
        shared = {
            run["versions"][0]: run["key"] for run in runs if run["model"] == "test/gpt-oss-safeguard-20b"
        }
        baseline = next(run["key"] for run in runs if run["engine"] == "lexical")
        yield Lab(
            serving,
            client,
            shared["1.0.0"],
            shared["1.0.1"],
            shared["1.1.0"],
            baseline,
            (before.key, after.key),
        )


def words(page: str) -> str:
    """What the page says, without its elements."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_page_says_what_the_command_says(lab: Lab, commons: Command) -> None:
    """Sentence, conditions, what the cases can tell, both endpoints, groups, noise and cost are the same."""
    runs = (f"run:{lab.first[:12]}", f"run:{lab.second[:12]}")
    told = commons("compare", *runs, lab.serving.root / "lab.git", "--json").document
    page = words(lab.page("scams", lab.first, lab.second).text)
    assert told["sentence"] in page
    assert told["conditions"] in page
    report = commons("compare", *runs, lab.serving.root / "lab.git").out
    lines = [" ".join(line.split()) for line in report.splitlines()]
    flips = next(at for at, line in enumerate(lines) if line.startswith("Flips:"))
    missing = [line for line in lines if line and line not in page]
    # Lists and headings look different on a page; what they say does not.
    elsewhere = ("Old:", "New:", "By", "Flips", "What these", "What the", "A/A noise", "SF-", "old:", "new:")
    assert [line for line in missing if not line.startswith(elsewhere)] == []
    assert "A/A noise: not measured" in page
    assert lines[flips].removeprefix("Flips: ") in page


def test_the_api_gives_the_figures_of_the_command(lab: Lab, commons: Command) -> None:
    """Endpoints, groups and F1 of the API are those of `commons compare --json`, to the last digit."""
    told = commons(
        "compare",
        f"run:{lab.first[:12]}",
        f"run:{lab.second[:12]}",
        lab.serving.root / "lab.git",
        *("--json", "--margin", "0.1", "--primary", "over-enforcement"),
    ).document
    found = lab.api("scams", lab.first, lab.second, margin="0.1", primary="over-enforcement").json()
    assert (found["margin"], found["primary"]) == ("0.1", "over-enforcement")
    assert found["sentence"] == told["sentence"]
    assert found["blocks"] == told["blocks"]

    def change(end: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in end["change"].items() if name != "level"}

    for name in ("exact", "caught", "spared"):
        mine, theirs = found[name], told["endpoints"][name]
        assert mine["change"] == change(theirs)
        assert (mine["p"], mine["adjusted"]) == (theirs["p"], theirs["adjusted"])
        assert (mine["judgement"], mine["more_cases"]) == (theirs["judgement"], theirs["more_cases"])
        for side in ("old", "new"):
            interval = theirs[side]["interval"]
            assert (mine[side]["count"], mine[side]["n"]) == (theirs[side]["count"], theirs[side]["n"])
            assert (mine[side]["low"], mine[side]["high"]) == (interval["low"], interval["high"])
    groups = [(one["name"], change(one["endpoint"])) for one in told["endpoints"]["groups"]]
    assert [(one["name"], one["endpoint"]["change"]) for one in found["groups"]] == groups
    assert found["f1"] == {name: told["f1"][name] for name in found["f1"]}
    flips = [(flip["kind"], flip["case"]) for flip in told["flips"]["shown"]]
    assert [(flip["kind"], flip["case"]) for flip in found["flips"]["items"]] == flips
    assert found["flips"]["total"] == len(flips)


def test_charts_show_the_figures_of_the_tables(lab: Lab) -> None:
    """There is a chart of both runs, one of the changes and one by label; none needs a script."""
    page = lab.page("scams", lab.first, lab.second).text
    found = lab.api("scams", lab.first, lab.second).json()
    charts = re.findall(r'<svg class="chart spans.*?</svg>', page, flags=re.DOTALL)
    assert len(charts) == 3
    assert charts[0].count('class="ci"') == 6
    assert charts[1].count('class="ci"') == 2 + sum(
        found[name]["by_pairs"] is not None for name in ("caught", "spared")
    )
    labels = [group for group in found["groups"] if group["kind"] == "label"]
    assert charts[2].count('class="ci"') == len(labels)
    assert all(f">{group['name']}</text>" in charts[2] for group in labels)
    assert "<script" not in page[page.index("<main") : page.index("</main>")]


def test_unequal_cases_are_refused_with_what_differs(lab: Lab) -> None:
    """Runs on other cases are a 409 and a page that lists them; on those of both they can be compared."""
    refused = lab.api("scams", lab.first, lab.fewer)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("#unequal-items")
    assert "20" in refused.json()["detail"]
    page = lab.page("scams", lab.first, lab.fewer)
    assert page.status_code == 200
    assert "These two cannot be compared" in page.text
    assert "Only in the old run: 20 (SF-109, SF-110, " in words(page.text)
    assert "<svg" not in page.text[page.text.index("<main") :]
    link = re.search(r'href="([^"]+shared=true)"', page.text)
    assert link
    shared = lab.client.get(html.unescape(link[1]))
    assert "What came out" in shared.text
    found = lab.api("scams", lab.first, lab.fewer, shared="true").json()
    assert len(found["left_out"]["removed"]) == 20
    everything = lab.api("scams", lab.first, lab.second).json()
    assert found["n"] == everything["n"] - 20
    assert "20" in words(shared.text)


def test_a_baseline_decides_nothing(lab: Lab) -> None:
    """A comparison with a baseline says so on top, and never blocks, whatever it counted."""
    found = lab.api("scams", lab.second, lab.baseline, shared="true").json()
    assert found["baseline"] is True
    assert found["blocks"] is False
    page = lab.page("scams", lab.second, lab.baseline, shared="true").text
    assert page.index("Not yet tested with gpt-oss-safeguard.") < page.index("What came out")


def test_sensitive_flips_stay_folded(lab: Lab) -> None:
    """Content is hidden until asked for, the model's words are folded and escaped, and nothing is indexed."""
    answer = lab.page("self-harm", *lab.sensitive)
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "Sensitive text hidden. Show it" in answer.text
    for written in ("&lt;b&gt;Harmful&lt;/b&gt; before.", "&lt;i&gt;Worse&lt;/i&gt; after."):
        at = answer.text.index(written)
        assert answer.text.rindex("<details", 0, at) > answer.text.rindex("</details>", 0, at)
    assert "<b>Harmful" not in answer.text
    assert not re.search(r"<details[^>]*(?:hidden-text|reasoning)[^>]* open", answer.text)
    assert "Harmful" not in lab.api("self-harm", *lab.sensitive).text


def test_flips_come_in_pages_broken_ones_first(lab: Lab) -> None:
    """Every flip is on exactly one page, and a cursor is only good for the comparison it came from."""
    every = lab.api("self-harm", *lab.sensitive, limit="200").json()["flips"]
    first = lab.api("self-harm", *lab.sensitive, limit="3").json()["flips"]
    rest = lab.api("self-harm", *lab.sensitive, limit="200", cursor=first["next"]).json()["flips"]
    assert first["items"] + rest["items"] == every["items"]
    kinds = [flip["kind"] for flip in every["items"]]
    assert kinds == sorted(kinds, key=("broken", "fixed", "changed").index)
    other = lab.api("scams", lab.first, lab.second, cursor=first["next"])
    assert other.status_code == 400


def test_flips_of_a_long_list_are_on_further_pages(lab: Lab) -> None:
    """The page shows 25 flips and leads to the others with the same choice."""
    page = lab.page("self-harm", *lab.sensitive, margin="0.05").text
    rows = len(re.findall(r'<tr role="row">\s*<td', page))
    total = lab.api("self-harm", *lab.sensitive).json()["flips"]["total"]
    assert rows == min(25, total)
    more = re.search(r'href="([^"]+cursor=[^"]+)"', page)
    assert (more is not None) is (total > 25)
    if more:
        assert "margin=0.05" in more[1]
        assert lab.client.get(html.unescape(more[1])).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"margin": "much"}, 400, "margin"),
        ({"margin": "0.9"}, 400, "margin"),
        ({"margin": "nan"}, 400, "margin"),
        ({"margin": "-0.03"}, 400, "margin"),
        ({"primary": "accuracy"}, 400, "primary"),
        ({"cursor": "nonsense"}, 400, "cursor"),
        ({"old": "zz"}, 404, "zz"),
        ({"old": "0" * 12}, 404, "0" * 12),
        ({"old": "../../etc"}, 404, ""),
    ],
)
def test_bad_input_is_told(lab: Lab, asked: dict[str, str], status: int, told: str) -> None:
    """What cannot be asked is refused by the name of what is wrong, on the page and in the API."""
    query = {"old": lab.first[:12], "new": lab.second[:12], **asked}
    for place in ("/lab/scams/compare", API.format("scams")):
        answer = lab.client.get(place, params=query)
        assert answer.status_code == status, (place, answer.text[:300])
        assert told in answer.text


def test_a_run_of_another_policy_is_not_found(lab: Lab) -> None:
    """A key of another policy's run is a 404 that says whose it is; so is a policy that is not there."""
    asked = lab.api("scams", lab.sensitive[0], lab.first)
    assert asked.status_code == 404
    assert "it is a run of self-harm, not of scams" in asked.json()["detail"]
    assert lab.page("scams", lab.first, lab.sensitive[0]).status_code == 404
    assert lab.page("no-such-policy", lab.first, lab.second).status_code == 404


def test_a_run_is_not_compared_with_itself(lab: Lab) -> None:
    """One run named twice is a mistake, and told as one."""
    for answer in (lab.page("scams", lab.first, lab.first), lab.api("scams", lab.first, lab.first)):
        assert answer.status_code == 400
        assert "one run" in answer.text


def test_runs_are_chosen_by_a_form(lab: Lab) -> None:
    """Before two are chosen the page offers every run; from a run's page one of them is chosen already."""
    page = lab.client.get("/lab/scams/compare").text
    for key in (lab.first, lab.second, lab.fewer, lab.baseline):
        assert page.count(f'value="{key[:12]}"') == 2
    assert 'href="/lab/scams/compare"' in lab.client.get("/lab/scams").text
    run = lab.client.get(f"/lab/runs/{lab.second[:12]}").text
    form = run[run.index('action="/lab/scams/compare"') :]
    form = form[: form.index("</form>")]
    assert f'name="old" value="{lab.second[:12]}"' in form or f'name="new" value="{lab.second[:12]}"' in form
    assert f'value="{lab.first[:12]}"' in form


def test_what_was_compared_is_kept(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two runs are compared once, for every page of flips and for page and API together."""
    calls: list[str] = []
    real = web_comparing.compare_sides

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append("compared")
        return real(*args, **kwargs)

    monkeypatch.setattr(web_comparing, "compare_sides", counted)
    for _ in range(2):
        assert lab.page("scams", lab.first, lab.second, margin="0.07").status_code == 200
        assert lab.api("scams", lab.first, lab.second, margin="0.07", limit="2").status_code == 200
        assert lab.api("scams", lab.first, lab.fewer, margin="0.07").status_code == 409
    assert calls == ["compared"] * 2


def test_an_answer_carries_a_tag(lab: Lab) -> None:
    """Asked again with its ETag, neither page nor document is sent twice."""
    for answer in (lab.page("scams", lab.first, lab.second), lab.api("scams", lab.first, lab.second)):
        again = lab.client.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
