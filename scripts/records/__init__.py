"""Committed results: what the last check, the frameworks and the experiments found."""
