"""Committed results: what the last check, the frameworks and the experiments found, with one reader for each.

`read` of ledger, frameworks and experiments loads a file and holds its shape, so that whoever takes from it finds what
is expected there, or an error with the file. An entry of a record is in one of three states.
"""

FRESH = "fresh"  # it answers what is asked today
STALE = "stale"  # what is asked has changed since
NOT_RUN = "not run"


class RecordError(ValueError):
    """A committed result that is missing, or isn't what its command writes: one line with the file."""
