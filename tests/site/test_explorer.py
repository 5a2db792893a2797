"""The explorers in a browser: what they show against the module; mouse, touch, keyboard, address, sliders, paper."""

import gzip
import random
from urllib.parse import parse_qs, urljoin, urlsplit

import numpy as np
import pytest
from facts import features
from publish import curves
from reference import CATALOGUE
from support.catalogue import EACH_ELEMENTWISE, EACH_VECTOR, EVERY, KINKED, PARAMETRIC, each

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


def named(f):
    return f.name


@pytest.fixture
def explore(site, browser):
    """Open the page of a function, wait for its explorer, and hold that nothing went wrong when the test is over."""
    contexts, problems = [], []

    def open_page(name, state="", **options):
        contexts.append(browser.new_context(**(DESKTOP | options)))
        page = contexts[-1].new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(urljoin(site.url, f"functions/{name}/{state}"))
        page.locator("figure[data-explorer]").scroll_into_view_if_needed()
        page.wait_for_selector("figure.live svg [role=slider][cx], figure.live .explorer-jacobian")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def handle(page):
    return page.locator(".explorer [role=slider]")


def z_of(page):
    return float(handle(page).get_attribute("aria-valuenow"))


def readout(page):
    """g, g' and g'' as printed."""
    return [float(text.replace("−", "-")) for text in page.locator(".explorer-values b").all_inner_texts()]


def state_of(page):
    """The view that the address describes."""
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).fragment).items()}


def centre(page):
    box = handle(page).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn_range(f):
    return curves.drawn_range(features.features(f))


def test_code_is_small(site):
    """What the page of a function loads for its explorer, as it is transferred."""
    for view, most in (("plot.js", 6500), ("vector.js", 4500)):
        paths = [site.directory / "javascripts" / name for name in ("explorer.js", "curve.js", "frame.js", view)]
        size = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)
        print(view, size, "bytes")
        assert size <= most


@EACH_ELEMENTWISE
def test_page_reads_what_the_module_computes(explore, f):
    seed = random.randrange(10**6)
    print("seed", seed)
    rng = np.random.default_rng(seed)
    page = explore(f.name)
    low, high = drawn_range(f)
    settings = [[p.default for p in f.parameters.values()]]
    settings += [[rng.uniform(*p.shown) for p in f.parameters.values()] for _ in range(6 if f.parameters else 0)]
    for p in settings:
        values = dict(zip(f.parameters, p))
        z = np.concatenate([rng.uniform(low, high, 500), [low, high]])
        for kink in f.kinks(**values):
            z = z[np.abs(z - kink) > 1e-9]
        found = page.evaluate("([z, p]) => z.map(z => document.querySelector('.live').jet(z, p))", [z.tolist(), p])
        assert np.abs(np.array(found).T - np.array(f.jet(z, **values))).max() <= 1e-6


@each(KINKED)
def test_kinks_are_exact_and_explained(explore, f):
    page = explore(f.name)
    for kink in f.kinks():
        beside = [float(np.nextafter(kink, end)) for end in (-np.inf, np.inf)]
        found = page.evaluate("z => z.map(z => document.querySelector('figure.live').jet(z))", [kink, *beside])
        np.testing.assert_allclose(found, np.transpose(f.jet(np.array([kink, *beside]))), rtol=0, atol=1e-7)
        page.get_by_role("spinbutton", name="z").fill(repr(kink))
        assert z_of(page) == kink
        note = page.locator(".explorer > p").first.inner_text()
        assert ("derivative exists" in note and "by convention" in note) == (f.smoothness < 2)


@EACH_VECTOR
def test_vector_page_reads_what_the_module_computes(explore, f):
    seed = random.randrange(10**6)
    print("seed", seed)
    page = explore(f.name)
    sliders = page.locator(".explorer [type=range]")
    count = len(f.demonstration.sliders)
    ends = ("min", "max", "step")
    low, high, step = np.array([[float(one.get_attribute(end)) for end in ends] for one in sliders.all()]).T

    def split(p):
        return np.array(p[:count]), dict(zip(f.parameters, p[count:], strict=True))

    for p in np.random.default_rng(seed).uniform(low, high, (50, len(low))):
        if f.parameters or f.smoothness < np.inf:  # such a file holds no more than where its sliders stop
            p = np.round(low + step * np.round((p - low) / step), 9)
        z, setting = split(p)
        found = page.evaluate("z => document.querySelector('figure.live').jet(z)", p.tolist())
        assert np.abs(found["outputs"] - f(z, **setting)).max() <= 1e-6
        assert np.abs(found["jacobian"] - f.jacobian(z, **setting)).max() <= 1e-6

    sliders.nth(1).fill("2")
    z, _ = split([float(slider.input_value()) for slider in sliders.all()])
    cells = page.locator(".explorer-jacobian td").all_inner_texts()
    numbers = [float(cell.replace("−", "-")) for cell in cells if cell]
    np.testing.assert_allclose(numbers, f.jacobian(z).ravel(), rtol=0, atol=5.1e-5)
    cells = page.locator(".explorer-bars td:nth-child(2)").all_inner_texts()
    outputs = [float(cell.replace("−", "-")) for cell in cells]
    np.testing.assert_allclose(outputs, f(z), rtol=0, atol=5.1e-5)
    bars = [bar.bounding_box()["width"] for bar in page.locator(".explorer-bars div").all()]
    sizes = np.abs(f(z))
    np.testing.assert_allclose(np.array(bars) / max(bars), sizes / max(sizes), rtol=0, atol=0.02)


