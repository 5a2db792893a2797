"""What the pages show of each experiment: one module an experiment, whose PIECES are {file: result -> text}."""
