"""How a plan is shown: text for a terminal, JSON, Markdown for a pull request, one HTML page."""
