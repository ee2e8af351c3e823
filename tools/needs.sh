#!/bin/sh
# What the tests need beside Python: a Chromium and Chinese fonts. Installs them on Debian as root,
# otherwise says exactly what to install and stops.
set -eu

missing=""

# The names that the tests look for, on the path.
has_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

has_fonts() {
    .venv/bin/python -m dashboard.exports.fonts >/dev/null 2>&1
}

has_chromium || missing="chromium"
has_fonts || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
    echo "Installing what the tests need:" $missing
    apt-get update -qq
    # shellcheck disable=SC2086 — the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    if has_chromium && has_fonts; then
        exit 0
    fi
fi

echo "The tests need more than Python, and it was not found:" >&2
case "$missing" in
    *chromium*)
        echo "  a Chromium or Chrome, for the browser tests" >&2
        echo "    Debian: sudo apt-get install chromium    Fedora: sudo dnf install chromium" >&2
        echo "    macOS: brew install --cask chromium    elsewhere: put it on the path as chromium" >&2
        ;;
esac
case "$missing" in
    *fonts*)
        echo "  a Chinese font, for the pages and the exports" >&2
        echo "    Debian: sudo apt-get install fonts-noto-cjk    Fedora: sudo dnf install google-noto-sans-cjk-fonts" >&2
        echo "    macOS and Windows bring one" >&2
        ;;
esac
echo "Then run make test again; make check needs neither." >&2
exit 1
