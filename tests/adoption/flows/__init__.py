"""The steps of examples/workflows, run as a runner of GitHub or of Azure Pipelines runs them."""
