"""The functions index: filters, sorting, overlays agree with the module, by keyboard, address, without JavaScript."""

import base64
import gzip
import re
from math import inf
from urllib.parse import urljoin

import numpy as np
import pytest
from layout import ROOT
from publish import curves
from reference import CATALOGUE, PAPERS

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
FAR = np.concatenate([-np.logspace(6, -6, 400), [0], np.logspace(-6, 6, 400)])
MEMBERS = {f.name: f for f in CATALOGUE.values() if not f.vector}
VECTORS = {"smooth": set(CATALOGUE) - set(MEMBERS), "bounded": {"softmax"}}  # the vector functions that have a property
# What each property means, without the code that finds the facts.
MEANING = {
    "smooth": lambda f: f.smoothness == inf,
    "monotone": lambda f: (np.diff(f(FAR)) >= 0).all() or (np.diff(f(FAR)) <= 0).all(),
    "bounded": lambda f: np.abs(f(FAR)).max() < 1000,
    "zero-centred": lambda f: np.allclose(f(-FAR), -f(FAR), rtol=1e-12, atol=0),
    "saturating": lambda f: min(np.abs(f.derivative(np.array([-1e6, 1e6])))) < 1e-5,
    "kinked": lambda f: f.smoothness < 1,
}
SORTED = {
    "Function": lambda f: f.title.lower(),
    "Family": lambda f: {"rectifier": "rectifiers"}.get(f.family, f.family),
    "Year": lambda f: min((PAPERS[key].year for key in f.papers), default=inf),
    "Largest slope": lambda f: curves.features(f).lipschitz,
    "Smoothness": lambda f: f.smoothness,
}


@pytest.fixture
def index(site, browser):
    """The page of the index on a wide screen; its errors fail the test."""
    with browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(urljoin(site.url, "functions/"), wait_until="networkidle")
        yield page
        assert not errors


def names(page, which="table:has([data-sort])"):
    """The functions that the first table shows, in order; or those of all tables."""
    cells = page.locator(f"{which} tr:visible > td[data-name]")
    return cells.evaluate_all("all => all.map(cell => cell.dataset.name)")


def wait_for_status(page, count):
    """Wait until the status, which screen readers announce, says how many functions are shown."""
    text = f"{count} of {len(CATALOGUE)} functions"
    page.locator(".functions-form [role=status]", has_text=re.compile(f"^{text}$")).wait_for()


def test_all_columns_fit_on_a_wide_screen(index):
    widths = index.locator(".md-typeset__scrollwrap").evaluate_all(
        "all => all.map(box => box.scrollWidth - box.clientWidth)"
    )
    assert widths == [0, 0]


@pytest.mark.parametrize("word", MEANING)
def test_each_filter_shows_the_functions_that_have_the_property(index, word):
    index.get_by_label(word, exact=True).focus()
    index.keyboard.press("Space")
    wanted = [name for name, f in MEMBERS.items() if MEANING[word](f)]
    assert names(index) == wanted and 0 < len(wanted) < len(MEMBERS)
    wait_for_status(index, len(names(index, "article")))
    assert {name for name in names(index, "article") if name not in MEMBERS} <= VECTORS.get(word, set())
    index.keyboard.press("Space")
    assert names(index) == list(MEMBERS)


def test_filters_add_up_and_the_address_keeps_them(index):
    index.get_by_label("smooth", exact=True).check()
    index.get_by_label("monotone", exact=True).check()
    index.get_by_label("Family").select_option("sigmoidal")
    index.get_by_role("button", name="Largest slope").click()
    shown = names(index)
    assert set(shown) == {
        name
        for name, f in MEMBERS.items()
        if f.family == "sigmoidal" and MEANING["smooth"](f) and MEANING["monotone"](f)
    }
    assert index.url.endswith("#is=smooth,monotone&family=sigmoidal&sort=slope")
    index.reload()
    assert names(index) == shown
    assert (
        index.get_by_label("smooth", exact=True).is_checked()
        and index.get_by_label("Family").input_value() == "sigmoidal"
    )
    index.get_by_role("button", name="Reset").click()
    index.wait_for_function("!location.hash")
    assert names(index) == list(MEMBERS)


