"""What scripts/finish.py leaves out of scripts and styles, and that nothing else is."""

import re
import shutil
import subprocess
import sys
from importlib.resources import files

import pytest
from finish import finish, script, style
from layout import DOCS, SCRIPTS

KNOWN = {"here", "there", "place"}
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


@pytest.mark.parametrize(
    ("stylesheet", "kept"),
    [
        (".here{a:b}.gone{a:b}", ".here{a:b}"),
        (".gone,.here .there,#place>.gone{a:b}", ".here .there{a:b}"),
        (".here.there{a:b}p{c:d}#gone{a:b}", ".here.there{a:b}p{c:d}"),
        (".here:not(.gone){a:b}:is(.here,.gone):not(:is(.gone,.lost)){a:b}", None),
        (".here:has(.there,:is(.there,.gone)){a:b}", None),
        ("[dir=rtl] .here{a:b}[dir=ltr] .here{a:b}", "[dir=ltr] .here{a:b}"),
        (
            '@charset "UTF-8";@media print{.gone{a:b}.here{a:b}}@media screen{.gone{a:b}}',
            '@charset "UTF-8";@media print{.here{a:b}}',
        ),
        (
            "@layer base{@media print{@supports (a:b){.gone{a:b}.here{c:d}}}}",
            "@layer base{@media print{@supports (a:b){.here{c:d}}}}",
        ),
        ("@layer first{.gone{a:b}}@layer second;", "@layer first{}@layer second;"),
        ("@keyframes gone{from{a:b}to{a:c}}@font-face{a:b}@page{a:b}", None),
        ('.here{content:"}"}.gone{a:b}.there{content:"{"}', '.here{content:"}"}.there{content:"{"}'),
        ('.here{content:"/* said */"}', None),
        (".here{a:b;.there &{c:d}}", None),
        (":root{--icon:url(\"data:image/svg+xml;charset=utf-8,<svg d='.gone'/>\")}", None),
        ("/* why\n */\n.here {\n  a: b; /* c */\n}\n", ".here{a: b;}"),
    ],
)
def test_rules_without_a_place_are_left_out(stylesheet, kept):
    assert style(stylesheet, KNOWN) == (kept or stylesheet)


@pytest.mark.parametrize("stylesheet", [".here{a:b}}", "p"])
def test_what_is_no_stylesheet_is_refused(stylesheet):
    with pytest.raises(ValueError, match="line 1: "):
        style(stylesheet)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("// why\n  a = 'http://b' // c\n\n  d()\n", "a = 'http://b'\nd()"),
        ('a("see // here", /\\/\\/ [/*] /) /* c */', 'a("see // here", /\\/\\/ [/*] /)'),
        ("f = `  // ${b.map(c => `\n  <i> /* ${c /* d */}`)}\n  `", "f = `  // ${b.map(c => `\n  <i> /* ${c }`)}\n  `"),
        ("return_ /* a\n */\nb", "return_\nb"),
        (
            'import { a } from "./a.js" // b\nexport const c = a?.d ?? 1',
            'import { a } from "./a.js"\nexport const c = a?.d ?? 1',
        ),
    ],
)
def test_comments_are_left_out_of_scripts(source, kept):
    assert script(source) == kept
    assert script(kept) == kept


def test_what_is_no_script_is_refused():
    with pytest.raises(ValueError, match="no JavaScript"):
        script("a = (")


def test_scripts_served_say_what_their_source_says(site):
    """Only space and comments differ: the same words and signs in the same order."""
    for path in DOCS.glob("javascripts/*.js"):
        served = (site.directory / "javascripts" / path.name).read_text(encoding="utf-8")
        lines = (re.sub(r"(^|\s)// .*", "", line) for line in path.read_text(encoding="utf-8").splitlines())
        assert "".join(served.split()) == "".join("".join(lines).split()), path.name


def test_what_pages_use_keeps_its_rules(site):
    """The theme's own stylesheet has no rule for a class of a page that the served one has not."""
    [served] = (site.directory / "assets/stylesheets").glob("main*.css")
    whole = files("material").joinpath("templates/assets/stylesheets", served.name).read_text(encoding="utf-8")
    text = served.read_text(encoding="utf-8")
    assert len(text) < 0.75 * len(whole)
    classes = {
        name
        for page in site.pages.values()
        for _, attributes in page.elements
        for name in (attributes.get("class") or "").split()
    }
    names = set(CLASS.findall(whole)) & classes
    assert len(names) > 50 and names <= set(CLASS.findall(text))


def test_a_second_run_changes_nothing(site, tmp_path):
    for folder in ("javascripts", "stylesheets", "assets/stylesheets"):
        shutil.copytree(site.directory / folder, tmp_path / folder)
    shutil.copy(site.directory / "index.html", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.glob("[js]*/*")}
    finish(tmp_path)
    assert len(before) > 10 and before == {path: path.read_bytes() for path in before}


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPTS / "finish.py", *arguments], capture_output=True, text=True)


def test_the_command_names_what_is_wrong(tmp_path):
    result = run(tmp_path / "nowhere")
    assert result.returncode == 1 and "expected a built site" in result.stderr
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / "javascripts").mkdir()
    (tmp_path / "javascripts" / "broken.js").write_text("a = (")
    result = run(tmp_path)
    assert result.returncode == 1 and "broken.js: found no JavaScript" in result.stderr
    assert "Traceback" not in result.stderr
    (tmp_path / "javascripts" / "broken.js").write_text("a = 1 // why")
    assert run(tmp_path).returncode == 0
    assert (tmp_path / "javascripts" / "broken.js").read_text() == "a = 1"
