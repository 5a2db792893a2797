"""What can be computed about a function."""
