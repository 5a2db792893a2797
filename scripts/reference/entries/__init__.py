"""The entries, one file a family; a file that is added here is found."""
