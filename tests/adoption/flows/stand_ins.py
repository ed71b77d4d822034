"""What a step reaches and this machine has not: gh, az, the installer of Pulumi. `python stand_ins.py NAME WORD...`.

Each records what it was asked (`asked.jsonl` in the folder $STAND_INS), keeps what it was told to keep (`pulls.json`, `issues.json`,
`comments.json`), and refuses with 1 what the real one refuses: no token, a branch that was not pushed, a second pull request of a branch,
an option that it does not have.
"""

# ruff: noqa: T201 - what they print is their answer
from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

HERE = Path(os.environ["STAND_INS"])
LONGEST = 4000
"""Characters that Azure DevOps takes in a description."""


def kept(name: str) -> list[dict[str, Any]]:
    file = HERE / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else []


def keep(name: str, what: list[dict[str, Any]]) -> None:
    (HERE / f"{name}.json").write_text(json.dumps(what))


def options(words: list[str], *names: str, flags: tuple[str, ...] = (), words_first: int = 0) -> Namespace:
    """Parse as the real one does; an option it does not have ends with 2."""
    parser = ArgumentParser(allow_abbrev=False)
    if words_first:
        parser.add_argument("words", nargs=words_first)
    for name in names:
        parser.add_argument(f"--{name}", dest=name.replace("-", "_"))
    for name in flags:
        parser.add_argument(f"--{name}", dest=name.replace("-", "_"), action="store_true")
    return parser.parse_args(words)


def need(fulfilled: object, otherwise: str) -> None:
    if not fulfilled:
        sys.exit(otherwise)


def pushed(branch: str) -> bool:
    return bool(subprocess.check_output(["git", "ls-remote", "--heads", "origin", branch]))


def jq(expression: str, data: object) -> str:
    return subprocess.run(
        ["jq", "--raw-output", expression], input=json.dumps(data), capture_output=True, text=True, check=True
    ).stdout


def pull_request(opened: list[dict[str, Any]], branch: str, title: str, body: str) -> None:
    need(pushed(branch), f"no commits between main and {branch}")
    need(all(one["branch"] != branch for one in opened), f"a pull request for branch {branch} already exists")
    keep("pulls", [*opened, {"id": len(opened) + 1, "branch": branch, "title": title, "body": body}])


def gh(words: list[str]) -> None:
    need(os.environ.get("GH_TOKEN"), "gh: set the GH_TOKEN environment variable")
    {"pr": gh_pr, "issue": gh_issue, "api": gh_api}[words[0]](words[1:])


def gh_pr(words: list[str]) -> None:
    pulls = kept("pulls")
    if words[0] == "create":
        said = options(words[1:], "head", "title", "body-file")
        pull_request(pulls, said.head, said.title, Path(said.body_file).read_text())
    else:
        said = options(words[1:], "title", "body-file", words_first=1)
        found = [one for one in pulls if [one["branch"]] == said.words]
        need(words[0] == "edit" and found, f"no pull requests found for branch {said.words}")
        found[0].update(title=said.title, body=Path(said.body_file).read_text())
        keep("pulls", pulls)


def gh_issue(words: list[str]) -> None:
    issues = kept("issues")
    if words[0] == "list":
        said = options(words[1:], "state", "search", "json", "jq")
        found = [
            {name: one[name] for name in said.json.split(",")}
            for one in issues
            if one["state"] == said.state and said.search.removeprefix("in:title ").strip('"') in one["title"]
        ]
        print(jq(said.jq, found), end="")
        return
    if words[0] == "create":
        said = options(words[1:], "title", "body-file")
        text = Path(said.body_file).read_text()
        issues.append({"number": len(issues) + 1, "state": "open", "title": said.title, "body": text})
    else:
        said = options(words[1:], "body-file", "comment", words_first=1)
        [one] = [one for one in issues if str(one["number"]) == said.words[0]]
        one.update({"close": {"state": "closed"}, "edit": {}}[words[0]])
        if said.body_file:
            one["body"] = Path(said.body_file).read_text()
    keep("issues", issues)


