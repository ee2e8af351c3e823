#!/bin/sh
# Makes .venv from a lock file: `setup.sh run` for the board, `setup.sh dev` for tests as well.
# A stamp inside .venv holds what was installed; the same again costs nothing.
set -eu

want="${1:?run or dev}"
case "$want" in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "setup.sh: expected run or dev, got $want" >&2; exit 2 ;;
esac
[ -f pyproject.toml ] || { echo "setup.sh: run me from the project's folder" >&2; exit 2; }
bin=.venv/bin

# The folder is part of the stamp: an environment that was moved or copied does not work.
stamp_of() {
    { pwd -P; cat "$1" pyproject.toml; } | cksum
}

fresh() {
    [ -f ".venv/stamp-$1" ] && [ "$(cat ".venv/stamp-$1")" = "$(stamp_of "$2")" ]
}

if [ -x "$bin/python" ] && "$bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    fresh dev requirements-dev.lock && exit 0
    [ "$want" = run ] && fresh run requirements.lock && exit 0
fi

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=""
incomplete=""
for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
    new_enough "$name" || continue
    if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        python="$name"
        break
    fi
    incomplete="${incomplete:-$name}"
done

if [ -z "$python" ] && [ -n "$incomplete" ]; then
    package="python$("$incomplete" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
        echo "$incomplete has no venv and ensurepip: installing Debian's $package"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"
        python="$incomplete"
    else
        echo "$incomplete is new enough but has no venv and ensurepip, which .venv is made with." >&2
        echo "On Debian or Ubuntu: sudo apt-get install $package" >&2
        echo "Elsewhere: install a complete Python 3.11 or newer and run make again." >&2
        exit 1
    fi
fi
if [ -z "$python" ]; then
    echo "No Python 3.11 or newer was found (tried python3, python3.11 to python3.14, python)." >&2
    echo "Debian 12: sudo apt-get install python3 python3-venv    macOS: brew install python@3.13" >&2
    echo "If it is installed under another name: PYTHON=/path/to/python make run" >&2
    exit 1
fi

if ! [ -x "$bin/python" ] || ! new_enough "$bin/python" || ! "$bin/python" -m pip --version >/dev/null 2>&1; then
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
rm -f .venv/stamp-run .venv/stamp-dev

echo "Installing what $lock names (the first time takes a minute or two)"
quiet="--quiet --disable-pip-version-check --no-input"
"$bin/python" -m pip install $quiet --require-hashes -r "$lock"
# setuptools is in the lock, so the project itself needs nothing from outside.
"$bin/python" -m pip install $quiet --no-index --no-deps --no-build-isolation --editable .
stamp_of "$lock" > ".venv/stamp-$want"
