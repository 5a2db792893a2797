"""scripts/build.py and the hook: the same bytes each time, nothing written without need, errors in one message."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from layout import ROOT

pytestmark = pytest.mark.slow  # each test builds a whole copy
ENTRY = """
from reference.registry import activation, d1, d2, g


@activation(title="Cube", family="rectifier", smoothness=float("inf"), papers=(), frameworks={})
def cube(z):
    yield g(z**3)
    yield d1(3 * z**2)
    yield d2(6 * z)
"""


def run(root, *arguments, **environment):
    """Run the copy of build.py below root in a process of its own."""
    return subprocess.run(
        [sys.executable, root / "scripts" / "build.py", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def refused(root, *arguments):
    """The message of a build that must fail, without a traceback."""
    result = run(root, *arguments)
    assert result.returncode == 1 and not result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


def state(root, key):
    """What `key` says of each generated file."""
    generated = root / "docs" / "generated"
    return {str(path.relative_to(generated)): key(path) for path in generated.rglob("*") if path.is_file()}


def contents(root):
    return state(root, Path.read_bytes)


def times(root):
    return state(root, lambda path: path.stat().st_mtime_ns)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A copy of what build.py reads, with its output."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for folder in ("functions", "guide", "tables"):
        shutil.copytree(ROOT / "docs" / folder, root / "docs" / folder)
    result = run(root)
    assert result.returncode == 0 and not result.stderr, result.stderr
    return root


@pytest.fixture
def project(built, tmp_path):
    """A copy of it to break."""
    shutil.copytree(built, tmp_path / "project", copy_function=shutil.copy2)
    return tmp_path / "project"


def test_two_clean_builds_are_identical(built, project):
    shutil.rmtree(project / "docs" / "generated")
    assert run(project, PYTHONHASHSEED="1").returncode == 0
    assert contents(project) == contents(built)


def test_every_function_has_its_files(built):
    for page in (built / "docs" / "functions").glob("*.md"):
        if page.stem != "index":
            made = {path.name for path in (built / "docs" / "generated" / page.stem).iterdir()}
            assert {"card.md", "checked.md", "figure.svg", "references.md", "values.md"} <= made


def test_without_a_change_nothing_is_written_nor_imported(built):
    before = times(built)
    result = subprocess.run(
        [sys.executable, "-X", "importtime", built / "scripts" / "build.py"], capture_output=True, text=True, check=True
    )
    assert times(built) == before
    imported = {line.split("|")[-1].strip() for line in result.stderr.splitlines()}
    assert not imported & {"numpy", "matplotlib", "reference"}


def test_a_deleted_and_an_edited_file_are_mended(built, project):
    (project / "docs" / "generated" / "gelu" / "card.md").unlink()
    (project / "docs" / "generated" / "relu" / "figure.svg").write_text("scribble")
    before = times(project)
    assert run(project).returncode == 0
    assert contents(project) == contents(built)
    changed = {name for name, at in times(project).items() if before.get(name) != at}
    assert changed == {"gelu/card.md", "relu/figure.svg"}


def test_what_is_no_longer_made_is_removed(project):
    stale = project / "docs" / "generated" / "gone" / "card.md"
    stale.parent.mkdir()
    stale.write_text("old")
    assert run(project).returncode == 0
    assert not stale.parent.exists()


def test_a_new_entry_and_its_page_are_enough(project):
    (project / "scripts" / "reference" / "entries" / "cubic.py").write_text(ENTRY)
    (project / "docs" / "functions" / "cube.md").write_text("# Cube\n")
    assert run(project).returncode == 0
    generated = project / "docs" / "generated"
    assert "strictly increasing" in (generated / "cube" / "card.md").read_text()
    assert "functions/cube.md" in (generated / "gallery.md").read_text()
    (project / "scripts" / "reference" / "entries" / "cubic.py").unlink()
    (project / "docs" / "functions" / "cube.md").unlink()
    assert run(project).returncode == 0
    assert not (generated / "cube").exists() and "cube" not in (generated / "functions.md").read_text()


def edit(path, old, new):
    """Replace a text that the file has once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def entries_of(root, family):
    return root / "scripts" / "reference" / "entries" / f"{family}.py"


def clean(root):
    """What a build makes that finds nothing."""
    shutil.rmtree(root / "docs" / "generated")
    assert run(root).returncode == 0
    return contents(root)


def test_an_edited_entry_changes_its_files_and_the_lists(project):
    edit(entries_of(project, "sigmoidal"), 'aliases=("logistic",)', 'aliases=("logistic", "squash")')
    before = contents(project)
    assert run(project).returncode == 0
    after = contents(project)
    changed = {name for name in after if after[name] != before[name]}
    lists = {"functions.md", "catalogue.json", ".facts.json", ".build.json"}
    assert changed == {"sigmoid/card.md", "sigmoid/source.md", "sigmoid/.parts.json"} | lists
    assert b"squash" in after["sigmoid/card.md"] and b"squash" in after["functions.md"]


