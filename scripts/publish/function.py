"""The generated files of one function, and what the tables over all functions show of it."""

import json

from facts import features

from publish import code, comparison, curves, downloads, figures, gains, samples, tables


def files(f, answers):
    """The generated files of a function, path -> text. `answers` are those of the frameworks to its calls."""
    facts = features.features(f)
    thumbnail = figures.thumbnail(f, facts)
    return {
        f"{f.name}/card.md": tables.card(f, facts),
        f"{f.name}/values.md": tables.values(f),
        f"{f.name}/values.csv": downloads.values(f),
        f"{f.name}/references.md": tables.references(f),
        f"{f.name}/source.md": code.source(f),
        f"{f.name}/calls.md": code.calls(f, {f.name: answers}),
        f"{f.name}/curves.json": samples.encode(samples.explorer(f, *curves.drawn_range(facts))),
        f"{f.name}/figure.svg": (figures.vector_figure if f.vector else figures.figure)(f, facts),
        f"{f.name}/thumbnail.svg": figures.alone(thumbnail),
        parts_of(f.name): json.dumps(
            downloads.plain(
                {
                    "thumbnail": thumbnail,
                    "row": comparison.row(f, facts),
                    "gains": None if f.vector else gains.measure(f),
                    "facts": downloads.facts(f, facts),
                }
            )
        ),
    }


def parts_of(name):
    """The file that keeps what the tables over all functions show of this one."""
    return f"{name}/.parts.json"
