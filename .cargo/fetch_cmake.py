"""Gets the newest cmake 3.x of 3.26 or later from PyPI without pip: fetch_cmake.py FOLDER.

The wheel of this machine is checked against the digest in the index and unpacked into the folder.
"""

import hashlib
import io
import json
import os
import platform
import stat
import sys
import urllib.parse
import urllib.request
import zipfile

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


def version(name):
    """Version of a wheel as numbers, from its file name; nothing where it is no final release."""
    parts = name.split("-")[1].split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else None


def fits(name):
    """Whether a wheel is for this machine."""
    if not name.endswith(".whl") or not (version(name) and (3, 26) <= version(name)[:2] < (4, 0)):
        return False
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx" in name and ("universal2" in name or machine in name)
    libc = "musllinux" if not platform.libc_ver()[0] else "manylinux"
    return libc in name and machine in name


def main(folder):
    request = urllib.request.Request(f"{INDEX}/cmake/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    wheels = [file for file in files if fits(file["filename"]) and not file.get("yanked")]
    if not wheels:
        sys.exit(f"error: {INDEX} has no wheel of cmake 3.26 or later for {platform.machine()}")
    wheel = max(wheels, key=lambda file: version(file["filename"]))
    url = urllib.parse.urljoin(f"{INDEX}/cmake/", wheel["url"])
    with urllib.request.urlopen(url, timeout=300) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != wheel["hashes"]["sha256"]:
        sys.exit(f"error: {url} differs from its digest in the index")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    programs = os.path.join(folder, "cmake", "data", "bin")
    for name in os.listdir(programs):
        path = os.path.join(programs, name)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main(sys.argv[1])