def test_nonsense_in_the_address_is_ignored(site, index):
    index.goto(urljoin(site.url, "functions/#is=tasty&family=x&sort=y&overlay=z,gelu"))
    index.wait_for_selector(".overlay svg")
    assert names(index) == list(MEMBERS) and index.locator("th[aria-sort]").count() == 0
    assert index.locator("td input:checked").count() == 1


@pytest.mark.parametrize("column", SORTED)
def test_a_header_sorts_up_then_down_then_not(index, column):
    button = index.get_by_role("button", name=column, exact=True)
    header = index.locator("th", has=button)
    key = SORTED[column]
    for direction, reverse in (("ascending", False), ("descending", True)):
        button.focus()
        index.keyboard.press("Enter")
        assert header.get_attribute("aria-sort") == direction
        values = [key(MEMBERS[name]) for name in names(index)]
        assert values == sorted(values, reverse=reverse) and len(values) == len(MEMBERS)
        assert index.evaluate("document.activeElement.tagName") == "BUTTON"
    index.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") is None and names(index) == list(MEMBERS)


def test_every_sortable_column_has_a_real_button(index):
    assert index.locator("th > button").count() == len(index.locator("th[data-sort]").all()) == len(SORTED) + 3


def drawn(page, panel):
    """Class of curve -> its points (z, y) in numbers, by the ticks of the panel's own axes."""
    group = page.locator(".overlay svg > g").nth(panel)
    texts = group.locator("text").evaluate_all(
        "all => all.map(t => [...['text-anchor', 'x', 'y'].map(name => t.getAttribute(name)), t.textContent])"
    )
    found = {}
    for anchor, coordinate in (("middle", 1), ("end", 2)):
        marks = [(float(mark[coordinate]), float(mark[3].replace("−", "-"))) for mark in texts if mark[0] == anchor]
        found[anchor] = np.polyfit(*zip(*marks), 1)
    em = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.overlay')).fontSize)")
    result = {}
    for path in group.locator("path[class^=curve]").all():
        points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get_attribute("d")), float)
        z = np.polyval(found["middle"], points[:, 0])
        result[path.get_attribute("class")] = z, np.polyval(found["end"], points[:, 1] + em / 3)
    return result


@pytest.mark.parametrize("chosen", [["gelu"], ["relu", "sigmoid"], ["tanh", "gelu", "leaky_relu"]])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_overlay_draws_what_the_module_computes(index, chosen, viewport):
    index.set_viewport_size(viewport)
    for name in chosen:
        index.get_by_label(f"Overlay {MEMBERS[name].title}", exact=True).check()
    caption = index.locator(".overlay figcaption", has_text=f"{MEMBERS[chosen[-1]].title}.")
    caption.wait_for()
    ranges = [curves.drawn_range(curves.features(MEMBERS[name])) for name in chosen]
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    for panel in (0, 1):
        lines = drawn(index, panel)
        assert list(lines) == [f"curve{i}" for i in range(len(chosen))]
        for name, (z, y) in zip(chosen, lines.values()):
            assert abs(z.min() - low) < 0.05 and abs(z.max() - high) < 0.05
            f = MEMBERS[name]
            off = np.min([np.abs(z - kink) for kink in f.kinks()] or [np.full(z.shape, inf)], axis=0) > 0.05
            np.testing.assert_allclose(y[off], f.jet(z[off])[panel], atol=0.03)
    # Direct labels, and dashes that differ.
    names_shown = index.locator(".overlay svg > g").first.locator("text[class^=curve]").all_text_contents()
    assert sorted(names_shown) == sorted(MEMBERS[name].title for name in chosen)
    dashes = (
        index.locator(".overlay svg > g")
        .first.locator("path[class^=curve]")
        .evaluate_all("all => all.map(path => getComputedStyle(path).strokeDasharray)")
    )
    assert len(set(dashes)) == len(chosen)
    assert f"overlay={','.join(chosen)}" in index.url


