"""The sidebar and the way from page to page follow the site's story, and a page lists its own family only."""

import re
from urllib.parse import urljoin

import pytest
from layout import DOCS, FUNCTIONS, pages
from navigation import nav
from publish.tables import families
from reference import CATALOGUE


def sidebar(site, url):
    """The addresses of the links in the sidebar of a page, in their order."""
    html = site.pages[url].html
    start = html.index("md-nav--primary")
    return [
        urljoin(url, link) for link in re.findall(r'<a href="([^"#]*)"', html[start : html.index("<article", start)])
    ]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_function_s_page_lists_its_family_in_the_order_of_the_story(site, name):
    listed = sidebar(site, urljoin(site.url, f"functions/{name}/"))
    addresses = {urljoin(site.url, f"functions/{f.name}/"): f for f in CATALOGUE.values()}
    functions = list(dict.fromkeys(addresses[url] for url in listed if url in addresses))
    members = [f for f in CATALOGUE.values() if f.family == CATALOGUE[name].family]
    assert [f for f in functions if f in members] == members
    others = [f.family for f in functions if f not in members]
    assert len(others) == len(set(others)) == len(families()) - 1, "of another family, its first function alone"


def test_previous_and_next_follow_the_story(site):
    """From the index through all functions, and through the guides as their index tells."""
    for folder, names in (
        ("functions", list(CATALOGUE)),
        *(
            (folder, re.findall(r"^- \[.*?\]\((\w+)\.md\)", (DOCS / folder / "index.md").read_text(), re.M))
            for folder in ("guide", "tables")
        ),
    ):
        ways = [urljoin(site.url, f"{folder}/"), *(urljoin(site.url, f"{folder}/{name}/") for name in names)]
        assert len(ways) == len(list((DOCS / folder).glob("*.md")))
        for here, there in zip(ways, ways[1:]):
            links = dict(
                re.findall(r'<a href="([^"]*)" class="md-footer__link md-footer__link--(\w+)"', site.pages[here].html)
            )
            assert urljoin(here, {rel: link for link, rel in links.items()}["next"]) == there


def test_every_page_is_in_the_navigation_once():
    def leaves(items):
        for item in items:
            yield from (
                [item] if isinstance(item, str) else (page for members in item.values() for page in leaves(members))
            )

    assert sorted(leaves(nav(families()))) == sorted(path.relative_to(DOCS).as_posix() for path in pages())


def test_a_function_joins_its_family_without_a_list():
    more = [family | {"functions": [*family["functions"], "cube"]} for family in families()[:1]]
    [section] = [item for item in nav(more) if "Functions" in item]
    assert section["Functions"][1] == {
        families()[0]["title"]: [f"{FUNCTIONS.name}/{name}.md" for name in more[0]["functions"]]
    }
