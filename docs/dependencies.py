"""Writes docs/dependencies.csv: every crate of Cargo.lock with its licence, from `cargo metadata`.

Run it after a change of Cargo.lock, from the root of the repository: python3 docs/dependencies.py
A test (tests/provenance/dependencies.rs) fails when the file and Cargo.lock do not agree.
"""

import csv
import json
import subprocess

text = subprocess.run(
    ["cargo", "metadata", "--format-version", "1", "--locked", "--offline"], check=True, capture_output=True, text=True
).stdout
metadata = json.loads(text)
root = metadata["resolve"]["root"]
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
packages = {package["id"]: package for package in metadata["packages"]}


def reached(kinds):
    """Packages reached from the root: by its dependencies of these kinds, then by all but dev ones."""
    found, queue = set(), [root]
    while queue:
        here = queue.pop()
        for dependency in nodes[here]["deps"]:
            used = {kind["kind"] for kind in dependency["dep_kinds"]}
            wanted = used & kinds if here == root else used & {None, "build"}
            if wanted and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                queue.append(dependency["pkg"])
    return found


run = reached({None, "build"})
rows = []
for name, package in packages.items():
    if name != root:
        licence = package["license"] or f"see the file {package['license_file']}"
        licence = licence.replace(" / ", " OR ").replace("/", " OR ") if package["license"] else licence
        use = "program" if name in run else "tests and benchmarks"
        rows.append([package["name"], package["version"], licence, use, package["repository"] or ""])
rows.sort(key=lambda row: (row[0], [int(part) if part.isdigit() else 0 for part in row[1].split("+")[0].split(".")], row[1]))
with open("docs/dependencies.csv", "w", newline="", encoding="utf-8") as out:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["crate", "version", "licence", "used_by", "source"])
    writer.writerows(rows)