def test_at_most_three_and_the_address_brings_them_back(index):
    titles = [f.title for f in MEMBERS.values()]
    for title in titles[:3]:
        index.get_by_label(f"Overlay {title}", exact=True).check()
    assert index.get_by_label(f"Overlay {titles[3]}", exact=True).is_disabled()
    index.reload()
    index.locator(".overlay svg").wait_for()
    assert [index.get_by_label(f"Overlay {title}", exact=True).is_checked() for title in titles[:4]] == [True] * 3 + [
        False
    ]
    index.get_by_label(f"Overlay {titles[0]}", exact=True).uncheck()
    assert index.get_by_label(f"Overlay {titles[3]}", exact=True).is_enabled()
    for title in titles[1:3]:
        index.get_by_label(f"Overlay {title}", exact=True).uncheck()
    index.wait_for_function("!document.querySelector('.overlay svg')")
    assert "#" not in index.url


def test_names_of_overlaid_curves_keep_apart(index):
    for title in ("ReLU", "Leaky ReLU", "GELU"):
        index.get_by_label(f"Overlay {title}", exact=True).check()
    index.locator(".overlay figcaption", has_text="GELU.").wait_for()
    for panel in index.locator(".overlay svg > g").all():
        boxes = sorted(
            (box["y"], box["height"])
            for box in (text.bounding_box() for text in panel.locator("text[class^=curve]").all())
        )
        assert all(low[0] + 0.8 * low[1] <= high[0] for low, high in zip(boxes, boxes[1:]))


def test_without_javascript_it_is_a_plain_table(site, browser):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/"))
        assert names(page) == list(MEMBERS)
        assert not page.locator(".functions-form").is_visible() and not page.locator(".overlay").is_visible()
        assert page.locator("th button, td input").count() == 0
        for f in CATALOGUE.values():
            picture = page.locator(f"article td a[href='{f.name}/'] img")
            assert picture.get_attribute("loading") == "lazy" and picture.get_attribute("alt") == ""
            picture.scroll_into_view_if_needed()
            page.wait_for_function(
                "picture => picture.complete && picture.naturalWidth == 96", arg=picture.element_handle()
            )


WORDS = ["leaky_relu", "Leaky-ReLU", "logistic", "torch.nn.functional.gelu", "softmax keras", "swish", "nobody"]


@pytest.mark.parametrize("words", WORDS)
def test_a_name_another_name_or_a_call_finds_a_function_in_any_table(index, words):
    """By keyboard alone: the field is the first of the form, and what is typed there is in the address."""
    field = index.get_by_label("Name, other name or framework call")
    field.focus()
    index.keyboard.type(words)
    wanted = []
    for f in CATALOGUE.values():
        text = " ".join([f.title, f.name, *f.aliases, *f.frameworks.values()])
        text, *parts = (re.sub(r"[\s_-]+", " ", part.lower()) for part in (text, *words.split()))
        wanted += [f.name] * all(part in text for part in parts)
    assert names(index, "article") == wanted and (wanted or words == "nobody")
    wait_for_status(index, len(wanted))
    tables = {name in MEMBERS for name in wanted}
    assert index.locator("h2:visible").count() == len(tables), "a table without rows has no heading"
    index.reload()
    assert names(index, "article") == wanted and field.input_value() == words
    field.fill("")
    assert names(index, "article") == list(CATALOGUE) and "find" not in index.url


