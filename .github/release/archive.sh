#!/usr/bin/env bash
# archive.sh VERSION TARGET PROGRAM FOLDER: packs a built program for a release, into
# FOLDER/gatelint-VERSION-TARGET.tar.gz (.zip for Windows), with its SHA-256 beside it. The names are
# those that .github/action/install.sh downloads.
set -euo pipefail

version="$1" target="$2" program="$3" folder="$4"
name="gatelint-$version-$target"
root="$(dirname "${BASH_SOURCE[0]}")/../.."

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi
}

mkdir -p "$folder/$name"
cp "$program" "$root"/{README.md,CHANGELOG.md,LICENSE-APACHE,LICENSE-MIT} "$folder/$name/"
cd "$folder"
case "$target" in
  *-windows-*)
    archive="$name.zip"
    7z a -bso0 "$archive" "$name"
    ;;
  *)
    archive="$name.tar.gz"
    tar -czf "$archive" "$name"
    ;;
esac
sha256 "$archive" >"$archive.sha256"
rm -r "$name"
