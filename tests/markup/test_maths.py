"""The Markdown extensions: what they make of a formula, what they refuse, and that they name its place."""

import html
import re

import pytest
from markdown import markdown
from markup.maths import derivation, mathml, split
from support.site import mkdocs_build

CONFIGURATION = """\
site_name: Tiny
plugins: []
markdown_extensions:
  - tables
  - markup.snippets
  - pymdownx.snippets: {base_path: [docs/generated], check_paths: true}
  - pymdownx.arithmatex: {generic: true}
  - markup.maths
"""


def rendered(source):
    return markdown(
        source,
        extensions=["tables", "toc", "pymdownx.arithmatex", "markup.maths"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )


def test_inline():
    assert rendered("so $z < 1$.") == ('<p>so <math data-tex="z &lt; 1"><mi>z</mi><mo>&lt;</mo><mn>1</mn></math>.</p>')


def test_display_has_a_box_an_address_and_its_tex():
    source = "# T\n\n## The Slope\n\n$$\na = b\n$$\n\n$$\nb =\n  c\n$$"
    boxes = re.findall(r"<div ([^>]*)><math display=\"block\">", rendered(source))
    assert boxes == [
        'class="equation" data-search-exclude="1" data-tex="a = b" id="eq-the-slope-1"',
        'class="equation" data-search-exclude="1" data-tex="b =\n  c" id="eq-the-slope-2"',
    ]


def test_tex_survives_the_attribute():
    tex = 'a < b > c & "d"'.replace("&", r"\land").replace('"', "")
    assert html.unescape(re.search('data-tex="([^"]*)"', rendered(f"${tex}$"))[1]) == tex


def test_aligned_block_becomes_a_list_of_steps():
    made = derivation(r"\begin{aligned} a &= b && \text{chain rule} \\ &= c \end{aligned} \quad z > 0")
    assert re.findall("<li>(.*?)</li>", made) == [
        '<math class="left" displaystyle="true"><mi>a</mi></math>'
        '<math class="right" displaystyle="true"><mo lspace="0">=</mo><mi>b</mi></math>'
        '<span class="reason">chain rule</span>',
        '<math class="right" displaystyle="true"><mo lspace="0">=</mo><mi>c</mi></math>',
        '<math class="right" displaystyle="true"><mspace width="1em"/><mi>z</mi><mo>&gt;</mo><mn>0</mn></math>',
    ]


def test_reason_may_hold_maths():
    assert '<span class="reason">insert <math><mi>u</mi></math> &amp; go</span>'.replace("&amp; ", "") in derivation(
        r"\begin{aligned} a &= b && \text{insert }u\text{ go} \end{aligned}"
    )


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{cases} a, & z > 0 \\ b, & z \le 0 \end{cases}",
        r"\begin{aligned} a &= b & c &= d \end{aligned}",
        r"a = \begin{aligned} b \end{aligned}",
        r"\begin{aligned} a &= \begin{aligned} b \end{aligned} \end{aligned}",
    ],
)
def test_other_blocks_stay_one_formula(tex):
    assert derivation(tex) is None
    assert '<math display="block">' in rendered(f"$$\n{tex}\n$$")


def test_split_leaves_braces_and_inner_environments_whole():
    tex = r"a & {b & c} & \begin{cases} d & e \\ f \end{cases} \& g \\ h"
    assert [part for _, part in split(tex, "&")] == [
        "a ",
        " {b & c} ",
        r" \begin{cases} d & e \\ f \end{cases} \& g \\ h",
    ]
    assert [tex[at : at + len(part)] == part for at, part in split(tex, r"\\")] == [True, True]


def test_dollar_signs_that_are_none_of_maths_pass():
    assert rendered(r"costs \$5, `$HOME`").replace("\n", "") == "<p>costs $5, <code>$HOME</code></p>"


@pytest.fixture
def tiny(tmp_path):
    """A project of one page; call it with the page's text after the title to get the finished build."""
    (tmp_path / "docs/generated").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "docs/first.md").write_text("# First\n\n$z$ and `$\\foo$`.\n", encoding="utf-8")

    def build(text, **generated):
        (tmp_path / "docs/index.md").write_text(f"# Tiny\n\n{text}\n", encoding="utf-8")
        for name, content in generated.items():
            (tmp_path / f"docs/generated/{name}.md").write_text(content, encoding="utf-8")
        return mkdocs_build(tmp_path)

    return build


MISTAKES = {
    "unknown command": ("text\n\n$$\na = \\foo{b}\n$$", "docs/index.md:6:5", r"\foo"),
    "unknown command inline": (r"so $a$ and $\foo$", "docs/index.md:3:13", r"\foo"),
    "unbalanced brace": ("$$\n\\frac{a}{b\n$$", "docs/index.md:4:11", "}"),
    "brace too many": ("$$\na}\n$$", "docs/index.md:4:2", "}"),
    "in a list": ("- one\n\n    $$\n    a\n      = \\foo\n    $$", "docs/index.md:7:9", r"\foo"),
    "in a quotation": ("> $$\n> a =\n> \\foo\n> $$", "docs/index.md:5:3", r"\foo"),
    "in a table": ("| a |\n|---|\n| $\\foo$ |", "docs/index.md:5:4", r"\foo"),
    "in a reason": (
        "$$\n\\begin{aligned}\na &= b && \\text{x} \\foo\n\\end{aligned}\n$$",
        "docs/index.md:5:20",
        r"\foo",
    ),
    "space between rows": ("$$\n\\begin{aligned} a \\\\[4pt] b \\end{aligned}\n$$", "docs/index.md:4:19", r"\\[4pt]"),
    "box": ("$$\n\\boxed{a}\n$$", "docs/index.md:4:1", r"\boxed"),
    "strike": ("$$\na\\cancel{b}\n$$", "docs/index.md:4:2", r"\cancel"),
    "comment": ("$a 50% b$", "docs/index.md:3:6", "% b"),
    "definition": ("$$\n\\newcommand{\\x}{y}\n$$", "docs/index.md:4:1", r"\newcommand"),
    "blank line": ("$$\na\n\nb\n$$", "docs/index.md:3:1", "$"),
    "space inside": ("so $ a$ b", "docs/index.md:3:4", "$"),
    "open end": ("so $a and b", "docs/index.md:3:4", "$"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_ends_the_build_with_its_place(tiny, name):
    text, place, found = MISTAKES[name]
    built = tiny(text)
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    [line] = [line for line in built.stderr.splitlines() if place in line]
    assert found in line.split(place)[1]


def test_mistake_in_an_included_piece_is_found_there(tiny):
    built = tiny('--8<-- "piece.md"', piece="so\n$\\foo$\n")
    assert built.returncode == 1
    assert "docs/generated/piece.md:2:2: Unknown command" in built.stderr


def test_missing_piece_is_named_with_its_place(tiny):
    built = tiny('so\n\n--8<-- "peace.md"', piece="so\n")
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert 'docs/index.md:5:1: there is no "peace.md" in docs/generated, but "piece.md"' in built.stderr


def test_page_without_mistake_builds(tiny):
    built = tiny("$$\n\\begin{aligned} a &= b && \\text{rule} \\end{aligned}\n$$")
    assert built.returncode == 0, built.stderr


def test_a_script_letter_needs_no_variant_that_the_font_lacks():
    assert "\N{MATHEMATICAL SCRIPT CAPITAL N}" in mathml(r"\mathcal{N}", display=False)
    assert "\N{VARIATION SELECTOR-1}" not in mathml(r"\mathcal{N}", display=False)