@pytest.mark.parametrize("family", ["gated", "vector"])
def test_the_address_of_a_family_shows_it(site, index, family):
    members = [f.name for f in CATALOGUE.values() if f.family == family]
    index.goto(urljoin(site.url, f"functions/#family={family}"))
    index.reload()
    assert names(index, "article") == members and index.get_by_label("Family").input_value() == family
    assert index.locator(f"[id='family={family}']").get_attribute("data-name") == members[0]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_header_stays_in_view_above_many_rows(index, viewport):
    """With many rows: where the page scrolls under the site's header, where not in the table's box."""
    index.set_viewport_size(viewport)
    index.evaluate("""() => {
        const body = document.querySelector("[data-name]").closest("tbody")
        for (const row of [...body.rows, ...body.rows, ...body.rows]) body.append(row.cloneNode(true))
    }""")
    index.locator("table:has([data-sort]) tr").last.evaluate("row => row.scrollIntoView({ block: 'end' })")
    index.wait_for_timeout(300)
    header, row = (
        index.locator(f"table:has([data-sort]) {part}").bounding_box()
        for part in ("th:nth-child(2)", "tbody tr:last-child")
    )
    assert 0 <= header["y"] < row["y"] < viewport["height"]
    seen = (
        index.locator("table:has([data-sort]) th")
        .nth(1)
        .evaluate("""head => {
        const box = head.getBoundingClientRect()
        return head.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))
    }""")
    )
    assert seen and index.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_thumbnails_follow_the_switch_and_not_the_system(site, browser, scheme, system):
    """Their colours are those of the site's curves, as the pixels say."""
    with browser.new_context(viewport=WIDE, color_scheme=system) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/"), wait_until="networkidle")
        page.evaluate(f"document.body.setAttribute('data-md-color-scheme', '{scheme}')")
        picture = page.locator("td[data-name=relu] img")
        picture.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        wanted = page.evaluate("getComputedStyle(document.body).getPropertyValue('--curve-g')")
        wanted = np.array([int(wanted.strip()[i : i + 2], 16) for i in (1, 3, 5)])
        picture.evaluate("picture => { picture.style.inlineSize = '192px' }")  # so that a line is wider than a pixel
        pixels = page.evaluate(PIXELS, base64.b64encode(picture.screenshot()).decode())
        assert np.abs(np.array(pixels).reshape(-1, 4)[:, :3] - wanted).max(axis=1).min() <= 2


PIXELS = """async data => {
    const image = new Image()
    image.src = "data:image/png;base64," + data
    await image.decode()
    const { width, height } = image
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d")
    context.drawImage(image, 0, 0)
    return [...context.getImageData(0, 0, width, height).data]
}"""


def test_the_choice_is_there_again_after_another_page(site, browser):
    with browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/gelu/"), wait_until="networkidle")
        page.locator(".md-tabs a", has_text="Functions").click()
        page.locator(".functions-form").wait_for()
        page.get_by_label("bounded", exact=True).check()
        found = names(page)
        assert 0 < len(found) < len(MEMBERS)
        page.get_by_label("Overlay Tanh").check()
        page.locator(".overlay svg").wait_for()
        page.locator("td[data-name] a:visible").first.click()
        page.locator("h1", has_text=MEMBERS[found[0]].title).wait_for()
        page.go_back()
        page.locator(".overlay svg").wait_for()
        assert names(page) == found and page.get_by_label("Overlay Tanh").is_checked()
        assert page.locator("th > button").count() == len(SORTED) + 3


def test_on_a_phone_the_table_scrolls_in_its_own_box_and_keeps_the_names(site, browser):
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/"), wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        box = page.locator(".md-typeset__scrollwrap").first
        assert box.get_attribute("tabindex") == "0" and box.get_attribute("aria-label")
        box.evaluate("box => { box.scrollLeft = 1000 }")
        for link in page.locator("td[data-name] a").all():
            place = link.bounding_box()
            assert place["x"] >= 0 and place["x"] + place["width"] <= PHONE["width"]


def test_the_script_is_small_and_holds_no_facts():
    for name, most in (("functions.js", 2500), ("overlay.js", 2500)):
        text = (ROOT / "docs" / "javascripts" / name).read_text(encoding="utf-8")
        assert len(gzip.compress(text.encode())) <= most
        words = {f.name for f in CATALOGUE.values()} | {f.title for f in CATALOGUE.values()} | set(MEANING)
        assert not {word for word in words if re.search(rf"\b{re.escape(word)}\b", text)}
