"""What is run by hand, off the way of a build: mutants, benchmarks, the font, the social image."""
