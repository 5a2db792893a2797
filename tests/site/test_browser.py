"""The built site in a browser: quiet, self-contained, no wider than a phone, readable without JavaScript."""

import gzip
from urllib.parse import urljoin, urlsplit

import pytest
from support.pages import addresses
from support.site import settle

PHONE = {"width": 360, "height": 740}


def watch(page, site):
    """Return a list that collects what `page` complains about and whom else it calls."""
    problems = []
    page.on(
        "console",
        lambda message: (
            problems.append(f"{page.url}: console: {message.text}") if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: problems.append(f"{page.url}: error: {error}"))
    page.on(
        "request",
        lambda request: (
            problems.append(f"{page.url}: request to {request.url}")
            if urlsplit(request.url).scheme != "data" and not request.url.startswith(site.url)
            else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            problems.append(f"{page.url}: {response.status} for {response.url}") if response.status >= 400 else None
        ),
    )
    return problems


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", addresses())
def test_every_page_is_quiet_and_fits_a_phone(site, browser, page, scheme):
    with browser.new_context(viewport=PHONE, color_scheme=scheme) as context:
        tab = context.new_page()
        problems = watch(tab, site)
        tab.goto(urljoin(site.url, page))
        wanted = {"light": "default", "dark": "slate"}[scheme]
        assert tab.locator("body").get_attribute("data-md-color-scheme") == wanted
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert not problems, "\n".join(problems)


@pytest.mark.parametrize("page", addresses())
def test_wide_page_is_quiet_too(site, browser, page):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        tab = context.new_page()
        problems = watch(tab, site)
        tab.goto(urljoin(site.url, page))
        assert tab.evaluate("document.documentElement.scrollWidth") <= 1280
        assert not problems, "\n".join(problems)


@pytest.mark.parametrize("page", addresses())
def test_maths_shows_without_javascript(site, browser, page):
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(urljoin(site.url, page))
        boxes = tab.locator("article math").evaluate_all(
            "all => all.map(math => { const box = math.getBoundingClientRect(); return [box.width, box.height] })"
        )
        assert all(width > 2 and height > 2 for width, height in boxes)
        assert boxes or not page.startswith("functions/")


@pytest.mark.parametrize("page", addresses())
def test_maths_is_drawn_in_its_own_font(site, browser, page):
    """A character that the font lacks would come from another one."""
    with browser.new_context() as context:
        tab = context.new_page()
        session = context.new_cdp_session(tab)
        tab.goto(urljoin(site.url, page))
        tab.evaluate("document.fonts.ready")
        session.send("DOM.enable")
        session.send("CSS.enable")
        tab.evaluate("""() => {
            const article = document.querySelector("article")
            article.replaceChildren(...article.querySelectorAll("math"))
        }""")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        article = session.send("DOM.querySelector", {"nodeId": root, "selector": "article"})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": article})["fonts"]
        assert {font["familyName"] for font in fonts} <= {"STIX Two Math"}, fonts


@pytest.mark.parametrize(
    "page", ["", "guide/notation/", *(page for page in addresses() if page.startswith("functions/"))]
)
def test_a_page_is_light_and_leaves_search_until_it_is_used(site, browser, page):
    """What a first visit transfers, as a host sends it: text compressed by gzip, fonts and images as they are."""
    with browser.new_context() as context:
        tab = context.new_page()
        asked = set()
        context.on("request", lambda request: asked.add(request.url))
        tab.goto(urljoin(site.url, page), wait_until="networkidle")
        waiting = {"javascripts/search.js", "search/search_index.json"}  # that hold no text
        assert {url.removeprefix(site.url) for url in asked if "search" in url or "pagefind" in url} <= waiting
        files = [site.directory / url.removeprefix(site.url) for url in asked]
        weight = sum(transferred(path / "index.html" if path.is_dir() else path) for path in files)
        assert weight <= 110_000


def transferred(path):
    data = path.read_bytes()
    return len(data if path.suffix in (".woff2", ".png") else gzip.compress(data))


@pytest.mark.parametrize(
    "typed, wanted",
    [
        ("sigmoid", "functions/sigmoid/"),
        ("leaky", "functions/leaky_relu/"),
        ("vanishing", "functions/sigmoid/"),
        ("dead neuron", "functions/relu/"),
        ("dead neuron", "guide/underperforming/#dead-units"),
        ("gelu tanh", "functions/gelu/#in-the-frameworks"),
        ("1.702", "functions/swish/#behaviour"),
        ("sech", "functions/tanh/#in-floating-point"),
        ("clipping", "guide/underperforming/#vanishing-and-exploding-gradients"),
        ("leakyrelu", "tables/defaults/"),
    ],
)
def test_search_finds(site, browser, typed, wanted):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url)
        page.keyboard.press("/")
        page.keyboard.type(typed)
        results = page.locator(".md-search-result__link")
        results.first.wait_for()
        found = results.evaluate_all("all => all.map(link => link.href)")
        assert any(urlsplit(url)._replace(query="").geturl().startswith(urljoin(site.url, wanted)) for url in found), (
            found
        )