def test_keyboard_moves_the_point(explore):
    page = explore("sigmoid")
    handle(page).focus()
    expected = 1.0
    for key, step in [
        ("ArrowRight", 0.1),
        ("ArrowUp", 0.1),
        ("ArrowLeft", -0.1),
        ("ArrowDown", -0.1),
        ("PageUp", 1),
        ("Shift+ArrowRight", 1),
        ("PageDown", -1),
        ("Shift+ArrowDown", -1),
    ]:
        page.keyboard.press(key)
        expected += step
        assert z_of(page) == pytest.approx(expected, abs=1e-9), key
    page.keyboard.press("Home")
    assert z_of(page) == -6
    page.keyboard.press("ArrowLeft")
    assert z_of(page) == -6
    page.keyboard.press("End")
    assert z_of(page) == 6
    text = handle(page).get_attribute("aria-valuetext")
    value, slope, bend = (float(order) for order in CATALOGUE["sigmoid"].jet(6.0))
    for part in ("z = 6", f"g = {value:.5f}", f"g′ = {slope:.5f}", f"g″ = −{-bend:.5f}"):
        assert part.rstrip("0") in text


def test_keyboard_stops_at_a_kink(explore):
    page = explore("relu", "#z=0.05")
    handle(page).focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert z_of(page) == 0
    assert readout(page) == [0, 0, 0]
    page.keyboard.press("ArrowLeft")
    assert z_of(page) == -0.1


