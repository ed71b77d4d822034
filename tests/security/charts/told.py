"""What the charts are told to change although their entries stand in the stack file, and why that is right."""

_WRITES = "The container keeps what it reads in files of its own; the chart has a value for a read-only root and an emptyDir."
_UNWATCHED = (
    "Nothing notices when it hangs; the chart has no probe to switch on, which is why the rule only advises."
)
_SOCKET = (
    "With / of the node the runtime's socket is mounted too, whatever the program reads: who takes it over has every container. "
    "Without the root file system's figures, `--path.rootfs` and that volume can go; else an exemption by name, with an end."
)
TOLD: dict[str, dict[str, str]] = {
    "fluent-bit": {"pod-read-only-root": _WRITES},
    "node-exporter": {"pod-runtime-socket": _SOCKET},
    "velero": {"pod-read-only-root": _WRITES, "pod-probes": _UNWATCHED},
}
"""By chart: the rules that refuse or advise, each with the reason. A chart that is not here is told nothing."""
