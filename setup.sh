#!/bin/sh
# Puts what the project needs into .venv. `./setup.sh browser` and `./setup.sh cluster` add what only the tests need.
# Installs a system package only as root, and says in one sentence what is missing otherwise.
set -eu
cd "$(dirname "$0")"

need() { # need COMMAND PACKAGE...: what is missing is installed, or named
    command -v "$1" >/dev/null 2>&1 && return
    shift
    install_packages "$@"
}

install_packages() {
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        echo "This needs: $*. Install it (Debian: sudo apt-get install $*), then run the same command again." >&2
        exit 1
    fi
}

if [ "${1:-}" = browser ]; then
    # without the window around the page the same engine takes half the work; a whole Chromium will do
    command -v chromium-headless-shell >/dev/null 2>&1 ||
        (install_packages chromium-headless-shell fonts-dejavu-core) >/dev/null 2>&1 ||
        command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        install_packages chromium fonts-dejavu-core
    # what drives it brings its own node, which a bare machine lacks a library for
    driver=$(echo .venv/lib/python3*/site-packages/playwright/driver/node)
    "$driver" --version >/dev/null 2>&1 || install_packages libatomic1
    exit 0
fi

if [ "${1:-}" = cluster ]; then
    # For the drill on several machines; without all of this it is told to be not run, and nothing fails. Debian starts
    # etcd and HAProxy as soon as they are installed: so not by ourselves where a service manager runs.
    packages="etcd-server haproxy pgbackrest openssl"
    PATH="$PATH:/usr/sbin"
    if ! { command -v etcd && command -v haproxy && command -v openssl; } >/dev/null 2>&1; then
        if [ -d /run/systemd/system ]; then
            echo "The drill on several machines needs: sudo apt-get install $packages" >&2
        else
            (install_packages $packages) || true
        fi
    fi
    # the system's interpreter: an ordinary user has to be able to run it
    [ -x .venv/patroni/bin/python ] || .venv/bin/uv venv -q --python /usr/bin/python3 .venv/patroni || true
    .venv/bin/uv pip sync -q --python .venv/patroni/bin/python --require-hashes requirements/patroni.txt || true
    exit 0
fi

need python3 python3 python3-venv ca-certificates
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "This needs Python 3.11 or later." >&2; exit 1; }
python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -n "${SSL_CERT_FILE:-}" ] || install_packages ca-certificates

[ -x .venv/bin/python ] || python3 -m venv .venv
# The installer itself comes from the lock too: its block, with its hashes.
wanted=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/dev.txt)
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$wanted" ]; then
    awk '/^[^ #]/ { on = /^uv==/ } on' requirements/dev.txt >.venv/uv.txt
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt
fi
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/uv pip sync -q --require-hashes requirements/dev.txt
.venv/bin/uv pip install -q --no-deps --no-build-isolation -e .
for po in nowrongdoor/locale/*/LC_MESSAGES/django.po; do
    .venv/bin/pybabel -q compile -f -i "$po" -o "${po%.po}.mo" -l "$(basename "${po%/LC_MESSAGES/*}")"
done
