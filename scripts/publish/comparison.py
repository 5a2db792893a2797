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


def functions(facts, thumbnails):
    """All functions side by side. `facts` and `thumbnails` are dicts by name."""
    vector = [f for f in CATALOGUE.values() if f.vector]
    elementwise = [f for f in CATALOGUE.values() if not f.vector]
    parts = ["## Elementwise functions\n", form(elementwise), OVERLAY]
    rows = [compare_elementwise(f, facts[f.name]) for f in elementwise]
    parts.append(side_by_side(elementwise, rows, thumbnails, facts))
    if vector:
        parts.append("## Vector functions\n\nEach output depends on all the inputs.\n")
        rows = [compare_vector(f, facts[f.name]) for f in vector]
        parts.append(side_by_side(vector, rows, thumbnails, facts))
    return "\n".join(parts)


def form(members):
    """The filters, hidden until a script can use them."""
    boxes = "\n".join(
        f'<label><input type="checkbox" name="is" value="{key}"> {text}</label>' for key, text in PROPERTIES.items()
    )
    families = [family for family in FAMILIES if any(f.family == family for f in members)]
    options = "\n".join(f'<option value="{family}">{FAMILY_TITLES[family]}</option>' for family in families)
    return f"""<form class="functions-form" hidden>
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


def side_by_side(members, rows, thumbnails, facts):
    """A table with a row for each function: column -> cell. A header with a key can be sorted by."""
    cells = [
        (f"[{thumbnails[f.name]} {f.title}]({f.name}.md) {attributes(f, facts[f.name])}", *row.values())
        for f, row in zip(members, rows)
    ]
    return table(("Function" if members[0].vector else "Function { data-sort=name }", *rows[0]), cells)


def attributes(f, facts):
    """What a script needs to know of a function, in the notation of Markdown's attribute lists."""
    if f.vector:
        return ""
    return f'{{ data-name="{f.name}" data-family="{f.family}" data-is="{" ".join(properties(facts))}" }}'


def properties(facts):
    """The keys of PROPERTIES that a function has."""
    found = {
        "smooth": facts.smoothness == inf,
        "monotone": facts.monotone,
        "bounded": isfinite(facts.range.low) and isfinite(facts.range.high),
        "centred": facts.odd,
        "saturating": 0 in facts.end_slopes,
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
