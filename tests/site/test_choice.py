"""The pages that the browser is shown: all of them at night, one of each kind at each push."""

from urllib.parse import urljoin

from reference import CATALOGUE
from support.pages import MISSING, addresses, changed, chosen, kind


def test_every_page_of_the_site_has_an_address_here(site):
    assert {urljoin(site.url, address) for address in addresses()} == set(site.pages)


def test_every_kind_is_tried_at_each_push():
    tried = {kind(address) for address in chosen() - {MISSING}}
    assert tried == {kind(address) for address in addresses()} > {("", ""), ("functions", "vector"), ("guide", "")}
    assert len(chosen() - changed()) <= len(tried) + 1


def test_a_kind_of_function_is_its_shape():
    assert kind("functions/sigmoid/") == ("functions", "smooth")
    assert kind("functions/relu/") == ("functions", "kinked")
    assert kind("functions/leaky_relu/") == ("functions", "parametrised")
    assert all((kind(f"functions/{name}/") == ("functions", "vector")) == f.vector for name, f in CATALOGUE.items())
