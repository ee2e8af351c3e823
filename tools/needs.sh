#!/bin/sh
# What the tests need beside Python: a Chromium, Chinese fonts, GDAL's ogr2ogr, PostgreSQL with PostGIS,
# Prometheus with Alertmanager, and LibreOffice, which opens the briefs.
# Installs them on Debian as root, otherwise says exactly what to install and stops.
set -eu

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

has_gdal() {
    command -v ogr2ogr >/dev/null 2>&1
}

# Any of the paths that a pattern gives.
any() {
    for path in "$@"; do
        [ -e "$path" ] && return 0
    done
    return 1
}

has_postgresql() {
    any /usr/lib/postgresql/*/bin/initdb || command -v initdb >/dev/null 2>&1
}

has_postgis() {
    # Its library, not its script: Debian has them in two packages.
    any /usr/lib/postgresql/*/lib/postgis-*.so && return 0
    command -v pg_config >/dev/null 2>&1 && any "$(pg_config --pkglibdir)"/postgis-*
}

has_prometheus() {
    command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1
}

has_alertmanager() {
    command -v prometheus-alertmanager >/dev/null 2>&1 || command -v alertmanager >/dev/null 2>&1
}

# A part of LibreOffice by its library: Debian has the program and its parts in packages of their own; elsewhere
# they come together.
has_office() {
    command -v soffice >/dev/null 2>&1 || command -v libreoffice >/dev/null 2>&1 || return 1
    [ ! -f /etc/debian_version ] || any /usr/lib/libreoffice/program/"$1" /opt/libreoffice*/program/"$1"
}

# One without windows is enough, but it must not displace one that is there with them.
office_flavour() {
    dpkg -s libreoffice-core 2>/dev/null | grep -q '^Status: install ok' || echo -nogui
}

# Debian's packages of what is not there; Debian 12 names the version of PostgreSQL, others need not.
missing() {
    has_chromium || echo chromium
    has_fonts || echo fonts-noto-cjk
    has_gdal || echo gdal-bin
    case "$(cat /etc/debian_version 2>/dev/null)" in
        12 | 12.*) server=postgresql-15 postgis=postgresql-15-postgis-3 ;;
        *) server=postgresql postgis=postgresql-postgis ;;
    esac
    has_postgresql || echo "$server"
    has_postgis || echo "$postgis"
    has_prometheus || echo prometheus
    has_alertmanager || echo prometheus-alertmanager
    has_office libswlo.so || echo "libreoffice-writer$(office_flavour)"
    has_office libsdlo.so || echo "libreoffice-impress$(office_flavour)"
    has_office libsclo.so || echo "libreoffice-calc$(office_flavour)"
}

wanted="$(missing)"
[ -z "$wanted" ] && exit 0

if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
    echo "Installing what the tests need:" $wanted
    apt-get update -qq
    # shellcheck disable=SC2086 — the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    wanted="$(missing)"
    [ -z "$wanted" ] && exit 0
fi

echo "The tests need more than Python, and it was not found:" >&2
for name in $wanted; do
    case "$name" in
        chromium)
            echo "  a Chromium or Chrome, for the browser tests" >&2
            echo "    Debian: sudo apt-get install chromium    Fedora: sudo dnf install chromium" >&2
            echo "    macOS: brew install --cask chromium    elsewhere: put it on the path as chromium" >&2
            ;;
        fonts-noto-cjk)
            echo "  a Chinese font, for the pages and the exports" >&2
            echo "    Debian: sudo apt-get install fonts-noto-cjk    Fedora: sudo dnf install google-noto-sans-cjk-fonts" >&2
            echo "    macOS and Windows bring one" >&2
            ;;
        gdal-bin)
            echo "  GDAL's ogr2ogr, which writes the files that are read back" >&2
            echo "    Debian: sudo apt-get install gdal-bin    Fedora: sudo dnf install gdal" >&2
            echo "    macOS: brew install gdal    elsewhere: put it on the path as ogr2ogr" >&2
            ;;
        *postgis*)
            echo "  PostGIS, for the tests of tables by URL" >&2
            echo "    Debian: sudo apt-get install $name    Fedora: sudo dnf install postgis" >&2
            echo "    macOS: brew install postgis" >&2
            ;;
        prometheus*)
            echo "  Prometheus 2.42 or newer with Alertmanager, which the alerts are held against" >&2
            echo "    Debian: sudo apt-get install $name    macOS: brew install prometheus alertmanager" >&2
            echo "    elsewhere: put prometheus, promtool and alertmanager on the path" >&2
            ;;
        libreoffice*)
            echo "  LibreOffice, which opens the exported documents, slides and workbooks and saves them again" >&2
            echo "    Debian: sudo apt-get install $name    Fedora: sudo dnf install libreoffice" >&2
            echo "    macOS: brew install --cask libreoffice    elsewhere: put it on the path as soffice" >&2
            ;;
        postgresql*)
            echo "  a PostgreSQL server, for the tests of tables by URL" >&2
            echo "    Debian: sudo apt-get install $name    Fedora: sudo dnf install postgresql-server" >&2
            echo "    macOS: brew install postgresql    elsewhere: put it on the path as initdb" >&2
            ;;
    esac
done
echo "Then run make test again; make check needs none of these." >&2
exit 1
