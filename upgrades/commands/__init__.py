"""One command a file; `upgrades.cli` lists them."""
