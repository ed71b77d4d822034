"""ARM deployments: what creates or changes one resource in Azure, and deletes it with nothing."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import resources

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def arm_deployment(
    name: str,
    resource_group_name: pulumi.Input[str],
    deployment_name: pulumi.Input[str],
    resource: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
) -> resources.Deployment:
    """Register an incremental deployment of one resource, written as in an ARM template."""
    template = {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [resource]}
    return resources.Deployment(
        name,
        resource_group_name=resource_group_name,
        deployment_name=deployment_name,
        properties={"mode": resources.DeploymentMode.INCREMENTAL, "template": template},
        opts=opts,
    )
