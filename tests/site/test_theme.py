"""What reaches into the theme: it meets something today, and where a class is renamed all else goes on."""

import json
import re
from urllib.parse import urljoin

import pytest
import tinycss2
from finish import alternatives
from layout import DOCS

STYLES = DOCS / "stylesheets"
SCRIPTS = DOCS / "javascripts"
DOCUMENTED = {"md-typeset", "md-button"}  # what Material's manual tells to use
# States that no element is in by itself.
STATE = re.compile(r":is\(:hover, :focus\)|:(hover|focus-visible|focus|not\(:checked\))|::[a-z-]+|\[hidden\]")


def selectors(rules):
    """The selectors of the rules and of the groups among them."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from (tinycss2.serialize(one).strip() for one in alternatives(rule.prelude))
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media":
            yield from selectors(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


def of_stylesheet():
    rules = tinycss2.parse_stylesheet(
        (STYLES / "theme.css").read_text(encoding="utf-8"), skip_comments=True, skip_whitespace=True
    )
    return [STATE.sub("", selector) for selector in selectors(rules)]


def of_script():
    return re.findall(r'(?:querySelector|all)\("([^"]+)"\)', (SCRIPTS / "theme.js").read_text(encoding="utf-8"))


def test_only_two_files_reach_into_the_theme():
    for path in [*STYLES.glob("*.css"), *SCRIPTS.glob("*.js")]:
        if path.stem not in ("theme", "font"):
            text = path.read_text(encoding="utf-8")
            assert set(re.findall(r"\.(md-[\w-]+)", text)) <= DOCUMENTED, path.name
            assert "#__" not in text and "data-md-toggle" not in text and "document$" not in text, path.name


@pytest.mark.parametrize("name", ["theme.css", "theme.js"])
def test_each_selector_meets_something(site, browser, name):
    wanted = set(of_stylesheet() if name == "theme.css" else of_script())
    assert len(wanted) > (15 if name == "theme.css" else 4)
    with browser.new_context(viewport={"width": 1280, "height": 600}) as context:
        page = context.new_page()
        for address in ("functions/", "functions/sigmoid/", "guide/adding/"):
            page.goto(urljoin(site.url, address), wait_until="networkidle")
            if address == "guide/adding/":
                page.keyboard.press("/")
                page.keyboard.type("python scripts")
                page.locator(".md-search-result__article").first.wait_for()
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(300)
            wanted -= {one for one in wanted if page.locator(one).count()}
    assert not wanted


def test_no_page_loads_the_stylesheet_of_the_palette(site):
    for page in [*site.pages.values(), site.missing]:
        sheets = [link["href"] for link in page.find("link", rel="stylesheet")]
        assert any("main" in sheet for sheet in sheets) and not any("palette" in sheet for sheet in sheets)
        [unused] = [link for link in page.find("link") if link.get("title", "").startswith("not used: palette")]
        assert "rel" not in unused


def test_the_scripts_are_deferred_and_the_own_ones_in_place(site):
    for page in [*site.pages.values(), site.missing]:
        scripts = [script for script in page.find("script") if "src" in script]
        assert all("defer" in script or script.get("type") == "module" for script in scripts)
        names = [script["src"].rpartition("/")[2].split(".")[0] for script in scripts]
        own = [name for name in names if name != "functions"]  # which the index of functions loads beside them
        assert own == ["bundle", "site", "theme", "explorer"]
        [settings] = page.text("script", lambda script: script.get("id") == "__config")
        assert json.loads(settings)["search"].endswith("javascripts/search.js")


def test_what_an_explorer_imports_is_preloaded(site):
    for page in site.pages.values():
        figures = [figure for figure in page.find("figure") if "data-explorer" in figure]
        preloaded = [link["href"].rpartition("/")[2] for link in page.find("link", rel="modulepreload")]
        kinds = {"vector.js" if "vector" in figure["class"].split() else "plot.js" for figure in figures}
        assert set(preloaded) == ({"explorer.js", "curve.js", "frame.js"} | kinds if figures else set())


def test_from_a_disk_the_page_reads_as_on_paper_and_formulas_are_copied(site, browser):
    """Where browsers load neither modules nor data."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto((site.directory / "functions/sigmoid/index.html").as_uri(), wait_until="networkidle")
        figure, caption = page.locator("figure.curve"), page.locator("figure.curve > figcaption")
        figure, caption = (part.first.bounding_box() for part in (figure, caption))
        assert figure["y"] + figure["height"] == pytest.approx(caption["y"] + caption["height"], abs=2)
        found, tex = page.evaluate(COPIED)
        assert found == tex and tex
        page.goto((site.directory / "functions/index.html").as_uri(), wait_until="networkidle")
        rows = page.locator("td[data-name]:visible").count()
        page.get_by_label("smooth", exact=True).check()
        assert 0 < page.locator("td[data-name]:visible").count() < rows


COPIED = """() => {
    const equation = document.querySelector(".equation")
    getSelection().selectAllChildren(equation)
    const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), cancelable: true })
    document.dispatchEvent(event)
    return [event.clipboardData.getData("text/plain"), equation.dataset.tex]
}"""


@pytest.mark.parametrize(
    "renamed", ["md-header__button", "__drawer", "md-search", "md-code__nav", "md-typeset__scrollwrap", "document$", ""]
)
def test_formulas_are_copied_whatever_the_theme_renames(site, browser, renamed):
    """The pages and the theme's script with another name in the place of one that theme.js relies on."""

    def serve(route):
        path = site.directory / route.request.url.removeprefix(site.url)
        path = path / "index.html" if path.is_dir() else path
        text = path.read_text(encoding="utf-8")
        kind = "text/javascript" if path.suffix == ".js" else "text/html"
        route.fulfill(body=text.replace(renamed, "zz_renamed") if renamed else text, content_type=kind)

    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page, problems = context.new_page(), []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.route("**/bundle*.js", serve)
        page.route("**/functions/sigmoid/", serve)
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        found, tex = page.evaluate(COPIED)
        assert found == tex and tex
        page.keyboard.press("Shift")
        page.wait_for_function("!document.querySelector('.equation:not(.settled)')")
        assert not [problem for problem in problems if "bundle" not in problem]
        assert renamed == "document$" or not problems
        assert page.locator("button.md-header__button").count() == (renamed not in ("md-header__button", "__drawer"))
