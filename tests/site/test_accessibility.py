"""The built site for those who read it with a keyboard, a screen reader, large print or on paper."""

import re
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.pages import MISSING, addresses
from support.site import settle

WIDTHS = (1280, 360)
# What the colours can break; all else is the same in light and dark.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page, options=None):
    """Return what axe-core finds on `page`, one line for each element."""
    options = {"resultTypes": ["violations"], **(options or {})}
    found = Axe().run(page, options=options).response["violations"]
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    return [f"{page.url} {scheme} {rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", [*addresses(), MISSING])
def test_axe_finds_nothing(site, browser, page, width):
    with browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.emulate_media(color_scheme="light")
        tab.goto(urljoin(site.url, page))
        for figure in tab.locator("[data-explorer]").all():
            figure.scroll_into_view_if_needed()
            tab.locator("[data-explorer].live").wait_for()
        tab.locator("details").evaluate_all("all => all.forEach(box => { box.open = true })")
        settle(tab)
        problems = violations(tab)
        tab.emulate_media(color_scheme="dark")
        tab.wait_for_function("document.body.dataset.mdColorScheme == 'slate'")
        problems += violations(tab, COLOURS)
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_search_and_menu(site, browser):
    with browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"))
        page.locator("[for=__search]").first.click()
        page.keyboard.type("slope")
        page.locator(".md-search-result__link").first.wait_for()
        problems = violations(page)
        page.goto(urljoin(site.url, "functions/sigmoid/"))
        page.locator(".md-header__button[for=__drawer]").click()
        problems += violations(page)
    assert not problems, "\n".join(problems)


# What has the focus: a name for it, and whether something visible shows that.
FOCUS = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element)
    const ring = element.matches(".md-option") ? getComputedStyle(element.nextElementSibling) : style
    const shown = element.matches("circle") ? style.stroke != "none" : ring.outlineStyle != "none"
    const inside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight
    return [element.localName, element.getAttribute("class") || "", element.textContent.trim(), shown, inside,
            !!element.closest("article")]
}"""


def walk(page):
    """Press Tab from the top of the page to its end; return what had the focus."""
    stations = []
    for _ in range(500):
        page.keyboard.press("Tab")
        stations.append(page.evaluate(FOCUS))
        if stations[-1][0] == "body":
            return stations[:-1]
    raise AssertionError(f"the keyboard does not get out of {stations[-5:]}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["", "functions/", "functions/leaky_relu/", "functions/softmax/"])
def test_the_keyboard_reaches_all_and_shows_where_it_is(site, browser, name, width):
    with browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(urljoin(site.url, name), wait_until="networkidle")
        settle(page)
        stations = walk(page)
        lost = [station for station in stations if not (station[3] and station[4])]
        assert not lost, lost
        assert stations[0][2] == "Skip to content"
        controls = page.locator("article").locator("a[href], button, input, select, summary, [tabindex='0']")
        wanted = controls.evaluate_all("all => all.filter(one => one.checkVisibility() && !one.disabled).length")
        assert sum(station[5] for station in stations) == wanted > 0


def test_skip_link_leads_to_the_text(site, browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        page.keyboard.press("Tab")
        page.locator(".md-skip:focus").press("Enter")
        page.wait_for_function("scrollY > 0")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('article').contains(document.activeElement)")


def test_palette_search_and_menu_work_by_key(site, browser):
    with browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="light") as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        page.locator(".md-option").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.body.dataset.mdColorScheme == 'slate'")

        page.locator(".md-header__button[for=__drawer]").focus()
        page.keyboard.press("Enter")
        assert page.locator("#__drawer").is_checked()
        assert page.evaluate("document.querySelector('.md-sidebar--primary').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert not page.locator("#__drawer").is_checked()
        assert page.evaluate("document.activeElement.ariaLabel") == "Navigation"

        page.keyboard.press("/")
        page.keyboard.type("leaky")
        page.locator(".md-search-result__link", has_text="Leaky").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.locator(".md-search-result__link:focus").wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("leaky"))


def test_nothing_moves_for_whoever_wants_less_motion(site, browser):
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        moving = page.evaluate("""[...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element)
            return [style.transitionDuration, style.animationDuration].some(time => parseFloat(time) > 0)
        }).length""")
        assert moving == 0


def test_every_drawing_is_described_or_hidden(site):
    described = 0
    for page in site.pages.values():
        texts = {attributes.get("id"): data for opened, data in page.texts for tag, attributes in opened[-1:]}
        for drawing in page.find("svg", role="img"):
            title, description = (texts[name].strip() for name in drawing["aria-labelledby"].split())
            assert title and len(description) > 60, (page.url, title, description)
            described += 1
    assert described >= 6