# A value that figures of theory, a sweep and experiments show; one of a constant that two entries share; a paper.
EDITS = {
    "tanh": (
        "sigmoidal.py",
        "    yield g(t)\n    yield d1(s * s)\n    yield d2(-2 * t",
        "    yield g(2 * t)\n    yield d1(2 * s * s)\n    yield d2(-4 * t",
    ),
    "exponential": ("exponential.py", "\nSCALE = ", "\nSCALE = 1.5 or "),
    "papers": ("../papers.py", '    volume: str = ""', '    volume: str = "1"'),
}


def jobs(root):
    """Job -> its key, from the stamp."""
    stamp = json.loads((root / "docs" / "generated" / ".build.json").read_text())
    return {name: job["key"] for name, job in stamp["jobs"].items()}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_all_is_as_if_made_anew(project, name):
    """Nothing that depends on what was edited is overlooked; of the functions' files only what depends on it is new."""
    file, old, new = EDITS[name]
    before = jobs(project)
    edit(project / "scripts" / "reference" / "entries" / file, old, new)
    assert run(project).returncode == 0
    after = jobs(project)
    functions = {path.stem for path in (project / "docs" / "functions").glob("*.md")}
    made = {job for job, key in after.items() if key != before[job]}
    families = {"exponential": {"elu", "selu"}, "papers": functions - {"index"}}  # what the edited line is common to
    assert functions & made == families.get(name, {name})
    assert contents(project) == clean(project)


def test_an_edited_result_changes_what_shows_it(project):
    edit(
        project / "scripts" / "records" / "experiments" / "saturation.json", '"peak_memory_mb": ', '"peak_memory_mb": 9'
    )
    before, keys = contents(project), jobs(project)
    assert run(project).returncode == 0
    assert {name for name, key in jobs(project).items() if key != keys[name]} == {"experiments/saturation"}
    changed = {name for name, text in contents(project).items() if before[name] != text}
    assert changed == {"experiments/overview.md", ".build.json"}


def test_a_damaged_part_is_made_again(built, project):
    for name, damage in (("gelu/.parts.json", "{"), ("tanh/.parts.json", "[]"), (".facts.json", "")):
        (project / "docs" / "generated" / name).write_text(damage)
    assert run(project).returncode == 0
    assert contents(project) == contents(built)


def test_an_edited_name_of_an_experiment_changes_what_shows_it(project):
    functions, before = project / "scripts" / "experiments" / "functions.py", contents(project)
    functions.write_text(functions.read_text().replace("Leaky ReLU (1/4)", "Leaky ReLU (one quarter)"))
    assert run(project).returncode == 0
    changed = {name for name, text in contents(project).items() if before[name] != text}
    assert "experiments/digits.md" in changed and all(
        name.startswith("experiments/") for name in changed - {".build.json"}
    )


def test_one_function(project):
    generated = project / "docs" / "generated"
    shutil.rmtree(generated)
    assert run(project, "gelu").returncode == 0
    assert {path.name for path in generated.iterdir()} == {"gelu"}
    assert run(project).returncode == 0 and (generated / "relu" / "card.md").exists()


def test_an_unknown_name(built):
    assert refused(built, "gelo") == "no function is called 'gelo': did you mean 'gelu'?"
    assert "expected one of sigmoid, tanh" in refused(built, "zzz")


def test_an_entry_without_a_page(project):
    (project / "docs" / "functions" / "tanh.md").unlink()
    before = contents(project)
    message = refused(project)
    assert message.startswith("scripts/reference/entries/sigmoidal.py:") and "docs/functions/tanh.md" in message
    assert "\n" not in message and contents(project) == before


def test_a_page_without_an_entry(project):
    (project / "docs" / "functions" / "nameless.md").write_text("# Nameless\n")
    before = contents(project)
    message = refused(project)
    assert message.startswith("docs/functions/nameless.md: ") and "scripts/reference" in message
    assert "\n" not in message and contents(project) == before


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\n1 / 0\n", "scripts/reference/entries/broken.py:2: ZeroDivisionError: division by zero"),
        ("def broken(:\n", "scripts/reference/entries/broken.py:1: invalid syntax"),
        ("import nowhere_to_be_found\n", "scripts/reference/entries/broken.py:1: ModuleNotFoundError: No module named"),
        (
            ENTRY.replace("rectifier", "cubist"),
            "scripts/reference/entries/broken.py:5: cube: found the family 'cubist'",
        ),
        (
            ENTRY.replace("6 * z", "six * z"),
            "scripts/reference/entries/broken.py:9: NameError: name 'six' is not defined",
        ),
        (
            ENTRY.replace("6 * z", "z[:3]"),
            "scripts/reference/entries/broken.py:9: cube: found float64 array of the shape (3,) as d2",
        ),
    ],
)
def test_a_broken_entry(project, source, expected):
    (project / "scripts" / "reference" / "entries" / "broken.py").write_text(source)
    (project / "docs" / "functions" / "cube.md").write_text("# Cube\n")
    before = contents(project)
    message = refused(project)
    assert message.startswith(expected) and "\n" not in message
    assert contents(project) == before


