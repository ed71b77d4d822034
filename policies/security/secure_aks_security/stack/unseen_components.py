"""Components whose objects no rule has seen."""

from secure_aks_security.model import Level
from secure_aks_security.stack.base import Report, Stack, StackRule


class UnseenComponents(StackRule):
    """Tells which of the Kubernetes provider's components brought nothing to judge.

    The provider registers what is in them, and does not before it can reach the cluster: at the preview of a first `up`
    nobody knows what is inside.
    """

    id = "unseen-components"
    title = "What is inside a component is seen"
    level = Level.ADVISORY
    severity = "medium"
    why = (
        "Charts, kustomizations and groups of YAML become resources once their provider knows its cluster; "
        "until then a privileged pod in one of them passes the preview. `up` judges it, and so does the cluster at admission."
    )
    remedy = "Preview again once the cluster is there."
    watched = (
        "kubernetes:helm.sh:Chart",
        "kubernetes:kustomize:Directory",
        "kubernetes:yaml:ConfigFile",
        "kubernetes:yaml:ConfigGroup",
    )

    def check(self, stack: Stack, report: Report) -> None:
        """Name each component without a resource in it."""
        for token in self.watched:
            for component in stack.of_type(token):
                if component.childless and not component.properties:
                    report.unknown(f"[{self.id}] what is inside {component.name} ({component.type})")
