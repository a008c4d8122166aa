#!/usr/bin/env bash
# need.sh THING…: is it there? As root on Debian install it, else name the package and stop.
set -euo pipefail

is_there() {
    case $1 in
        rust) command -v cargo >/dev/null ;;
        cc) command -v cc >/dev/null ;;
        node) command -v npm >/dev/null && is_node_new ;;
        chromium) [ -x "${SONGHE_CHROMIUM:-/usr/bin/chromium}" ] ;;
        fonts) command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ] ;;
        *) echo "need.sh: unknown thing: $1" >&2; exit 2 ;;
    esac
}

is_node_new() {
    [ "$(node -p 'parseInt(process.versions.node) >= 20')" = true ]
}

packages_of() {
    case $1 in
        rust) echo "" ;;
        cc) echo "build-essential" ;;
        node) echo "nodejs npm" ;;
        chromium) echo "chromium" ;;
        fonts) echo "fontconfig fonts-noto-cjk" ;;
    esac
}

missing=()
for thing in "$@"; do
    is_there "$thing" && continue
    if [ "$thing" = rust ]; then
        version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
        echo "Rust is missing: install $version or newer with rustup, then run this again." >&2
        exit 1
    fi
    # shellcheck disable=SC2207
    missing+=($(packages_of "$thing"))
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. On Debian: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
for thing in "$@"; do
    is_there "$thing" && continue
    [ "$thing" = node ] && thing="Node.js 20 or newer (the distribution's is older)"
    echo "Still missing after the installation: $thing" >&2
    exit 1
done
