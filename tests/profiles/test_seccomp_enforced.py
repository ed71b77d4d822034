"""Seccomp by the real kernel: a profile as the loader puts it onto the node, in an OCI runtime."""

import json
import os
import platform
import sys

import pytest

from components.article_samples import COMMANDS
from tests.profiles.helpers import PROFILES, Container, tool
from tests.profiles.loaders import seccomp

# The numbers of the calls: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
NUMBERS = {
    "x86_64": {"chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "fsetxattr": 190, "clone3": 435},
    "aarch64": {"fchmod": 52, "fchmodat": 53, "fchmodat2": 452, "fsetxattr": 7, "clone3": 435},
}[platform.machine()]
CHMODS = [name for name in ("chmod", "fchmod", "fchmodat", "fchmodat2") if name in NUMBERS]
NOT_PERMITTED, NO_SUCH_CALL, NOT_SUPPORTED = 1, 38, 95
KERNEL = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
# What each answers without a profile: fchmodat2 came with Linux 6.6.
WORKING = dict.fromkeys(CHMODS, 0) | {"fchmodat2": 0 if KERNEL >= (6, 6) else NO_SUCH_CALL}

# Each call by its number, past every library, on a file of the process's own: its error, or 0.
CALLS = f"""
import ctypes, json, os
call = ctypes.CDLL(None, use_errno=True).syscall
file = os.open("/tmp/file", os.O_CREAT | os.O_RDWR)
arguments = {{
    "chmod": (b"/tmp/file", 0o777),
    "fchmod": (file, 0o777),
    "fchmodat": (-100, b"/tmp/file", 0o777),
    "fchmodat2": (-100, b"/tmp/file", 0o777, 0),
    "fsetxattr": (file, b"user.a", b"b", 1, 0),
    "clone3": (0, 0),
}}
errors = {{}}
for name, number in {NUMBERS!r}.items():
    errors[name] = ctypes.get_errno() if call(number, *arguments[name]) < 0 else 0
print(json.dumps([errors, oct(os.stat("/tmp/file").st_mode & 0o777)]))
"""


@pytest.fixture
def loaded(tmp_path):
    """The profiles as the kubelet finds them on the node, after the loader."""
    node = tmp_path / "node"
    node.mkdir()
    done = seccomp(tmp_path, PROFILES / "seccomp", node)
    assert done.returncode == 0, done.stdout
    return lambda name: json.loads((node / name).read_text())


@pytest.fixture
def python(tmp_path):
    """Run Python code in a container under a profile."""
    container = Container(tmp_path / "container").with_this_machines_programs()
    interpreter = os.path.realpath(sys.executable)

    def run(code, profile=None, user=65534):
        done = container.run(interpreter, "-I", "-c", code, seccomp=profile, user=user)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_chmod_and_all_its_kin_fail_under_the_profile_and_work_without_it(python, loaded, record_property):
    free, free_mode = json.loads(python(CALLS))
    bound, bound_mode = json.loads(python(CALLS, loaded("prevent-chmod")))

    assert {name: free[name] for name in CHMODS} == WORKING
    assert free_mode == "0o777"
    assert {name: bound[name] for name in CHMODS} == dict.fromkeys(CHMODS, NOT_PERMITTED)
    assert bound_mode != "0o777"
    record_property(
        "counted", f"{', '.join(CHMODS)} refused under prevent-chmod by Linux {platform.release()}"
    )


def test_permissions_cannot_be_set_as_an_acl_either(python, loaded):
    bound, _ = json.loads(python(CALLS, loaded("prevent-chmod")))

    assert bound["fsetxattr"] == NOT_SUPPORTED


def test_the_articles_own_profile_is_bypassed(python):
    """Why ours names more than the article's three names (`chmodat` is no system call)."""
    article = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": ["chmod", "fchmodat", "chmodat"], "action": "SCMP_ACT_ERRNO"}],
    }
    bound, mode = json.loads(python(CALLS, article))

    assert bound["fchmodat"] == NOT_PERMITTED
    assert (bound["fchmod"], bound["fchmodat2"]) == (0, WORKING["fchmodat2"])
    assert mode == "0o777"


def test_the_hardened_profile_leaves_chmod_alone_and_sends_clone3_to_clone(python, loaded):
    errors, mode = json.loads(python(CALLS, loaded("hardened")))

    assert {name: errors[name] for name in CHMODS} == WORKING
    assert errors["clone3"] == NO_SUCH_CALL
    assert mode == "0o777"


