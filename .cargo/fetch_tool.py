"""Gets the newest fitting cmake (3.26 to 3.x) or ninja from PyPI without pip: fetch_tool.py cmake|ninja FOLDER.

The wheel of this machine is checked against the digest in the index and unpacked into the folder as pip would.
"""

import hashlib
import io
import json
import os
import pathlib
import platform
import shutil
import stat
import sys
import urllib.parse
import urllib.request
import zipfile

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
VERSIONS = {"cmake": ((3, 26), (4, 0)), "ninja": ((1, 11), (2, 0))}
PROGRAMS = {"cmake": "cmake/data/bin", "ninja": "bin"}


def version(name):
    """Version of a wheel as numbers, from its file name; nothing where it is no final release."""
    parts = name.split("-")[1].split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else None


def fits(tool, name):
    """Whether a wheel is for this machine."""
    least, below = VERSIONS[tool]
    if not name.endswith(".whl") or not (version(name) and least <= version(name)[:2] < below):
        return False
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx" in name and ("universal2" in name or machine in name)
    libc = "musllinux" if not platform.libc_ver()[0] else "manylinux"
    return libc in name and machine in name


def main(tool, folder):
    request = urllib.request.Request(f"{INDEX}/{tool}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    wheels = [file for file in files if fits(tool, file["filename"]) and not file.get("yanked")]
    if not wheels:
        least = ".".join(map(str, VERSIONS[tool][0]))
        sys.exit(f"error: {INDEX} has no wheel of {tool} {least} or later for {platform.machine()}")
    wheel = max(wheels, key=lambda file: version(file["filename"]))
    url = urllib.parse.urljoin(f"{INDEX}/{tool}/", wheel["url"])
    with urllib.request.urlopen(url, timeout=300) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != wheel["hashes"]["sha256"]:
        sys.exit(f"error: {url} differs from its digest in the index")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    folder = pathlib.Path(folder)
    if not (folder / PROGRAMS[tool]).is_dir():
        for scripts in folder.glob("*.data/scripts"):
            shutil.move(scripts, folder / PROGRAMS[tool])
    for path in (folder / PROGRAMS[tool]).iterdir():
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
