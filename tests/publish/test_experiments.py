"""The pieces of the experiments: fit for a page, whole, and one clear message for a file that is not."""

import json
import re
import shutil
import subprocess
import sys

import layout
import pytest
from publish import experiments
from records import RecordError
from support.svg import SVG, check_announced, check_figure

FOLDERS = {"results": layout.RESULTS, "snippets": layout.SNIPPETS}
FIGURES = [f"experiments/{piece}" for makers in experiments.MADE.values() for piece in makers if piece.endswith(".svg")]


@pytest.fixture(scope="module")
def made():
    return experiments.pieces(*FOLDERS.values())


@pytest.fixture
def folder(tmp_path):
    """A copy to break."""
    for part, source in FOLDERS.items():
        shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_fit_for_a_page(name, made):
    root, _ = check_figure(made[name], 6144)
    drawings = list(root.iter(f"{SVG}svg"))
    for svg in drawings:
        title, description = check_announced(svg)
        assert title and len(description) > 40 and not set(description) & set("$\\{}")
        check_labels_are_inside(svg)
    assert len({svg[0].text for svg in drawings}) == len(drawings)
    assert root.find("figcaption").text.endswith(".")


def check_labels_are_inside(svg):
    """No label reaches over the edge of its drawing."""
    width, height = float(svg.get("width")), float(svg.get("height"))
    for e in svg.iter(f"{SVG}text"):
        wide = sum(0.4 if letter in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" else 0.6 for letter in e.text)
        reach = wide * float(e.get("font-size"))
        left = float(e.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[e.get("text-anchor")] * reach
        assert -4 < left and left + reach < width + 4 and 0 < float(e.get("y")) < height, e.text


def test_ids_differ_between_figures(made):
    ids = [i for name in FIGURES for i in re.findall(r'\bid="([^"]+)"', made[name])]
    assert len(set(ids)) == len(ids)


def test_the_same_bytes_each_time(made):
    assert experiments.pieces(*FOLDERS.values()) == made


def test_tables_are_whole(made):
    for name, text in made.items():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            assert len({line.count(" |") for line in block.splitlines()}) == 1, name


def test_snippets_stand_in_tabs_as_they_are_tested(made):
    for trouble in experiments.TROUBLES:
        tabs = made[f"experiments/detect_{trouble}.md"]
        for library in ("numpy", "torch"):
            code = (layout.SNIPPETS / f"{trouble}_{library}.py").read_text()
            assert "".join(f"    {line}" if line.strip() else line for line in code.splitlines(True)) in tabs
    found = {path.stem.rpartition("_")[0] for path in (layout.SNIPPETS).glob("*_*.py")}
    assert found == set(experiments.TROUBLES)


@pytest.mark.parametrize(
    "breaking, said",
    [
        (lambda path: path.unlink(), "found no such file"),
        (lambda path: path.write_text("{"), "found no JSON"),
        (lambda path: path.write_text(json.dumps(json.loads(path.read_text()) | {"results": {}})), "found no '"),
        (
            lambda path: path.write_text(json.dumps(json.loads(path.read_text()) | {"settings": None})),
            "found None as settings",
        ),
    ],
)
@pytest.mark.parametrize("name", experiments.MADE)
def test_a_bad_result_file_is_one_clear_message(name, breaking, said, folder):
    breaking(folder / "results" / f"{name}.json")
    with pytest.raises(RecordError) as caught:
        experiments.pieces(folder / "results", folder / "snippets")
    message = str(caught.value)
    assert message.startswith(f"{folder / 'results' / name}.json: {said}") and "\n" not in message
    assert f"python -m experiments.{name}" in message


def test_a_bug_in_a_drawing_is_no_bad_file(monkeypatch):
    def broken(result):
        return result["no such key"]

    monkeypatch.setitem(experiments.MADE["digits"], "digits.md", broken)
    with pytest.raises(KeyError, match="no such key"):
        experiments.pieces(*FOLDERS.values())


def changed(folder, name, edit):
    path = folder / "results" / f"{name}.json"
    result = json.loads(path.read_text())
    edit(result)
    path.write_text(json.dumps(result))


def test_a_function_that_nobody_knows_is_one_clear_message(folder):
    def rename(result):
        result["settings"]["activations"].append("reluu")
        result["results"] |= {f"reluu/{scale}": result["results"][f"relu/{scale}"] for scale in ("1.0", "2.0", "5.0")}

    changed(folder, "saturation", rename)
    with pytest.raises(RecordError, match="saturation.json: found the function 'reluu', expected one of"):
        experiments.pieces(folder / "results", folder / "snippets")


def test_what_was_not_run_is_said_and_the_rest_is_shown(folder, made):
    """As if Mish had joined the comparison of correlations and the widths of another experiment had changed."""

    def without_mish(result):
        result["settings"]["activations"].remove("mish")
        for case in ("mish/0.5", "mish/0.9"):
            del result["results"][case]

    changed(folder, "correlation", without_mish)
    changed(folder, "digits", lambda result: result["settings"].update(width=31))
    pieces = experiments.pieces(folder / "results", folder / "snippets")
    assert "Mish" not in pieces["experiments/correlation.md"] and "Mish" in made["experiments/correlation.md"]
    said = pieces["experiments/overview.md"].removeprefix(made["experiments/overview.md"])
    assert said == (
        "\n- `python -m experiments.correlation` has not been run yet for Mish.\n"
        "- The settings of `python -m experiments.digits` have changed since it was run.\n"
    )


def test_a_missing_snippet_is_one_clear_message(folder):
    (folder / "snippets" / "saturation_torch.py").unlink()
    with pytest.raises(RecordError, match="saturation_torch.py: found no such file"):
        experiments.pieces(folder / "results", folder / "snippets")


def test_the_build_refuses_a_missing_result(tmp_path):
    shutil.copytree(layout.SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copytree(layout.FUNCTIONS, tmp_path / "docs" / "functions")
    (tmp_path / "scripts" / "records" / "experiments" / "digits.json").unlink()
    result = subprocess.run([sys.executable, tmp_path / "scripts" / "build.py"], capture_output=True, text=True)
    assert result.returncode == 1 and result.stderr.startswith("scripts/records/experiments/digits.json: found no such")
    assert result.stderr.count("\n") == 1 and not (tmp_path / "docs" / "generated").exists()
    (tmp_path / "scripts" / "records" / "frameworks.json").write_text("{}")
    result = subprocess.run([sys.executable, tmp_path / "scripts" / "build.py", "relu"], capture_output=True, text=True)
    assert result.returncode == 1 and result.stderr.startswith("scripts/records/frameworks.json: found no 'kinks'")
    assert result.stderr.count("\n") == 1
