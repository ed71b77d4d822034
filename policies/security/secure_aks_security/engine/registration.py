"""What a policy tells the engine of itself besides its words: parameters and compliance."""

from collections.abc import Mapping, Sequence

from pulumi_policy import PolicyComplianceFramework, PolicyConfigSchema

from secure_aks_security.model import Compliance, Parameter
from secure_aks_security.stack_file.configuration import Setting


def schema(parameters: Mapping[str, Parameter], setting: Setting) -> PolicyConfigSchema | None:
    """Return the schema of a rule's parameters, with the values that this stack has as defaults."""
    if not parameters:
        return None
    return PolicyConfigSchema(
        properties={
            name: {
                **parameter.schema,
                "description": parameter.description,
                "default": setting.parameters[name],
            }
            for name, parameter in parameters.items()
        }
    )


def framework(compliance: Sequence[Compliance]) -> PolicyComplianceFramework | None:
    """Return the first of the places a rule answers: a policy can name one."""
    if not compliance:
        return None
    first = compliance[0]
    return PolicyComplianceFramework(
        name=first.framework,
        version=first.version or None,
        reference=first.reference or None,
        specification=first.specification or None,
    )
