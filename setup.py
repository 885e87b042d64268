"""The packages of a build: below one package in a wheel, as they lie here in an editable installation."""

import sys

from setuptools import find_namespace_packages, setup

PARTS = ("engine", "gui", "resources")

found = find_namespace_packages(include=[f"{name}*" for name in PARTS])
is_editable = "editable_wheel" in sys.argv  # the command that pip runs for `pip install -e`
if is_editable:
    folders = {"": "."}  # one path file, which mypy can follow
    packages = found
    start = "gui.__main__:main"
else:
    folders = {"torchloom": "packaging/wheel"}
    folders |= {f"torchloom.parts.{name}": name for name in PARTS}
    packages = ["torchloom", *(f"torchloom.parts.{name}" for name in found)]
    start = "torchloom:main"

setup(packages=packages, package_dir=folders, entry_points={"console_scripts": [f"torchloom = {start}"]})
