"""The experiments behind the guides. Each module with results is one command:

    python -m experiments.gradient_norms            run it, and write its file in records/experiments
    python -m experiments.gradient_norms --short    in seconds: does its beginning still give the committed numbers?

and `python -m experiments` runs them all. The site's build reads the result files and runs nothing here. snippets/
holds what the guides show: functions that find each trouble in a reader's own network.
"""

import os

EXPERIMENTS = (
    "low_precision",
    "saturation",
    "gradient_norms",
    "correlation",
    "dead_units",
    "centring",
    "digits",
    "normalisation",
    "optimisers",
)

# Before numpy is imported: for matrices this small, two processes of one thread each are faster than one of two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
