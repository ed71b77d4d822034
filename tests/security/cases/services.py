"""Cases of the Service rules."""

from typing import Any

from tests.security.build import service

HAPPY = service
INTERNAL = "M.annotations.service~beta~kubernetes~io/azure-load-balancer-internal"
VISIBLE = "service~beta~kubernetes~io/azure-pls-visibility"
APPROVED = "service~beta~kubernetes~io/azure-pls-auto-approval"
FURTHER = "service~beta~kubernetes~io/azure-additional-public-ips"
PUBLIC = 'Service "web" asks for a public load balancer'

CASES: dict[str, dict[str, Any]] = {
    "service-public-load-balancer": {
        "passes": {
            "internal": {"S.type": "LoadBalancer", INTERNAL: "true"},
            "ClusterIP": {"S.type": "ClusterIP"},
        },
        "fails": {
            "no annotation": ({"S.type": "LoadBalancer"}, PUBLIC),
            "said no": ({"S.type": "LoadBalancer", INTERNAL: "false"}, PUBLIC),
            "another annotation": ({"S.type": "LoadBalancer", "M.annotations.note": "true"}, PUBLIC),
        },
    },
    "service-external-name": {
        "passes": {
            "another host": {"S.type": "ExternalName", "S.externalName": "db.example.com"},
            "another metadata's": {"S.type": "ExternalName", "S.externalName": "metadata.azure.example.com"},
            "a host that begins so": {"S.type": "ExternalName", "S.externalName": "localhost.example.com"},
            "an address": {"S.type": "ExternalName", "S.externalName": "10.1.2.3"},
            "a host whose name begins as a pod's address": {
                "S.type": "ExternalName",
                "S.externalName": "10.0.example.com",
            },
            "an address beside the pods'": {"S.type": "ExternalName", "S.externalName": "10.244.128.1"},
            "a host of digits": {"S.type": "ExternalName", "S.externalName": "0x7f.example.com"},
            "a host of a number": {"S.type": "ExternalName", "S.externalName": "127.example.com"},
            "a host of four numbers": {"S.type": "ExternalName", "S.externalName": "127.0.0.1.example.com"},
            "another of 168.63": {"S.type": "ExternalName", "S.externalName": "168.63.12.16"},
            "an address by its name": {"S.type": "ExternalName", "S.externalName": "10.1.2.3.nip.io"},
            "a name that ends so": {"S.type": "ExternalName", "S.externalName": "notlvh.me"},
            "a host that holds it": {"S.type": "ExternalName", "S.externalName": "my-ip6-localhost"},
        },
        "fails": {
            name: ({"S.type": "ExternalName", "S.externalName": name}, f'Service "web" stands for {name}')
            for name in (
                "10.0.0.1",
                "10.244.1.2",
                "10.244.1.2.",
                "010.0244.1.2",
                "localhost",
                "localhost.",
                "app.localhost",
                "localhost.localdomain",
                "ip6-localhost",
                "ip6-loopback",
                "metadata.azure.internal",
                "127.0.0.1",
                "127.1",
                "0.0.0.0",
                "169.254.169.254",
                "169.0376.169.254",
                "168.63.129.16",
                "2130706433",
                "0x7f.0.0.1",
                "0xa9.0xfe.0xa9.0xfe",
                "169.0xfe.169.254",
                "10.0x1",
                "0x7f.1",
                "0177.0.0.1",
                "0",
                "168.077.0201.16",
                "168.63.129.020",
                "168.0x3f.129.16",
                "169.254.0xa9.0xfe",
                "169.254.169.254.",
                "localhost4.localdomain4",
                "localhost6",
                "127.0.0.1.nip.io",
                "app.169-254-169-254.sslip.io",
                "168-63-129-16.sslip.io",
                "0.0.0.0.nip.io",
                "localtest.me",
                "app.lvh.me",
            )
        },
    },
    "service-private-link": {
        "passes": {
            "nobody": {"M.annotations.note": "*"},
            "a subscription": {f"M.annotations.{APPROVED}": "s1 s2"},
            "seen by all": {f"M.annotations.{VISIBLE}": "*"},
        },
        "fails": {
            name: (
                {f"M.annotations.{APPROVED}": value},
                'Service "web" lets in the private endpoints of every subscription',
            )
            for name, value in (("all", "*"), ("all, after one", "s1 *"))
        },
    },
    "service-private-link-visibility": {
        "passes": {
            "nobody": {"M.annotations.note": "*"},
            "a subscription": {f"M.annotations.{VISIBLE}": "s1"},
        },
        "fails": {
            name: (
                {f"M.annotations.{VISIBLE}": value},
                'Service "web" offers its private link to every subscription',
            )
            for name, value in (("all", "*"), ("all, after one", "s1 *"))
        },
    },
    "service-external-ips": {
        "passes": {
            "empty": {"S.externalIPs": []},
            "no further ones": {f"M.annotations.{FURTHER}": ""},
            "another annotation": {"M.annotations.note": "203.0.113.1"},
        },
        "fails": {
            "an address": ({"S.externalIPs": ["203.0.113.1"]}, 'Service "web" claims 203.0.113.1'),
            # Azure's controller writes them into the status, and every node leads there what is sent to them.
            "by an annotation": (
                {"S.externalIPs": [], f"M.annotations.{FURTHER}": "203.0.113.2"},
                'Service "web" claims 203.0.113.2',
            ),
            "by both": (
                {"S.externalIPs": ["203.0.113.1"], f"M.annotations.{FURTHER}": "203.0.113.2"},
                'Service "web" claims 203.0.113.1',
            ),
            "of an internal load balancer": (
                {"S.type": "LoadBalancer", INTERNAL: "true", f"M.annotations.{FURTHER}": "203.0.113.2"},
                'Service "web" claims 203.0.113.2',
            ),
        },
    },
    "service-node-port": {
        "passes": {"ClusterIP": {"S.type": "ClusterIP"}},
        "fails": {"NodePort": ({"S.type": "NodePort"}, 'Service "web" is of the type NodePort')},
    },
}