def test_no_half_written_file_is_left(built):
    assert not [
        name
        for name in contents(built)
        if Path(name).name.startswith(".")
        and Path(name).name not in (".build.json", ".facts.json", ".families.json", ".parts.json")
    ]


def test_a_damaged_stamp_is_written_again(built, project):
    stamp = project / "docs" / "generated" / ".build.json"
    whole = json.loads(stamp.read_text())
    odd = [
        whole | {"jobs": []},
        whole | {"jobs": {"gelu": {"key": 1}}},
        whole | {"files": {}},
        {"inputs": whole["inputs"]},
    ]
    for damage in ("", "[1]", "{", *map(json.dumps, odd)):
        stamp.write_text(damage)
        assert run(project).returncode == 0
        assert contents(project) == contents(built)
        json.loads(stamp.read_text())


def test_progress_is_for_terminals_only(project):
    import pty

    (project / "docs" / "generated" / "gelu" / "card.md").unlink()
    main, other = pty.openpty()
    with subprocess.Popen([sys.executable, project / "scripts" / "build.py"], stderr=other) as process:
        os.close(other)
        shown = b""
        while True:
            try:
                block = os.read(main, 1024)
            except OSError:  # the terminal's other end is closed
                break
            if not block:
                break
            shown += block
    os.close(main)
    assert process.returncode == 0 and b"] gelu" in shown


MKDOCS = """
site_name: Test
hooks: [scripts/hooks.py]
watch: [scripts]
exclude_docs: "generated/**/*.md"
markdown_extensions:
  - pymdownx.snippets: {base_path: [docs/generated], check_paths: true}
"""


@pytest.fixture
def site(project):
    """The project with a minimal mkdocs.yml and pages that include their cards."""
    (project / "mkdocs.yml").write_text(MKDOCS)
    for page in (project / "docs" / "functions").glob("*.md"):
        snippet = "" if page.stem == "index" else f'--8<-- "{page.stem}/card.md"\n'
        page.write_text(f"# {page.stem}\n\n{snippet}")
    (project / "docs" / "index.md").write_text("# Home\n")
    return project


def mkdocs(root, *arguments):
    return subprocess.run([sys.executable, "-m", "mkdocs", *arguments], cwd=root, capture_output=True, text=True)


def test_mkdocs_build_makes_what_pages_include(site):
    shutil.rmtree(site / "docs" / "generated")
    result = mkdocs(site, "build", "--strict")
    assert result.returncode == 0, result.stderr
    assert "torch.<wbr>sigmoid" in (site / "site" / "functions" / "sigmoid" / "index.html").read_text()


def test_mkdocs_build_stops_with_the_message(site):
    (site / "scripts" / "reference" / "entries" / "broken.py").write_text("x = 1\n1 / 0\n")
    result = mkdocs(site, "build")
    assert result.returncode == 1
    assert (result.stdout + result.stderr).count("broken.py:2: ZeroDivisionError: division by zero") == 1
    assert "Traceback" not in result.stdout + result.stderr


def test_mkdocs_serve_shows_an_edited_entry_and_comes_to_rest(site):
    """An edit shows without a restart, an error does not end the server, and its own output starts no endless loop."""
    with subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", "127.0.0.1:0"],
        cwd=site,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as server:
        os.set_blocking(server.stderr.fileno(), False)
        log = ""

        def wait(text, count=1, seconds=60):
            nonlocal log
            end = time.monotonic() + seconds
            while log.count(text) < count:
                assert time.monotonic() < end, log
                time.sleep(0.1)
                log += (server.stderr.read() or b"").decode()

        try:
            wait("Serving on")
            source = site / "scripts" / "reference" / "entries" / "sigmoidal.py"
            text = source.read_text()
            source.write_text(text + "\n1 / 0\n")
            wait("ZeroDivisionError: division by zero")
            source.write_text(text.replace('aliases=("logistic",)', 'aliases=("squash",)'))
            wait("Reloading browsers")
            assert "squash" in (site / "docs" / "generated" / "sigmoid" / "card.md").read_text()
            time.sleep(8)
            log += (server.stderr.read() or b"").decode()
            assert log.count("Reloading browsers") <= 2, log

            # Code that the server itself has imported: an edit to it shows, and still does after an edit of a page.
            def edit(path, old, new):
                count = log.count("Reloading browsers") + 1
                path.write_text(path.read_text().replace(old, new))
                wait("Reloading browsers", count)

            edit(site / "scripts" / "publish" / "pages.py", "The equations of this page", "All its equations")
            for word in ("logistic", "squashing"):
                edit(site / "docs" / "functions" / "sigmoid.md", "# Sigmoid", f"# Sigmoid\n\nAlso {word}.\n")
                checked = (site / "docs" / "generated" / "sigmoid" / "checked.md").read_text()
                assert "All its equations" in checked
        finally:
            server.terminate()