def gh_api(words: list[str]) -> None:
    said = options(words, "method", "input", "jq", flags=("paginate", "silent"), words_first=1)
    comments, [path] = kept("comments"), said.words
    of_pull = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues/7/comments"
    if said.jq:
        need(path == of_pull, "HTTP 404: Not Found")
        print(jq(said.jq, comments), end="")
        return
    body = json.loads(Path(said.input).read_text())["body"]
    if said.method == "POST":
        need(path == of_pull, "HTTP 404: Not Found")
        comments.append({"id": 100 + len(comments), "user": {"type": "Bot"}, "body": body})
    else:
        [one] = [one for one in comments if path.endswith(f"/issues/comments/{one['id']}")]
        one["body"] = body
    keep("comments", comments)


def az(words: list[str]) -> None:
    if words[:2] == ["account", "show"]:
        need(options(words[2:], "query", "output").query == "id", "unknown query")
        print(os.environ["STAND_IN_SUBSCRIPTION"])
    elif words[:2] == ["aks", "install-cli"]:
        options(words[2:], "install-location", "kubelogin-install-location")
    else:
        need(words[:2] == ["repos", "pr"], f"az: {words} is misspelled or not recognized")
        need(
            os.environ.get("AZURE_DEVOPS_EXT_PAT"),
            "Before you can run Azure DevOps commands, you need to login",
        )
        az_pull_request(words[2], words[3:])


def az_pull_request(verb: str, words: list[str]) -> None:
    pulls, where = kept("pulls"), ("organization", "output")
    if verb == "list":
        said = options(words, *where, "project", "repository", "source-branch", "status", "query")
        print(*[one["id"] for one in pulls if one["branch"] == said.source_branch][:1])
        return
    text = ("title", "description")
    if verb == "create":
        at = ("project", "repository", "source-branch", "target-branch")
        said = options(words, *where, *at, *text)
        pull_request(pulls, said.source_branch, said.title, said.description)
    else:
        need(verb == "update", f"az repos pr: {verb} is not recognized")
        said = options(words, *where, "id", *text)
        [one] = [one for one in pulls if str(one["id"]) == said.id]
        one.update(title=said.title, body=said.description)
        keep("pulls", pulls)
    need(
        len(said.description) <= LONGEST,
        "A description for a pull request must not be longer than 4000 characters",
    )


def curl(words: list[str]) -> None:
    """The installer of Pulumi; every other address is asked by the real one."""
    if "https://get.pulumi.com" not in words:
        os.execv("/usr/bin/curl", ["curl", *words])  # noqa: S606 - that is the point
    print('[ "$1" = --version ] && [ -n "$2" ] || { echo "bad words: $*" >&2; exit 1; }')
    print('mkdir -p "$HOME/.pulumi/bin" && cp "$STAND_INS/installed/pulumi" "$HOME/.pulumi/bin/pulumi"')


def pulumi(words: list[str]) -> None:
    """`login` and `up` are only recorded, with their packs looked at; the engine in PATH does the rest."""
    if words[0] == "up":
        said = ArgumentParser(allow_abbrev=False)
        said.add_argument("--yes", action="store_true", required=True)
        said.add_argument("--stack", required=True)
        said.add_argument("--policy-pack", action="append", required=True)
        for pack in said.parse_args(words[1:]).policy_pack:
            need((Path(pack) / "PulumiPolicy.yaml").is_file(), f"no pack in {pack}")
    elif words[0] != "login":
        os.execv(os.environ["STAND_IN_ENGINE"], ["pulumi", *words])  # noqa: S606 - that is the point


def make(words: list[str]) -> None:
    need(words == ["setup"] and Path("Makefile").is_file(), f"make: no rule to make target {words}")


if __name__ == "__main__":
    name, rest = sys.argv[1], sys.argv[2:]
    with (HERE / "asked.jsonl").open("a") as log:
        log.write(json.dumps([name, *rest]) + "\n")
    {"gh": gh, "az": az, "curl": curl, "pulumi": pulumi, "make": make}[name](rest)
