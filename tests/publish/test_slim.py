"""What is left out of scripts and styles, and that nothing else is."""

import pytest
from publish import slim

KNOWN = slim.names(['<p class="here there" id="place"></p>'], ['set("made-by-script")'])


@pytest.mark.parametrize(
    "stylesheet, kept",
    [
        (".here{a:b}.gone{a:b}", ".here{a:b}"),
        (".gone,.here .there,#place>.gone{a:b}", ".here .there{a:b}"),
        (".here.made-by-script{a:b}p{c:d}", ".here.made-by-script{a:b}p{c:d}"),
        (".here:not(.gone){a:b}:is(.here,.gone):not(:is(.gone,.lost)){a:b}", None),
        ("[dir=rtl] .here{a:b}[dir=ltr] .here{a:b}", "[dir=ltr] .here{a:b}"),
        (
            '@charset "UTF-8";@media print{.gone{a:b}.here{a:b}}@media screen{.gone{a:b}}',
            '@charset "UTF-8";@media print{.here{a:b}}',
        ),
        ("@keyframes gone{from{a:b}to{a:c}}@font-face{a:b}", None),
        (":root{--icon:url(\"data:image/svg+xml;charset=utf-8,<svg d='.gone'/>\")}", None),
    ],
)
def test_rules_without_a_place_are_left_out(stylesheet, kept):
    assert slim.used(stylesheet, KNOWN) == (stylesheet if kept is None else kept)


def test_comments_are_left_out():
    assert slim.script("// why\n  a = 'http://b' // c\n\n  d()\n") == "a = 'http://b'\nd()"
    assert slim.style("/* why\n */\na {\n  b: c; /* d */\n}\n") == "a {\nb: c;\n}"


def test_what_pages_use_keeps_its_rules(site):
    """The theme's own stylesheet has no rule for a class of a page that the served one has not."""
    from importlib.resources import files

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
    names = set(slim.NAME.findall(whole)) & classes
    assert len(names) > 50 and names <= set(slim.NAME.findall(text))
