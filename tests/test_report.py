"""The report as a whole: what is written, that it is the same every time, and that it opens everywhere."""

import dataclasses
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from findings import make_findings
from lxml import html

from rolecoder.annotations import Label
from rolecoder.report import write_report
from rolecoder.report.drawing import Drawn
from rolecoder.report.evidence import quotations
from rolecoder.report.exhibits import exhibits
from rolecoder.report.figures import figures
from rolecoder.report.findings import cells
from rolecoder.report.page import _script_safe, evidence_data, page

TABLES = (
    "profiles", "prevalence", "gaps", "gap_sensitivity", "gap_parts", "reliability", "corpus", "evidence", "dropped",
)  # fmt: skip
EXPECTED = [
    {"text": "T <b>", "citation": "C", "holder": "JPN", "aspect": "conception", "roles": ["protectee"]},
    {"text": "G", "citation": "C", "dyad": "USA:JPN", "comparison": "prescription-conception", "below": 0.5},
]


@pytest.fixture(scope="module")
def findings():
    return make_findings(expectations=EXPECTED)


@pytest.fixture(scope="module")
def folder(findings, tmp_path_factory):
    place = tmp_path_factory.mktemp("report")
    write_report(findings, place)
    return place


@pytest.fixture(scope="module")
def tree(folder):
    return html.fromstring((folder / "report.html").read_bytes())