def test_every_control_is_reached_by_tab(explore):
    page = explore("leaky_relu")
    page.get_by_role("spinbutton", name="z").focus()
    seen = []
    for _ in range(7):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(e => e.getAttribute('role') || e.type + '.' + e.name)(document.activeElement)"))
        assert page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement)
            return style.outlineStyle != "none" || style.strokeWidth != "0px" && style.stroke != "none"
        }"""), f"{seen[-1]} has the focus and does not show it"
    assert seen == ["slider", "range.", "checkbox.tangent", "checkbox.d1", "checkbox.d2", "button.reset", "button.copy"]


def test_mouse_drags_the_point(explore):
    page = explore("sigmoid")
    x, y = centre(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 200, steps=5)
    page.mouse.up()
    dragged = z_of(page)
    assert dragged > 1.5
    assert centre(page)[0] == pytest.approx(x + 60, abs=1)
    np.testing.assert_allclose(readout(page), CATALOGUE["sigmoid"].jet(dragged), rtol=0, atol=6e-6)
    page.mouse.move(x, y)
    assert z_of(page) == dragged, "it follows a mouse whose button is up"


def test_mouse_snaps_to_a_kink(explore):
    page = explore("relu")
    x, y = centre(page)
    per_unit = (page.locator(".explorer > svg").bounding_box()["width"]) / 8
    page.mouse.move(x, y)
    page.mouse.down()
    for offset in np.linspace(-1.1, -0.9, 41) * per_unit:
        page.mouse.move(x + offset, y)
        if z_of(page) == 0:
            break
    assert z_of(page) == 0
    page.mouse.up()


def test_finger_drags_the_point(explore):
    page = explore("gelu", **PHONE)
    x, y = centre(page)
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    scrolled = page.evaluate("scrollY")
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x - 10 * step, y))
    touch("touchEnd")
    assert z_of(page) < 0
    assert centre(page)[0] == pytest.approx(x - 80, abs=2)
    assert page.evaluate("scrollY") == scrolled

    before = z_of(page)
    touch("touchStart", (x, y))
    for step in range(1, 13):
        touch("touchMove", (x, y - 15 * step))
    touch("touchEnd")
    page.wait_for_function("before => scrollY > before + 50", arg=scrolled)
    assert abs(z_of(page) - before) < 4


@each(PARAMETRIC)
def test_sliders_change_the_curve_and_reset_brings_it_back(explore, f):
    page = explore(f.name, "#z=-1.5")
    sliders = page.locator(".explorer [type=range]").all()
    assert len(sliders) == len(f.parameters)
    usual = readout(page)
    for slider in sliders:
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
    p = {name: float(slider.input_value()) for name, slider in zip(f.parameters, sliders)}
    assert all(p[name] != parameter.default for name, parameter in f.parameters.items())
    np.testing.assert_allclose(readout(page), f.jet(-1.5, **p), rtol=0, atol=6e-6)
    printed = [float(text.replace("−", "-")) for text in page.locator(".explorer output").all_inner_texts()]
    np.testing.assert_allclose(printed, list(p.values()), rtol=0, atol=5e-6)
    page.wait_for_function("document.querySelector('.explorer-status').textContent.includes('z = −1.5')")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("spinbutton", name="z").fill("-1.5")
    assert readout(page) == usual


def test_zero_is_drawn_as_a_straight_line(explore):
    """Not as its rounding errors, magnified to the height of the panel."""
    page = explore("leaky_relu", "#alpha=0.21")
    assert page.locator(".explorer path.d2").bounding_box()["height"] <= 3
    assert page.locator(".explorer path.d1").bounding_box()["height"] > 50


def test_address_keeps_the_view(explore):
    page = explore("leaky_relu")
    history = page.evaluate("history.length")
    page.get_by_role("spinbutton", name="z").fill("-2.25")
    page.locator(".explorer [type=range]").fill("0.2")
    page.get_by_role("checkbox", name="Tangent").uncheck()
    page.wait_for_function("location.hash.includes('hide=tangent')")
    assert state_of(page) == {"z": "-2.25", "alpha": "0.2", "hide": "tangent"}
    assert page.evaluate("history.length") == history, "the back button would step through views"
    shown = readout(page)
    again = explore("leaky_relu", "#" + urlsplit(page.url).fragment)
    assert (z_of(again), readout(again)) == (-2.25, shown)
    assert not again.get_by_role("checkbox", name="Tangent").is_checked()
    assert again.locator(".explorer path.tangent").count() == 0


@pytest.mark.parametrize(
    "state", ["#z=abc&alpha=", "#z=99&alpha=-3", "#z=NaN&alpha=Infinity", "#=&&=", "#definition", "#z", "#hide=nothing"]
)
def test_senseless_addresses_do_no_harm(explore, state):
    page = explore("leaky_relu", state)
    assert -4 <= z_of(page) <= 4
    assert 0 <= float(page.locator(".explorer [type=range]").input_value()) <= 0.5


def test_anchors_and_the_back_button_still_work(explore):
    page = explore("sigmoid")
    handle(page).press("ArrowRight")
    page.wait_for_function("location.hash == '#z=1.1'")
    page.evaluate("[...document.links].find(link => link.hash == '#definition').click()")
    page.wait_for_function("location.hash == '#definition'")
    page.wait_for_function("Math.abs(document.getElementById('definition').getBoundingClientRect().top) < 300")
    page.locator("figure[data-explorer]").scroll_into_view_if_needed()
    page.wait_for_selector("figure.live [cx][aria-valuenow='1.1']")
    page.go_back()
    page.wait_for_function("location.hash == '#z=1.1'")
    page.wait_for_selector("figure.live [cx][aria-valuenow='1.1']")


def test_the_view_is_there_again_after_another_page(explore):
    page = explore("sigmoid")
    handle(page).press("ArrowRight")
    page.wait_for_function("location.hash == '#z=1.1'")
    page.locator("a[href$='/tanh/'], a[href='../tanh/']").first.evaluate("link => link.click()")
    page.wait_for_url("**/tanh/")
    page.locator("figure[data-explorer=tanh]").scroll_into_view_if_needed()
    page.wait_for_selector("figure.live[data-explorer=tanh]")
    np.testing.assert_allclose(readout(page), CATALOGUE["tanh"].jet(1.0), rtol=0, atol=6e-6)
    page.go_back()
    page.wait_for_selector("figure.live [cx][aria-valuenow='1.1']")


@pytest.mark.parametrize("name", ["sigmoid", "leaky_relu", "softmax"])
@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_when_the_explorer_arrives(site, browser, name, options):
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.add_init_script("""
            window.shifts = [] // on the page; the header slides a title in when one scrolls
            new PerformanceObserver(list => list.getEntries().forEach(entry => entry.sources.forEach(({ node }) => {
                if (!node?.parentElement?.closest(".md-header")) shifts.push(node?.textContent)
            }))).observe({ type: "layout-shift", buffered: true })
        """)
        held = []
        page.route("**/curves.json", lambda route: held.append(route))
        page.goto(urljoin(site.url, f"functions/{name}/"))
        figure = page.locator("figure[data-explorer]")
        figure.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        before = figure.bounding_box()
        svg = figure.locator("> svg").bounding_box()
        assert svg["y"] + svg["height"] <= before["y"] + before["height"] + 0.5
        held[0].continue_()
        page.wait_for_selector("figure.live")
        page.wait_for_timeout(300)
        assert figure.bounding_box() == before
        assert page.evaluate("shifts") == []
        inner = page.evaluate("""() => {
            const box = document.querySelector(".explorer")
            return [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth,
                document.documentElement.scrollWidth - innerWidth]
        }""")
        assert max(inner) <= 0, "something sticks out"


@EVERY
def test_it_fits_a_phone_and_targets_are_large_enough(explore, f):
    page = explore(f.name, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    controls = page.locator(".explorer :is(input:not([type=checkbox]), button, [role=slider], label)")
    for control in controls.all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24, control.evaluate("e => e.outerHTML")
        assert box["x"] + box["width"] <= 361


def test_switches_hide_panels_and_give_their_room_to_the_others(explore):
    page = explore("gelu")
    tall = page.locator(".explorer path.g").bounding_box()["height"]
    for name, role in (("g′", "d1"), ("g″", "d2")):
        assert page.locator(f".explorer path.{role}").count() == 1
        page.get_by_role("checkbox", name=name, exact=True).uncheck()
        assert page.locator(f".explorer path.{role}").count() == 0
    assert page.locator(".explorer path.g").bounding_box()["height"] > 1.5 * tall


def test_colours_follow_the_scheme(explore):
    found = {}
    for scheme in ("light", "dark"):
        page = explore("sigmoid", color_scheme=scheme)
        found[scheme] = page.evaluate("""() => [".g", ".d1", ".d2"].map(role => {
            const curve = getComputedStyle(document.querySelector(".explorer path" + role)).stroke
            const probe = document.createElement("i")
            probe.style.color = `var(--curve-${role.slice(1)})`
            document.body.append(probe)
            return [curve, getComputedStyle(probe).color]
        })""")
        assert all(curve == colour for curve, colour in found[scheme])
    assert all(light != dark for light, dark in zip(found["light"], found["dark"]))


def test_paper_has_the_figure_alone(explore):
    page = explore("sigmoid")
    page.emulate_media(media="print")
    assert not page.locator(".explorer").is_visible()
    assert page.locator("figure[data-explorer] > svg").is_visible()
    page.emulate_media(media="screen")
    assert page.locator(".explorer").is_visible()
    assert not page.locator("figure[data-explorer] > svg").is_visible()


def test_without_javascript_or_data_the_figure_stays(site, browser):
    with browser.new_context(java_script_enabled=False, **DESKTOP) as context:
        page = context.new_page()
        page.goto(urljoin(site.url, "functions/sigmoid/"))
        figure = page.locator("figure[data-explorer]").bounding_box()
        last = page.locator("figure[data-explorer] figcaption").bounding_box()
        assert figure["y"] + figure["height"] == pytest.approx(last["y"] + last["height"], abs=2), "empty room is left"
    with browser.new_context(**DESKTOP) as context:
        page = context.new_page()
        page.route("**/curves.json", lambda route: route.abort())
        page.goto(urljoin(site.url, "functions/sigmoid/"))
        page.locator("article figure").first.scroll_into_view_if_needed()
        page.wait_for_selector("article figure.curve:not([data-explorer])")
        assert page.locator("figure.curve > svg").is_visible()
        assert page.locator(".explorer").count() == 0


def test_data_load_only_when_the_figure_is_near(site, browser):
    with browser.new_context(viewport={"width": 1280, "height": 200}) as context:
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url) if request.url.endswith("curves.json") else None)
        page.add_init_script("""
            addEventListener("DOMContentLoaded", () => {
                const room = document.createElement("div")
                room.style.height = "3000px"
                document.querySelector("article").prepend(room)
            })
        """)
        page.goto(urljoin(site.url, "functions/sigmoid/"))
        page.wait_for_load_state("networkidle")
        assert asked == []
        page.locator("figure[data-explorer]").scroll_into_view_if_needed()
        page.wait_for_selector("figure.live")
        assert asked == [urljoin(site.url, "generated/sigmoid/curves.json")]


def test_copied_link_opens_the_view(explore):
    page = explore("tanh", permissions=["clipboard-read", "clipboard-write"])
    handle(page).press("Home")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert state_of(page) == {"z": "-6"}
