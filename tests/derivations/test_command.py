"""scripts/check.py: what it prints, its exit status, its cache, and the committed ledger."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import check
import layout
import pytest
from publish import pages
from records import FRESH, NOT_RUN, STALE, ledger


@pytest.fixture
def guide(tmp_path, monkeypatch):
    """A page of a project of its own, with this one's notation."""
    folder = tmp_path / "docs" / "guide"
    folder.mkdir(parents=True)
    notation = Path(shutil.copy(layout.NOTATION, folder))
    for name, value in (
        ("ROOT", tmp_path),
        ("DOCS", tmp_path / "docs"),
        ("NOTATION", notation),
        ("LEDGER", tmp_path / "ledger.json"),
    ):
        monkeypatch.setattr(layout, name, value)
    monkeypatch.setattr(check, "CACHE", tmp_path / ".cache")

    def write(text):
        path = folder / "page.md"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(capsys, *arguments):
    status = check.main([str(argument) for argument in arguments])
    return status, capsys.readouterr().out


def test_a_wrong_line_is_shown_with_place_sides_point_and_values(capsys, guide):
    path = guide(
        "## Sigmoid\n\n$$\n\\begin{aligned}\n"
        "\\sigma'(z) &= \\sigma(z) \\left(1 - \\sigma(z)\\right) && \\text{known} \\\\\n"
        "&= \\sigma(z) \\left(1 + \\sigma(z)\\right) && \\text{wrong}\n\\end{aligned}\n$$\n\n$$\n1 = 2\n$$\n"
    )
    status, out = run(capsys, path, "--no-cache")
    assert status == 1
    first, second, third, fourth, summary = out.splitlines()
    assert first == (
        r"docs/guide/page.md:6:4: refused: \sigma(z) \left(1 - \sigma(z)\right) = "
        r"\sigma(z) \left(1 + \sigma(z)\right)"
    )
    assert second == "    at z = 0: the left side is 0.250000000000000, the right side 0.750000000000000"
    assert third == "docs/guide/page.md:11:5: refused: 1 = 2"
    assert "2 refused" in summary and "1 proved" in summary


def test_json_holds_the_same(capsys, guide):
    status, out = run(capsys, guide("$$\nz = 2z\n$$\n"), "--json")
    found = json.loads(out)
    (result,) = found["pages"].values()
    assert status == 1 and found["refused"] == 1 and result["refused"][0][:2] == [2, 5]


def test_another_seed_finds_the_same_mistake(capsys, guide):
    path = guide("$$\nz = 2z\n$$\n")
    assert run(capsys, path, "--seed", "7")[0] == 1


@pytest.mark.parametrize(
    "path, message",
    [
        ("docs/no-such-page.md", "found no such file"),
        ("/etc/hostname", "found a file outside"),
    ],
)
def test_a_wrong_path_is_one_clear_message(path, message):
    found = subprocess.run(
        [sys.executable, layout.ROOT / "scripts" / "check.py", path], capture_output=True, text=True, cwd=layout.ROOT
    )
    assert (
        found.returncode == 1 and message in found.stderr and len(found.stderr.splitlines()) == 1 and not found.stdout
    )


def test_an_unchanged_page_comes_from_the_cache_and_a_changed_one_does_not(capsys, guide, monkeypatch):
    from derivations import check as checker

    calls = []
    whole = checker.check_text
    monkeypatch.setattr(checker, "check_text", lambda *arguments: calls.append(1) or whole(*arguments))
    run(capsys, guide("$$\nz = z\n$$\n"), "--no-cache")
    run(capsys, guide("$$\nz = z\n$$\n"))
    assert len(calls) == 1
    run(capsys, guide("$$\nz + 0 = z\n$$\n"))
    assert len(calls) == 2


@pytest.mark.slow
def test_all_pages_pass_and_the_ledger_is_what_a_fresh_run_writes(capsys):
    before = layout.LEDGER.read_text(encoding="utf-8")
    status, out = run(capsys, "--no-cache")
    assert status == 0, out
    assert layout.LEDGER.read_text(encoding="utf-8") == before, (
        "scripts/records/ledger.json is old: run scripts/check.py and commit it"
    )


def test_nine_of_ten_steps_are_proved_and_no_function_page_is_unchecked():
    found = ledger.read()
    assert found["totals"]["steps_proved"] >= 0.9 * found["totals"]["steps"] > 0
    assert not any(counts["unchecked"] for name, counts in found["pages"].items() if name.startswith("docs/functions/"))


def test_a_marked_display_is_shown_with_its_reason(guide):
    guide("# Marked\n\n$$\nz = z\n$$\n\n<!-- unchecked: a picture -->\n$$\nz \\mapsto w\n$$\n")
    assert check.main([]) == 0
    assert "1 display could not be a claim" in pages.checking()
    assert "| `docs/guide/page.md:9` | a picture |" in pages.checking()


def test_status_knows_whether_a_page_has_changed_since(guide):
    assert ledger.status(guide("$$\nz = z\n$$\n")) == (None, NOT_RUN)
    check.main([])
    counts, state = ledger.status(guide("$$\nz = z\n$$\n"))
    assert state == FRESH and counts["proved"] == counts["relations"] == 1
    assert ledger.status(guide("$$\nz = z + 0\n$$\n")) == (counts, STALE)


def test_the_ledger_is_read_without_the_algebra():
    code = (
        "import sys; sys.modules['flint'] = None; from records import FRESH, NOT_RUN, STALE, ledger; "
        "print(ledger.read()['totals']['equations'])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(found.stdout) > 0
