"""Each displayed equation has a permalink, and formulas are copied as LaTeX, in a real browser."""

import re
from urllib.parse import urljoin

import pytest
from layout import ROOT

SOURCE = (ROOT / "docs/functions/gelu.md").read_text(encoding="utf-8")
DISPLAYS = re.findall(r"^\$\$\n(.*?)\n\$\$$", SOURCE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def page(site, browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/gelu/"), wait_until="networkidle")
        yield page


def copied(page, first=None, last=None):
    """What the clipboard holds after selecting from one element to another, or nothing, and pressing Ctrl+C."""
    page.evaluate(
        """([first, last]) => {
        getSelection().removeAllRanges()
        if (!first) return
        const range = document.createRange()
        range.setStartBefore(document.querySelector(first))
        range.setEndAfter(document.querySelector(last))
        getSelection().addRange(range)
    }""",
        [first, last],
    )
    page.keyboard.press("Control+C")
    return page.evaluate("navigator.clipboard.readText()")


def test_every_equation_links_to_itself(site):
    for page in site.pages.values():
        boxes = [box["id"] for box in page.find("div", **{"class": "equation"})]
        links = [link for link in page.find("a", **{"class": "headerlink"}) if link["href"].startswith("#eq-")]
        assert [link["href"] for link in links] == [f"#{name}" for name in boxes]
        assert all(link["aria-label"] for link in links)


def test_an_equation_is_copied_as_its_latex(page):
    boxes = page.locator(".equation").evaluate_all("all => all.map(box => box.id)")
    assert len(boxes) == len(DISPLAYS)
    for box, tex in list(zip(boxes, DISPLAYS))[::5]:
        assert copied(page, f"#{box}", f"#{box}") == tex


def test_a_part_of_an_equation_stands_for_the_whole(page):
    part = "#eq-first-derivative-1 li:nth-child(2) .right"
    assert copied(page, part, part) == DISPLAYS[3]


def test_text_with_formulas_keeps_them_between_dollars(page):
    text = copied(page, "#eq-definition-1", "#eq-definition-2")
    assert text.startswith(f"$$\n{DISPLAYS[0]}\n$$\n\nHere $\\Phi(z)$ is the normal distribution function")
    assert r"$\varphi(t) = \frac{1}{\sqrt{2 \pi}}\, e^{-t^2/2}$ to the left of $z$." in text
    assert text.endswith(f"$$\n{DISPLAYS[1]}\n$$") and "¶" not in text


def test_text_without_formulas_is_left_alone(page):
    assert copied(page, "h1", "h1").strip().startswith("GELU")


def test_the_link_can_be_reached_by_keyboard_shows_and_copies(page):
    link = page.locator("#eq-definition-2 .headerlink")
    page.locator("#eq-definition-1 .headerlink").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("link => link == document.activeElement"):
            break
    else:
        pytest.fail("the second equation's link was not reached")
    page.wait_for_function("link => getComputedStyle(link).opacity == 1", arg=link.element_handle())
    assert copied(page) == DISPLAYS[1]
    page.keyboard.press("Enter")
    page.wait_for_url("**/functions/gelu/#eq-definition-2")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_link_moves_nothing_and_covers_no_formula(site, browser, width):
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/gelu/"), wait_until="networkidle")
        box = page.locator("#eq-definition-1")
        box.scroll_into_view_if_needed()
        before = box.locator("math").bounding_box()
        box.hover()
        link = box.locator(".headerlink").bounding_box()
        assert box.locator("math").bounding_box() == before
        assert link["x"] + link["width"] <= before["x"] or link["x"] >= before["x"] + before["width"]