def needs(*programs):
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def test_every_table_is_written_as_csv_latex_markdown_and_word(folder):
    for name in TABLES:
        assert (folder / "tables" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert (folder / "tables" / f"{name}.tex").stat().st_size and (folder / "tables" / f"{name}.md").stat().st_size
    assert {"tables.tex", "tables.docx", "evidence.docx"} <= {path.name for path in (folder / "tables").iterdir()}


def test_the_appendix_in_word_has_every_quotation_of_a_known_profile(folder):
    import docx

    kept = pd.read_csv(folder / "tables" / "evidence.csv").dropna(subset=["source", "holder", "aspect"])
    (table,) = docx.Document(str(folder / "tables" / "evidence.docx")).tables
    assert len(table.rows) == 1 + len(kept)


def test_the_same_findings_give_the_same_bytes(findings, folder, tmp_path):
    again = write_report(findings, tmp_path)
    assert len(again) == sum(path.is_file() for path in folder.rglob("*"))
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_figures_hold_their_fonts(folder):
    drawn = list((folder / "figures").glob("*.pdf"))
    assert drawn
    for path in drawn:
        assert b"/FontFile2" in path.read_bytes() and b"CreationDate" not in path.read_bytes()


def test_a_profile_with_too_few_passages_is_not_drawn_as_zero():
    drawn, _ = figures(make_findings(n_documents=6))
    assert re.search(r"United States about Japan, prescription: too few passages \(n = \d+\)", drawn[0].alt)


def test_more_than_two_actors_have_a_heat_map_and_more_than_one_period_a_path():
    others = {state: {(state, state, "conception"): {"bridge": 3, "example": 1}} for state in ("KOR", "CIV")}
    turned = {("JPN", "JPN", "conception"): {"protectee": 1}} | others["KOR"] | others["CIV"]
    names = {figure.name for figure in figures(make_findings(turned=turned, n_documents=30, min_passages=56))[0]}
    assert "actors" in names
    drawn, more = figures(make_findings(n_documents=60, periods=["1989", "1990"], min_passages=18))
    assert {"gap_over_time_USA_JPN", "profiles_USA_JPN_1989"} <= {figure.name for figure in drawn}
    assert not more


def test_the_largest_part_of_a_gap_is_not_said_to_be_most_of_it(findings):
    alt = next(figure.alt for figure in figures(findings)[0] if figure.name.startswith("gap_parts"))
    assert "the largest part of the gap lies in" in alt and "most of the gap" not in alt


def test_the_parts_of_a_gap_are_drawn_with_their_intervals(findings):
    drawn = {figure.name: figure for figure in figures(findings)[0]}["gap_parts_USA_JPN"]
    assert "with 95 % intervals" in drawn.caption and b"LineCollection" in drawn.svg
    bare = dataclasses.replace(findings, gap_parts=findings.gap_parts.assign(difference_low=None, difference_high=None))
    drawn = {figure.name: figure for figure in figures(bare)[0]}["gap_parts_USA_JPN"]
    assert "without intervals, since" in drawn.caption and b"LineCollection" not in drawn.svg


def test_profiles_of_which_neither_is_filled_have_no_figure():
    drawn, _ = figures(make_findings(n_documents=6, min_passages=10**6))
    assert not any(figure.name.startswith("profiles") for figure in drawn)


def test_a_study_with_nothing_coded_has_a_page_and_no_figures(tmp_path):
    write_report(make_findings(turned={}, gaps={"dyads": []}), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.count("No profile is filled.") == 1
    assert not (tmp_path / "figures").exists()


def test_the_page_loads_nothing(tree):
    assert not tree.xpath("//link | //iframe | //script[@src] | //img[not(starts-with(@src, 'data:'))]")
    assert "url(" not in "".join(tree.xpath("//style/text()")) and "@import" not in "".join(
        tree.xpath("//style/text()")
    )


def test_every_id_occurs_once_and_every_reference_has_its_target(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inside = {href[1:].split("?")[0] for href in tree.xpath("//a/@href") if href.startswith("#")}
    assert inside <= set(ids) and set(tree.xpath("//@aria-labelledby")) <= set(ids)


def test_every_table_has_a_caption_and_heads_with_scope(tree):
    for table in tree.xpath("//table"):
        assert table.xpath("caption") and not table.xpath(".//th[not(@scope)]")
    assert all(image.get("alt") for image in tree.xpath("//img"))


def test_text_from_the_corpus_cannot_end_the_script_or_become_markup(tree):
    data = json.loads(tree.xpath("//script[@id='data']/text()")[0])
    assert any("<if the house agrees>" in passage[3] for passage in data["passages"])
    assert "</script" not in _script_safe({"text": "</script><script>alert(1)</script>"})
    assert tree.xpath("//h3[contains(., 'T <b>')]")


def test_every_filled_cell_leads_to_as_many_passages_as_it_says(findings, tree):
    data = evidence_data(findings)
    word = lambda place: None if place < 0 else data["words"][place]  # noqa: E731
    codings = [(data["roles"][c[1]][0], *(word(c[n]) for n in (4, 5, 6))) for c in data["codings"]]
    for cell in cells(findings):
        if cell.filled:
            for row in cell.rows:
                assert codings.count((row["role"], cell.source, cell.holder, cell.aspect)) == row["n_role"]
                asked = f"source={cell.source}&holder={cell.holder}&aspect={cell.aspect}&role={row['role']}"
                assert bool(tree.xpath(f"//a[@href='#passages?{asked}']")) == bool(row["n_role"])


def test_a_passage_keeps_its_place_in_its_document(findings):
    data = evidence_data(findings)
    texts = dict(zip(findings.documents["document_id"], findings.documents["text"], strict=True))
    for passage in data["passages"]:
        assert texts[data["documents"][passage[0]][0]][passage[1] : passage[2]] == passage[3]


@needs("pdflatex")
def test_the_latex_tables_compile_as_they_are(folder, tmp_path):
    shutil.copytree(folder / "tables", tmp_path / "tables")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    done = subprocess.run(command, cwd=tmp_path / "tables", capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]


@needs("soffice")
def test_the_word_tables_open_in_libreoffice(folder, tmp_path):
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(folder / "tables" / "tables.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert (tmp_path / "tables.pdf").read_bytes().startswith(b"%PDF")


def browse(file: Path, address: str, profile: Path):
    """Open the page in a browser: what stands in it after its script ran, and what the browser complained of."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", f"file://{file}{address}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return html.fromstring(done.stdout), [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture(scope="module")
def large():
    """Findings with 4,000 coded passages, and their page."""
    findings = make_findings(n_documents=320, per_document=25)
    start = time.process_time()
    text = page(findings, exhibits(findings), [])
    return findings, text, time.process_time() - start


def test_passages_are_data_of_the_page_and_not_its_markup(large):
    findings, text, seconds = large
    coded = findings.codings["passage_id"].nunique()
    markup, data = text.split('<script type="application/json"', 1)
    assert coded > 3_500 and len(evidence_data(findings)["passages"]) == coded
    assert len(markup) < 300_000 and len(data) < 1_200 * coded  # 20,000 passages: below 25 MB
    assert seconds < 20


@needs("chromium")
def test_of_many_passages_one_page_is_shown(large, tmp_path):
    _, text, _ = large
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    shown, complaints = browse(tmp_path / "report.html", "#passages?", tmp_path / "profile")
    assert complaints == []
    assert len(shown.xpath("//*[@id='list']/li")) == 20
    assert "of 4," in shown.xpath("string(//*[@id='count'])") or "of 3," in shown.xpath("string(//*[@id='count'])")


@needs("chromium")
@pytest.mark.parametrize("width", [375, 1280])
def test_the_page_does_not_scroll_sideways_however_long_a_word_is(width, tmp_path):
    word = "https://archive.example.org/" + "one_name_without_a_break_" * 8
    made = make_findings(expectations=EXPECTED)
    own = dataclasses.replace(
        made,
        study=made.study.model_copy(update={"title": word, "notes": (word,)}),
        actor_names=made.actor_names | {"JPN": word},
        documents=made.documents.assign(path=word, citation=word),
        passages=made.passages.assign(text=word, before=word, speaker=word),
    )
    drawn = [Drawn(name=word, caption="C", alt="", pdf=b"", png=b"", svg=b"<svg xmlns='http://www.w3.org/2000/svg'/>")]
    tell = """<script>
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    parent.postMessage([document.documentElement.scrollWidth, innerWidth, document.querySelectorAll("#list > li").length], "*");
    </script></body>"""
    (tmp_path / "page.html").write_text(page(own, exhibits(own), drawn).replace("</body>", tell), encoding="utf-8")
    (tmp_path / "frame.html").write_text(  # a window may not be as narrow as a telephone, a frame may
        f"""<body><script>addEventListener("message", (event) => {{ document.body.dataset.told = event.data; }});
        </script><iframe src="page.html" style="width: {width}px; border: 0"></iframe></body>"""
    )
    shown, complaints = browse(tmp_path / "frame.html", "", tmp_path / "profile")
    wide, inner, listed = map(int, shown.xpath("string(//body/@data-told)").split(","))
    assert complaints == [] and listed == 20
    assert wide <= inner == width


def test_a_box_that_scrolls_can_be_reached_by_keyboard_and_has_a_name(tree):
    boxes = tree.xpath("//div[@class='scroll'] | //pre")
    assert len(boxes) > 5
    for box in boxes:
        assert (box.get("role"), box.get("tabindex")) == ("region", "0")
        assert tree.get_element_by_id(box.get("aria-labelledby")).text_content().strip()


@needs("chromium")
def test_a_p_value_below_what_is_printed_is_the_smallest(findings, tmp_path):
    gaps = findings.gaps.head(3).assign(p_value=[0.5, 0.0001, 0.001], jensen_shannon=0.5)
    own = dataclasses.replace(findings, gaps=gaps, gap_parts=findings.gap_parts.iloc[:0])
    click = "document.querySelectorAll('#gaps table thead button')[5].click();"
    text = page(own, exhibits(own), []).replace("</body>", f"<script>{click * 2}</script></body>")
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    shown, complaints = browse(tmp_path / "report.html", "", tmp_path / "profile")
    sorted_by = shown.xpath("(//section[@id='gaps']//table)[1]//th[@aria-sort='ascending']")
    assert complaints == [] and [head.text_content() for head in sorted_by] == ["p"]
    column = shown.xpath("(//section[@id='gaps']//table)[1]/tbody/tr/td[5]")
    assert [cell.text_content().strip() for cell in column] == ["<.001", ".001", ".500"]


@needs("chromium")
def test_a_link_that_is_followed_twice_leads_to_its_passages_twice(folder, tmp_path):
    again = """<script>
    document.activeElement.blur();
    const before = document.activeElement.id;
    [...document.querySelectorAll("a")].find((a) => a.hash === location.hash).click();
    document.body.dataset.focus = before + " then " + document.activeElement.id;
    </script></body>"""
    text = (folder / "report.html").read_text(encoding="utf-8").replace("</body>", again)
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    address = "#passages?source=JPN&holder=JPN&aspect=conception"
    shown, complaints = browse(tmp_path / "report.html", address, tmp_path / "profile")
    assert complaints == [] and shown.xpath("string(//body/@data-focus)") == " then passages-head"


def test_both_figures_of_a_gap_and_its_shares_by_role_lead_to_the_coded_passages_behind_them(findings, folder):
    tree = html.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    links = tree.xpath("//section[@id='gaps']//td//a/@href")
    assert links
    for href in links:
        asked = dict(parse_qsl(href.split("?")[1]))
        kept = findings.codings.assign(period=findings.codings["date"].str[:4])
        for name, value in asked.items():
            kept = kept[kept[name] == value]
        assert len(kept), href
    scored = findings.gaps[findings.gaps["passages_left"] > 0].iloc[0]
    prescriber, ally = scored["prescriber"], scored["ally"]
    first = f"#passages?source={prescriber}&holder={ally}&aspect=prescription"
    assert any(href.startswith(first) for href in links)


def test_the_page_says_why_where_the_run_explains_it(findings):
    first = findings.codings.iloc[0]
    told = pd.DataFrame([{"passage_id": first["passage_id"], "role": first["role"], "why": "Words: load."}])
    own = dataclasses.replace(findings, explanations=told)
    data = evidence_data(own)
    spoke = [data["words"][coding[12]] for coding in data["codings"] if coding[12] >= 0]
    assert spoke == ["Words: load."]


def test_passages_labelled_by_hand_are_read_on_the_page_and_quoted_before_those_of_the_model(findings):
    spoken = findings.passages.set_index("passage_id")
    coded = set(findings.codings["passage_id"])
    silent = next(name for name in spoken.index if name not in coded and spoken.at[name, "source"] == "JPN")
    wrong = findings.codings.iloc[0]["passage_id"]
    labelled = {
        silent: Label(
            label_id=silent, text=spoken.at[silent, "text"], roles=("bridge",), holder="JPN", aspect="conception"
        ),
        wrong: Label(label_id=wrong, text=spoken.at[wrong, "text"], roles=()),
    }
    own = dataclasses.replace(findings, labelled=labelled)
    data = evidence_data(own)
    by_hand = [coding for coding in data["codings"] if coding[13]]
    assert [data["roles"][coding[1]][0] for coding in by_hand] == ["bridge"]
    assert data["passages"][by_hand[0][0]][3] == spoken.at[silent, "text"]
    assert sum(passage[9] for passage in data["passages"]) == 1
    quoted = quotations(own)[0]
    assert quoted[quoted["by"] == "hand"]["passage_id"].tolist() == [silent]
    assert wrong not in set(quoted["passage_id"])


@needs("chromium")
def test_filters_count_passages_and_leave_out_those_whose_label_denies_the_role(findings, tmp_path):
    codings = findings.codings[findings.codings["aspect"] == "conception"]
    twice, wrong, *_ = codings["passage_id"].unique()
    kept = codings[codings["passage_id"].isin([twice, wrong])]
    spoken = findings.passages.set_index("passage_id")["text"]
    row = kept[kept["passage_id"] == twice].iloc[0]
    labelled = {
        twice: Label(
            label_id=twice, text=spoken[twice], roles=(row["role"],), holder=row["holder"], aspect="conception"
        ),
        wrong: Label(label_id=wrong, text=spoken[wrong], roles=()),
    }
    own = dataclasses.replace(findings, codings=kept, labelled=labelled)
    (tmp_path / "report.html").write_text(page(own, exhibits(own), []), encoding="utf-8")
    shown, complaints = browse(tmp_path / "report.html", "#passages?by=counted", tmp_path / "profile")
    assert complaints == []
    assert [option.text for option in shown.xpath("//select[@name='aspect']/option")] == ["all", "conception (2)"]
    assert [option.get("value") for option in shown.xpath("//select[@name='by']/option")][1:] == [
        "hand", "model", "counted",
    ]  # fmt: skip
    assert shown.xpath("string(//*[@id='count'])").startswith("1 passage of 2")
    assert len(shown.xpath("//*[@id='list']/li")) == 1


@needs("chromium")
def test_a_cells_address_shows_its_passages_and_the_console_stays_silent(findings, folder, tmp_path):
    cell = next(c for c in cells(findings) if c.key[:3] == ("JPN", "JPN", "conception"))
    row = cell.top[0]
    address = f"#passages?source=JPN&holder=JPN&aspect=conception&role={row['role']}"
    shown, complaints = browse(folder / "report.html", address, tmp_path)
    assert complaints == []
    assert shown.xpath("string(//*[@id='count'])").startswith(f"{row['n_role']} passage")
    assert shown.xpath("string(//*[@id='count'])").endswith(
        f"{findings.codings['passage_id'].nunique()} coded by the model"
    )
    assert len(shown.xpath("//*[@id='list']/li")) == min(row["n_role"], 20)
    assert len(shown.xpath("//table[contains(@class, 'sortable')]//thead//button")) > 10