@pytest.mark.parametrize(
    "typed, wanted",
    [
        ("relu", "functions/relu/"),
        ("logistic", "functions/sigmoid/"),  # another name of it
        ("torch.nn.functional.gelu", "functions/gelu/"),
        ("leaky_relu", "functions/leaky_relu/"),
        ("sig", "functions/sigmoid/"),
        ("second derivatives of tanh", "functions/tanh/"),
        ("chain rule", "guide/differentiation/"),
        ("best activation function", "guide/choosing/"),
    ],
)
def test_search_finds_first(site, browser, typed, wanted):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url)
        page.keyboard.press("/")
        page.keyboard.type(typed)
        first = page.locator(".md-search-result__link").first
        first.wait_for()
        assert urlsplit(first.get_attribute("href")).path == urlsplit(urljoin(site.url, wanted)).path
        assert first.locator("mark").count()


def test_search_loads_little_and_says_when_there_is_nothing(site, browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url, wait_until="networkidle")
        asked = set()
        context.on("request", lambda request: asked.add(urlsplit(request.url).path.lstrip("/")))
        page.keyboard.press("/")
        page.keyboard.type("qqqq")
        page.locator(".md-search-result__meta", has_text="No matching documents").wait_for()
        page.locator(".md-search__input").fill("")
        page.keyboard.type("derivative")
        page.locator(".md-search-result__link").first.wait_for()
        weight = sum(transferred(site.directory / name) for name in asked)
        assert weight <= 250_000, (weight, asked)


def test_equations_far_below_are_laid_out_once_the_reader_moves_and_nothing_jumps(site, browser):
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "guide/combining/"), wait_until="networkidle")
        page.wait_for_timeout(500)
        assert page.locator(".equation.settled").count() == 0
        page.evaluate("""() => {
            window.shift = 0
            const add = list => list.getEntries().forEach(entry => { shift += entry.value })
            new PerformanceObserver(add).observe({ type: "layout-shift" })
        }""")
        for _ in range(20):
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(50)
        page.wait_for_function("!document.querySelector('.equation:not(.settled)')")
        assert page.evaluate("shift") < 0.01


def test_the_end_key_goes_to_the_end(site, browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        page.keyboard.press("End")
        page.wait_for_timeout(1500)
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY") < 2


def test_wide_equation_can_be_scrolled_with_the_keyboard(site, browser):
    with browser.new_context(viewport={"width": 240, "height": 600}) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"), wait_until="networkidle")
        settle(page)
        wide, narrow = page.locator(".equation").evaluate_all("""all => [true, false].map(wide => all
            .filter(box => wide === box.scrollWidth > box.clientWidth).map(box => [box.tabIndex, box.ariaLabel]))""")
        assert wide and all(box == [0, "Equation, scrollable"] for box in wide)
        assert narrow and all(box == [-1, None] for box in narrow)


def test_reason_stands_beside_its_line_on_a_wide_screen_and_under_it_on_a_phone(site, browser):
    places = {}
    for width in (1280, 360):
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = context.new_page()
            page.goto(urljoin(site.url, "functions/sigmoid/"))
            places[width] = page.locator(".derivation > li:has(.reason)").evaluate_all("""all => all.map(line => {
                const side = line.querySelector(".right").getBoundingClientRect()
                const reason = line.querySelector(".reason").getBoundingClientRect()
                return [reason.left >= side.right, reason.top >= side.bottom - 4]
            })""")
    assert places[1280] and all(place == [True, False] for place in places[1280])
    assert places[360] and all(place == [False, True] for place in places[360])


def test_the_colours_can_be_switched_and_stay(site, browser):
    with browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(site.url, wait_until="networkidle")
        scheme = page.locator("body")
        seen = []
        for _ in range(3):
            seen.append(scheme.get_attribute("data-md-color-scheme"))
            page.locator("[data-md-component=palette] label:visible").click()
        assert seen == ["default", "default", "slate"]  # as the system has it, light, dark
        page.locator("[data-md-component=palette] label:visible").click()
        page.locator("[data-md-component=palette] label:visible").click()
        page.reload()
        assert scheme.get_attribute("data-md-color-scheme") == "slate"
