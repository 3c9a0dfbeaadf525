"""The gallery: whole, well-formed, linked, without scripts on questions, and the same each time."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from quizgrad import Bank
from quizgrad.cli import main
from quizgrad.gallery import build, index, page_of

NAMES = ("attention/scaled_dot_product", "backprop/training_step_order", "cnn/conv_output_size")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("gallery") / "site"
    assert build([Bank()[name] for name in NAMES], target) == len(NAMES)
    return target


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["gallery", *arguments])


def test_every_page_is_well_formed_and_every_link_leads_somewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == len(NAMES) + 1
    for page in pages:
        text = page.read_text()
        ET.fromstring(text.partition("<!DOCTYPE html>")[2])
        for link in re.findall(r'(?:href|src)="([^"#:]+)(?:#[^"]*)?"', text):
            assert (page.parent / link).is_file(), link
        for anchor in re.findall(r'href="#([^"]+)"', text):
            assert f'id="{anchor}"' in text


def test_a_question_has_all_that_an_instructor_wants_to_see(site: Path) -> None:
    text = (site / "cnn/conv_output_size.html").read_text()
    for level in (1, 2, 3):
        assert f'id="level-{level}"' in text
    for wanted in (
        "<math",
        "Key",
        "Mistakes",
        "Worked solution",
        "Executed check",
        'from = "cnn/conv_output_size"',
    ):
        assert wanted in text
    assert "Source:" in text


def test_formulas_bring_their_font_and_questions_run_no_script(site: Path) -> None:
    assert "font/woff2;base64," in (site / "gallery.css").read_text()
    for name in NAMES:
        text = (site / f"{name}.html").read_text()
        assert "<script" not in text
        assert "script-src 'none'" in text


def test_only_the_script_of_the_search_may_run_on_the_first_page(site: Path) -> None:
    text = (site / "index.html").read_text()
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)
    assert script
    checksum = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{checksum}'" in text
    assert '<p id="search" hidden="">' in text


def test_the_same_items_are_shown_each_time() -> None:
    entry = Bank()[NAMES[0]]
    assert page_of(entry, "gallery") == page_of(entry, "gallery")
    assert page_of(entry, "gallery") != page_of(entry, "another")
    assert "1 questions" not in index([page_of(entry, "gallery")])


def test_an_existing_folder_is_replaced_on_demand_only(tmp_path: Path) -> None:
    target = tmp_path / "site"
    assert run("cnn/conv_output_size", "-o", str(target)).exit_code == 0
    refused = run("cnn/conv_output_size", "-o", str(target))
    assert refused.exit_code == 2
    assert "exists already" in refused.output
    assert run("gnn/gcn*", "-o", str(target), "--force").exit_code == 0
    assert not (target / "cnn").exists()


def test_a_pattern_without_questions_is_refused(tmp_path: Path) -> None:
    refused = run("nothing/*", "-o", str(tmp_path / "site"))
    assert refused.exit_code == 2
    assert not (tmp_path / "site").exists()


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_a_browser_shows_the_search_box(site: Path, tmp_path: Path) -> None:
    assert CHROMIUM
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
        "--enable-logging=stderr",
    ]
    done = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", (site / "index.html").as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert '<p id="search">' in done.stdout
    assert "CONSOLE" not in done.stderr
