#!/usr/bin/env bash
# Puts gatelint below RUNNER_TEMP: the release of the wanted version, checked against its SHA-256, or
# a build of the source that the action came with. The output `program` is its path.
#
# Runs with the bash 3.2 of macOS and the Git Bash of Windows. No value of an input is printed.
set -euo pipefail

fail() {
  printf '::error title=gatelint::%s\n' "$1"
  exit 2
}

# download FILE: fetches it from the release; 1 where the release has no such file
download() {
  local status
  # Redirects stay with the protocol of the server.
  status="$(curl --silent --show-error --location --proto "=${SERVER_URL%%:*}" \
    --connect-timeout 30 --max-time 600 --retry 3 \
    --output "$1" --write-out '%{http_code}' "$release/$1")" || fail "$1 cannot be downloaded"
  case "$status" in
    200) ;;
    404) return 1 ;;
    *) fail "$1 cannot be downloaded: HTTP status $status" ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi |
    cut -d ' ' -f 1
}

# build WHY
build() {
  [[ -z "$INPUT_CHECKSUM" ]] || fail "$1, so that there is no archive with that checksum"
  command -v cargo >/dev/null || fail "$1, and there is no cargo to build the source with"
  printf '::notice title=gatelint::%s: gatelint %s is built from source\n' "$1" "$own"
  # Where cargo stands decides which toolchain and configuration files it reads: not those of the
  # repository that is linted.
  cd "$GITHUB_ACTION_PATH"
  cargo install --locked --path . --root "$home" --target-dir "$home/target"
  program="$home/bin/gatelint$exe"
}

unpack() {
  case "$1" in
    *.zip) unzip -q -o "$1" ;;
    *) tar -xzf "$1" ;;
  esac
}

own="$(sed -n '/^version = "/{s/^version = "\(.*\)".*$/\1/p;q;}' "$GITHUB_ACTION_PATH/Cargo.toml")"
version="${INPUT_VERSION#v}"
version="${version:-$own}"
form='^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$'
[[ "$version" == source || "$version" =~ $form ]] ||
  fail 'the input version is neither a number such as 0.1.0 nor the word source'

exe=''
case "$RUNNER_OS-$RUNNER_ARCH" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  # Windows runs programs for x86_64 on ARM too.
  Windows-X64 | Windows-ARM64) target=x86_64-pc-windows-msvc exe=.exe ;;
  *) target='' ;;
esac
name="gatelint-$version-$target"
archive="$name.tar.gz"
[[ -z "$exe" ]] || archive="$name.zip"
release="$SERVER_URL/$REPOSITORY/releases/download/v$version"

mkdir -p "$RUNNER_TEMP/gatelint"
cd "$RUNNER_TEMP/gatelint"
home="$PWD"
program="$home/$name/gatelint$exe"

if [[ "$version" == source ]]; then
  build 'the input version asks for it'
elif [[ -z "$target" ]]; then
  [[ "$version" == "$own" ]] || fail "no release $version for this kind of runner"
  build 'no release for this kind of runner'
elif ! download "$archive"; then
  [[ "$version" == "$own" ]] || fail "no release $version with $archive"
  build "no release $version with $archive"
else
  expected="${INPUT_CHECKSUM#sha256:}"
  if [[ -z "$expected" ]]; then
    download "$archive.sha256" || fail "$archive has no checksum beside it"
    read -r expected _ <"$archive.sha256" || true
  fi
  [[ "$expected" =~ ^[0-9a-f]{64}$ ]] || fail "the checksum of $archive is no SHA-256"
  [[ "$(sha256 "$archive")" == "$expected" ]] ||
    fail "$archive is not what its checksum says: it was damaged or exchanged, and was not run"
  unpack "$archive"
fi

"$program" --version
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
