"""Fixtures of every room."""

pytest_plugins = ["tests.control_plane_fixture"]


def pytest_terminal_summary(terminalreporter):
    """Say what passing tests counted: `record_property("counted", "57,000 cells of ...")`."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "counted" and report.when == "call":
                terminalreporter.write_line(f"counted: {value}")
