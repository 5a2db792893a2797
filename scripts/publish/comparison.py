"""The functions index: all functions side by side in tables, whose cells carry what a script filters and sorts by."""

from math import inf, isfinite

from reference import CATALOGUE, FAMILIES, PAPERS

from publish import words
from publish.markdown import table
from publish.tables import FAMILY_TITLES, SMOOTHNESS, largest_entry, reach

# Keys of the address and of the data, with their words.
PROPERTIES = {
    "smooth": "smooth",
    "monotone": "monotone",
    "bounded": "bounded",
    "centred": "zero-centred",
    "saturating": "saturating",
    "kinked": "kinked",
}


def functions(rows):
    """All functions side by side: a form, and a table of each kind. `rows` are those of `row`, by name."""
    parts = [form()]
    for title, vector in (("Elementwise functions", False), ("Vector functions", True)):
        if members := [f for f in CATALOGUE.values() if f.vector == vector]:
            note = "Each output depends on all the inputs.\n" if vector else OVERLAY
            parts.append(f"<section markdown>\n\n## {title}\n\n{note}\n{side_by_side(members, rows)}\n</section>\n")
    return "\n".join(parts)


def form():
    """The filters, hidden until a script can use them."""
    boxes = "\n".join(
        f'<label><input type="checkbox" name="is" value="{key}"> {text}</label>' for key, text in PROPERTIES.items()
    )
    families = [family for family in FAMILIES if any(f.family == family for f in CATALOGUE.values())]
    options = "\n".join(f'<option value="{family}">{FAMILY_TITLES[family]}</option>' for family in families)
    return f"""<form class="functions-form" hidden>
<label class="find">Name, other name or framework call
<input type="search" name="find" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Show only what is</legend>
{boxes}
</fieldset>
<label>Family <select name="family">
<option value="">all</option>
{options}
</select></label>
<button type="reset">Reset</button>
<p role="status"></p>
</form>
"""


OVERLAY = """<figure class="overlay" hidden>
<figcaption>Tick up to three functions in the table to lay their curves over each other.</figcaption>
</figure>
"""


def side_by_side(members, rows):
    """A table with a row for each function, the first of each family at an address of its own."""
    named = {}  # family -> its first function
    cells = []
    for f in members:
        first = named.setdefault(f.family, f.name) == f.name
        picture = f"![](../generated/{f.name}/thumbnail.svg){{ loading=lazy width=96 height=60 }}"
        link = f"[{picture} {f.title}]({f.name}.md)"
        cells.append((f"{link} {attributes(f, rows[f.name]['is'], first)}", *rows[f.name]["cells"].values()))
    header = "Function" if members[0].vector else "Function { data-sort=name }"
    return table((header, *rows[members[0].name]["cells"]), cells)


def row(f, facts):
    """What the index shows of a function, column -> cell, and which of PROPERTIES it has."""
    cells = compare_vector(f, facts) if f.vector else compare_elementwise(f, facts)
    return {"cells": cells, "is": properties(f, facts)}


def attributes(f, found, first):
    """What a script needs to know of a function, in the notation of Markdown's attribute lists."""
    words = " ".join([f.name, *f.aliases, *f.frameworks.values()]).replace('"', "'")
    address = f'id="family={f.family}" ' * first
    return (
        f'{{ {address}data-name="{f.name}" data-family="{f.family}" data-is="{" ".join(found)}" data-find="{words}" }}'
    )


def properties(f, facts):
    """The keys of PROPERTIES that a function has; of a vector function, those that its columns speak of."""
    span = reach(f, facts) if f.vector else facts.range
    found = {
        "smooth": facts.smoothness == inf,
        "monotone": facts.monotone and not f.vector,
        "bounded": isfinite(span.low) and isfinite(span.high),
        "centred": facts.odd and not f.vector,
        "saturating": 0 in facts.end_slopes and not f.vector,
        "kinked": facts.smoothness < 1,
    }
    return [key for key, holds in found.items() if holds]


def number(text, x):
    """A cell that is sorted by x."""
    return f"{text} {{ data-value={str(x).replace('inf', 'Infinity')} }}"


def compare_elementwise(f, facts):
    """Column -> cell."""
    years = [PAPERS[key].year for key in f.papers]
    return {
        "Family { data-sort=family }": FAMILY_TITLES[f.family],
        "Year { data-sort=year }": number(str(min(years)), min(years)) if years else number("–", inf),
        "Range": words.interval(facts.range),
        "Largest slope { data-sort=slope }": number(f"${words.tex(facts.lipschitz)}$", facts.lipschitz),
        "Smoothness { data-sort=smoothness }": number(smoothness(facts), facts.smoothness),
        "Monotone { data-sort=monotone }": facts.monotone.removeprefix("strictly ") or "no",
        "Zero-centred { data-sort=centred }": "yes" if facts.odd else "no",
        "Saturates { data-sort=saturates }": words.saturation(facts).removeprefix("on the ").removeprefix("on "),
    }


def compare_vector(f, facts):
    """Column -> cell, for a function of which `facts` are those of its first output."""
    return {
        "Each output": words.interval(reach(f, facts)),
        "Largest Jacobian entry": largest_entry(f, facts),
        "Smoothness": smoothness(facts),
    }


def smoothness(facts):
    """How smooth in a word or two."""
    return SMOOTHNESS.get(facts.smoothness, f"{facts.smoothness} derivatives")
