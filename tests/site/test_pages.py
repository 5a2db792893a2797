"""The built site, read as files: links, heads, search index, maths and its font."""

import gzip
import html
import io
import json
import re
import unicodedata
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml
from fontTools.ttLib import TTFont
from layout import ROOT
from tools.font import CHARACTERS, OUTPUT, read

SOURCES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts)


def targets(page):
    """Return the addresses that `page` links to or loads, resolved."""
    for _, attributes in page.elements:
        for key in ("href", "src", "xlink:href"):
            if value := attributes.get(key):
                yield urljoin(page.url, value)


def test_every_internal_link_anchor_and_image_leads_somewhere(site):
    broken = []
    anchors = {
        url: {attributes["id"] for _, attributes in page.elements if "id" in attributes}
        for url, page in site.pages.items()
    }
    for page in [*site.pages.values(), site.missing]:
        for target in targets(page):
            address, anchor = urldefrag(target)
            if not address.startswith(site.url):
                continue
            if address in anchors:
                found = not anchor or unquote(anchor) in anchors[address] or anchor.startswith("__")
            else:
                found = (site.directory / unquote(address.removeprefix(site.url))).is_file()
            if not found:
                broken.append(f"{page.url}: {target}")
    assert not broken, "\n".join(broken)


def test_every_id_is_unique(site):
    for page in site.pages.values():
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), (page.url, sorted(i for i in set(ids) if ids.count(i) > 1))


def test_every_page_has_one_h1_a_title_and_its_own_address(site):
    titles = []
    for page in site.pages.values():
        assert len(page.find("h1")) == 1, page.url
        assert page.find("link", rel="canonical") == [{"rel": "canonical", "href": page.url}]
        [title] = [data for opened, data in page.texts if [tag for tag, _ in opened] == ["html", "head", "title"]]
        titles.append(title)
    assert len(titles) == len(set(titles))


def test_every_page_describes_itself(site):
    descriptions = []
    for page in site.pages.values():
        [description] = page.find("meta", name="description")
        assert 40 <= len(description["content"]) <= 155, (page.url, len(description["content"]))
        [same] = page.find("meta", property="og:description")
        assert same["content"] == description["content"]
        descriptions.append(description["content"])
    assert len(descriptions) == len(set(descriptions)), "two pages with the same description"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_front_matter_is_yaml(path):
    """MkDocs takes front matter that is no YAML for text, without a word; other builders stop."""
    source = path.read_text(encoding="utf-8")
    assert source.startswith("---\n"), f"{path}: no front matter, so no description"
    assert "description" in yaml.safe_load(source.split("---\n")[1])


def test_social_image_and_icon(site):
    [image] = {page.find("meta", property="og:image")[0]["content"] for page in site.pages.values()}
    png = (site.directory / image.removeprefix(site.url)).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1200, 630)
    for page in [*site.pages.values(), site.missing]:
        assert page.find("link", rel="icon")


def test_the_page_for_a_missing_address_leads_on(site):
    links = {urljoin(site.url, link["href"]) for link in site.missing.find("a") if "href" in link}
    assert {site.url, urljoin(site.url, "functions/"), urljoin(site.url, "guide/notation/")} <= links


def test_pieces_and_templates_are_no_pages(site):
    assert not list(site.directory.glob("overrides"))
    assert not list((site.directory / "generated").rglob("*.html"))


@pytest.fixture(scope="module")
def index(site):
    """The pages of the search index, address -> title, text and the names of its headings."""
    found = {}
    for path in (site.directory / "pagefind" / "fragment").iterdir():
        page = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        text = " ".join(html.unescape(page["content"]).split())
        found[page["url"].lstrip("/")] = page["meta"]["title"], text, {anchor["id"] for anchor in page["anchors"]}
    return found


@pytest.mark.parametrize("words", ["sigmoid", "dead neuron", "leaky", "vanishing", "log-odds", "second derivative"])
def test_search_index_has(index, words):
    assert any(words in f"{title} {text}".lower() for title, text, _ in index.values())


def test_search_index_has_every_page_and_heading(site, index):
    assert {urljoin(site.url, address) for address in index} == set(site.pages)
    for address, (_, _, names) in index.items():
        headings = [a["id"] for tag, a in site.pages[urljoin(site.url, address)].elements if tag in ("h2", "h3")]
        assert set(headings) <= names


def test_search_index_has_no_displayed_maths_and_no_labels_of_figures(site, index):
    texts = " ".join(text for _, text, _ in index.values())
    assert "¶" not in texts
    for page in site.pages.values():
        labels = [re.escape(label.strip()) for label in page.text("text") if label.strip()]
        for start in range(0, len(labels) - 3, 4):
            found = re.search(r"\s*".join(labels[start : start + 4]), texts)
            assert not found, (page.url, found[0])
    assert "Permanent link; copying" not in texts and "chain rule, " not in index["functions/tanh/"][1]


def test_search_index_has_words_of_tables_but_not_their_numbers(index):
    text = index["guide/experiments/"][1]
    assert "Leaky ReLU" in text and "Median and quartiles" in text
    assert "0% (0%)" not in text


def test_no_dollar_sign_is_left_in_the_text(site):
    """Half a formula would be printed as its source."""
    for page in site.pages.values():
        for opened, data in page.texts:
            if "$" in data:
                assert {"code", "script", "style"} & {tag for tag, _ in opened}, (page.url, data)


def test_every_formula_keeps_its_tex(site):
    for page in site.pages.values():
        boxes = page.find("div", **{"class": "equation"})
        assert all(box["data-tex"] and box["id"] for box in boxes)
        inside = sum("display" in maths or "displaystyle" in maths for maths in page.find("math"))
        assert inside >= len(boxes), page.url


@pytest.fixture(scope="module")
def font():
    return TTFont(io.BytesIO(read(ROOT / OUTPUT)))


def test_font_is_a_maths_font_with_a_root_sign_and_small(font):
    assert "MATH" in font
    assert ord("√") in font.getBestCmap()
    assert len(read(ROOT / OUTPUT)) < 22_000


def test_font_has_the_characters_that_it_was_made_for(font):
    assert set(map(chr, font.getBestCmap())) == CHARACTERS


def printed(opened, text):
    """Return the characters that a browser draws for `text` inside the elements `opened`."""
    tag, attributes = opened[-1]
    text = text.strip("\n\t ")
    if tag == "mi" and len(text) == 1 and attributes.get("mathvariant") != "normal":
        # A browser draws a single letter in math italic.
        if text == "h":
            return "ℎ"
        for first, last, italic in (("a", "z", 0x1D44E), ("A", "Z", 0x1D434), ("α", "ω", 0x1D6FC)):
            if first <= text <= last:
                return chr(italic + ord(text) - ord(first))
        if "GREEK" in unicodedata.name(text) and "SYMBOL" in unicodedata.name(text):
            return "".join(c for c in map(chr, range(0x1D6FC, 0x1D71C)) if unicodedata.normalize("NFKC", c) == text)
    return text


def test_font_has_every_character_of_the_site_s_maths(site, font):
    cmap = font.getBestCmap()
    missing = set()
    for page in site.pages.values():
        for opened, data in page.texts:
            if any(tag == "math" for tag, _ in opened):
                missing |= {c for c in printed(opened, data) if ord(c) not in cmap}
    assert not missing, sorted(map(hex, map(ord, missing)))
