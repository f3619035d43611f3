#!/usr/bin/env bash
# Runs gatelint once: the report for the log, annotations, the step summary and SARIF are of the same
# run, and its exit code is that of the step. The outputs are `exit-code` and `sarif-file`.
#
# Runs with the bash 3.2 of macOS and the Git Bash of Windows.
set -euo pipefail

# Values are data: each stands behind the `=` of its flag, or is a path behind `--`.
args=(lint)

# flag NAME VALUE
flag() {
  [[ -z "$2" ]] || args+=("--$1=$2")
}

# lines PREFIX TEXT: an argument for each line that is not empty
lines() {
  local line
  while IFS= read -r line || [[ -n "$line" ]]; do
    line="${line%$'\r'}"
    # Standard input is not what a lone `-` means here.
    [[ "$1$line" != - ]] || line=./-
    [[ -z "$line" ]] || args+=("$1$line")
  done <<<"$2"
}

# output NAME VALUE
output() {
  printf '%s<<%s\n%s\n%s\n' "$1" "$token" "$2" "$token" >>"$GITHUB_OUTPUT"
}

token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
annotations="$RUNNER_TEMP/gatelint-$token.txt"
sarif="$INPUT_SARIF_FILE"
[[ "$sarif" != - ]] || sarif=./-

flag config "$INPUT_CONFIG"
flag fail-on "$INPUT_FAIL_ON"
flag baseline "$INPUT_BASELINE"
lines --account-id= "$INPUT_ACCOUNT_ID"
case "$INPUT_FORMAT" in
  github) args+=(--format=github "--output=$annotations") ;;
  *)
    flag format "$INPUT_FORMAT"
    args+=("--report=github=$annotations")
    ;;
esac
if [[ -n "$sarif" ]]; then
  # What stands there is of an earlier run, or a link to somewhere else.
  rm -f -- "$sarif"
  args+=("--report=code-scanning=$sarif")
fi
args+=(--)
lines "" "$INPUT_PATHS"

# The Git Bash of Windows would take values that look like paths for its own.
export MSYS_NO_PATHCONV=1
[[ -n "${NO_COLOR:-}" ]] || export GATELINT_COLOR="${GATELINT_COLOR:-always}"

# The log of a run shows text of templates, and the runner takes lines of a log for commands
# (`##[...]` anywhere in them). It is told to leave these alone; both streams are one, so that none
# comes late.
code=0
printf '::stop-commands::%s\n' "$token"
"$PROGRAM" "${args[@]}" 2>&1 </dev/null || code=$?
printf '\n::%s::\n' "$token"

if [[ -s "$annotations" ]]; then
  printf '::group::Annotations\n'
  cat "$annotations"
  printf '::endgroup::\n'
fi
case "$code" in
  0 | 1) ;;
  2) printf '::error title=gatelint::wrong inputs or configuration: the log of this step says which\n' ;;
  3) printf '::error title=gatelint::no infrastructure code under the given paths\n' ;;
  *) printf '::error title=gatelint::gatelint broke down: the log of this step says where\n' ;;
esac

output exit-code "$code"
[[ -z "$sarif" || ! -f "$sarif" ]] || output sarif-file "$sarif"
exit "$code"
