"""One command over everything: `secure-aks`; and the review of a pull request, which needs more than one room."""
