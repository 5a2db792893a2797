"""Which activation functions models use, from the record: the tables of guide/choosing.md."""

from frameworks import named
from frameworks.models import NAMES

from publish.code import linked
from publish.markdown import table

SOURCE = "https://github.com/huggingface/transformers/blob/v{version}/src/transformers/{file}"


def counts(answer):
    """How many configuration classes name each function."""
    functions = {name: function for function, names in NAMES.items() for name in names}
    rows = [(linked(functions[name]), f"`{name}`", str(count)) for name, count in answer["counts"].items()]
    return table(("Function", "Its name in Transformers", "Classes"), rows, "llr")


def seen(answer):
    """The models in whose code or configuration a function was seen, each linked to the file."""

    def link(model, claims):
        return f"[{model}]({SOURCE.format(version=answer['versions']['transformers'], file=claims[-1]['file'])})"

    return table(
        ("Hidden layers", "Models"),
        [
            (linked(function), ", ".join(link(model, claims) for model, claims in models.items()))
            for function, models in answer["seen"].items()
        ],
    )


def pieces(record):
    """The generated files, path -> text."""
    answer = record["models"]["transformers"]
    return {
        "models/classes.md": f"{answer['classes']} configuration classes of {named('transformers', answer)}",
        "models/counts.md": counts(answer),
        "models/seen.md": seen(answer),
    }