def test_busybox_alone_sees_the_same(tmp_path, loaded):
    container = Container(tmp_path / "busybox").with_busybox()
    command = ("sh", "-c", "touch /tmp/file && chmod 777 /tmp/file && echo changed")

    assert "changed" in container.run(*command, user=65534).stdout
    bound = container.run(*command, seccomp=loaded("prevent-chmod"), user=65534)
    assert bound.returncode != 0
    assert "Operation not permitted" in bound.stderr


# What must not be possible under the hardened profile, each as Python code that prints what happened.
ATTEMPTS = {
    "a user namespace": "call(NUMBERS['unshare'], 0x10000000)",
    "another kind of socket (AF_ALG)": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "another kind of socket (AF_PACKET)": "socket.socket(17, socket.SOCK_RAW)",
    "a keyring": "call(NUMBERS['keyctl'], 0, -3, 1)",
    "a BPF program": "call(NUMBERS['bpf'], 0, 0, 0)",
    "io_uring": "call(NUMBERS['io_uring_setup'], 1, ctypes.create_string_buffer(256))",
    "page faults in user space": "call(NUMBERS['userfaultfd'], 1)",
    "watching another process": "call(NUMBERS['ptrace'], 0, 0, 0, 0)",
    "performance counters": "call(NUMBERS['perf_event_open'], 0, 0, -1, -1, 0)",
    "another execution domain": "call(NUMBERS['personality'], 0x0040000)",
}
_OTHERS = {
    "x86_64": {"unshare": 272, "keyctl": 250, "bpf": 321, "io_uring_setup": 425, "userfaultfd": 323, "ptrace": 101,
               "perf_event_open": 298, "personality": 135},
    "aarch64": {"unshare": 97, "keyctl": 219, "bpf": 280, "io_uring_setup": 425, "userfaultfd": 282, "ptrace": 117,
                "perf_event_open": 241, "personality": 92},
}[platform.machine()]  # fmt: skip
ATTEMPT = f"""
import ctypes, json, socket
NUMBERS = {_OTHERS!r}
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")
found = {{}}
for name, code in {ATTEMPTS!r}.items():
    try:
        eval(code)
        found[name] = 0
    except OSError as error:
        found[name] = error.errno
print(json.dumps(found))
"""


def test_what_leads_to_the_kernel_is_closed_under_the_hardened_profile(python, loaded):
    found = json.loads(python(ATTEMPT, loaded("hardened"), user=0))

    assert found == dict.fromkeys(ATTEMPTS, NOT_PERMITTED)


SERVER = """
import http.server, json, os, sqlite3, subprocess, sys, threading, urllib.request
from concurrent.futures import ThreadPoolExecutor
os.chdir("/tmp")
open("index.html", "w").write("hello")
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with ThreadPoolExecutor(4) as pool:
    bodies = list(pool.map(lambda _: opener.open("http://127.0.0.1:8080/").read().decode(), range(20)))
server.shutdown()
database = sqlite3.connect("/tmp/database")
database.execute("create table t (a)"); database.execute("insert into t values (42)"); database.commit()
child = subprocess.run([sys.executable, "-I", "-c", "print('child')"], capture_output=True, text=True).stdout.strip()
print(json.dumps([bodies.count("hello"), database.execute("select a from t").fetchone()[0], child]))
"""


@pytest.mark.parametrize("name", ["hardened", "prevent-chmod"])
def test_a_web_server_with_threads_a_database_and_child_processes_runs_under_it(python, loaded, name):
    assert json.loads(python(SERVER, loaded(name))) == [20, 42, "child"]


def test_busybox_httpd_answers_under_the_hardened_profile(tmp_path, loaded):
    container = Container(tmp_path / "busybox").with_busybox()
    script = (
        "mkdir /tmp/www; echo hello >/tmp/www/index.html; httpd -p 127.0.0.1:8080 -h /tmp/www;"
        "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://127.0.0.1:8080/ && break; sleep 1; done"
    )
    done = container.run("sh", "-c", script, seccomp=loaded("hardened"))

    assert done.stdout.strip() == "hello", done.stderr


def test_the_articles_sample_is_stopped_by_its_profile_and_by_nothing_else(tmp_path, loaded):
    """Exit code and so status: Error under the profile, Completed without it."""
    container = Container(tmp_path / "busybox").with_busybox()
    container.tmpfs("/work", 0o777)
    command = COMMANDS["chmod-prevented"]

    assert container.run("sh", "-c", command, user=65534).returncode == 0
    bound = container.run("sh", "-c", command, user=65534, seccomp=loaded("prevent-chmod"))
    assert bound.returncode != 0
    assert "/work/file: Operation not permitted" in bound.stderr


def test_runc_is_there():
    """A missing tool is a failure with a remedy, not a skipped test."""
    assert tool("runc")
