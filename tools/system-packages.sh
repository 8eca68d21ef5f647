#!/usr/bin/env bash
# Install what the tests need of the machine. Does nothing when all is there; says what is missing when it may not install.
# With the word `nodes`: what `make nodes` needs besides. None of it is left running.
set -euo pipefail

declare -A needs=(
  [chromium]=chromium
  [chromium-headless-shell]=chromium-headless-shell
  [firefox-esr]=firefox-esr
  [WebKitWebDriver]=webkit2gtk-driver
  [Xvfb]=xvfb
  [strace]=strace
  [strip]=binutils
)
if [ "${1:-}" = nodes ]; then
  needs=([etcd]=etcd-server [haproxy]=haproxy [patroni]=patroni [pgbouncer]=pgbouncer)
  PATH="$PATH:/usr/sbin"
fi
missing=()
for command in "${!needs[@]}"; do
  command -v "$command" >/dev/null || missing+=("${needs[$command]}")
done
if [ "${1:-}" != nodes ]; then
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  # Read to its end: a reader that leaves early would end the list with an error.
  fc-list 2>/dev/null | grep -i noto >/dev/null || missing+=(fonts-noto-core)
fi

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need these Debian packages: ${missing[*]}" >&2
  echo "Install them, for example: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing for the tests: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
if [ "${1:-}" = nodes ] && [ -d /run/systemd/system ]; then
  # Debian starts what it installs. What was here before is somebody's, and stays as it is.
  systemctl disable --quiet --now "${missing[@]/%etcd-server/etcd}"
fi
