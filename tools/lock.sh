#!/bin/sh
# Writes both lock files: names, versions and hashes for Python 3.11 and newer on any system.
# No index address is written, so that the files install from wherever pip is pointed at.
set -eu

[ "${1:-}" = "" ] || upgrade="--upgrade"
bin=.venv/bin

compile() {
    out="$1"
    shift
    # setuptools builds the project itself, without a network; pip does not bring it from Python 3.12 on.
    echo "setuptools>=80" | "$bin/uv" pip compile --quiet pyproject.toml - "$@" ${upgrade:-} \
        --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "$out"
}

compile requirements.lock
# The development lock names the same versions, and more.
compile requirements-dev.lock --extra dev --constraint requirements.lock
