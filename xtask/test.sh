#!/usr/bin/env bash
# Everything that has to hold: `make test`. Builds once; tests and stories share that build.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=$PWD/target/test-logs
rm -rf "$logs" && mkdir -p "$logs"
begin=$SECONDS
totals=()

# stage NAME COMMAND…: runs it, keeps what it said, and says where and when it failed.
stage() {
    local name=$1 start=$SECONDS log
    log=$logs/${1// /-}.log
    shift
    echo "── $name"
    if ! "$@" 2>&1 | tee "$log"; then
        echo "✗ $name failed after $((SECONDS - start)) s; its output is in ${log#"$PWD"/}" >&2
        exit 1
    fi
    totals+=("$(printf '%-12s %5d s  %s' "$name" $((SECONDS - start)) "$(total_of "$log")")")
}

# The line with which a test runner closes, or for cargo test the sum of its lines (or what the
# browser's or node's runner closes with).
total_of() {
    awk '{ gsub(/\x1b\[[0-9;]*m/, "") }
         /^ +Summary \[/ { sub(/^ +Summary \[[^]]*\] /, ""); print }
         /^ +[0-9]+ passed \(/ { sub(/^ +/, ""); print }
         /^(#|ℹ) (pass|fail) / { said = said $3 " " $2 "ed " }
         /^test result:/ { passed += $4; failed += $6; left += $8; any = 1 }
         END {
             if (said) print said
             if (any) printf "%d passed, %d failed, %d ignored\n", passed, failed, left
         }' "$1" | paste -sd ";"
}

rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        # nextest leaves the examples in documents to cargo test.
        cargo nextest run --workspace --no-fail-fast --run-ignored all \
            && cargo test --workspace --doc --quiet
    else
        cargo test --workspace --no-fail-fast -- --include-ignored
    fi
}

lints() {
    cargo fmt --all --check && cargo clippy --workspace --all-targets --locked -- -D warnings
}

bash xtask/need.sh rust cc node chromium fonts
stage "web" make --no-print-directory web
stage "lints" lints
stage "build" cargo build --workspace --all-targets --locked
stage "tidy" cargo xtask tidy
stage "tests" rust_tests
stage "web tests" npm --prefix web test --silent
stage "lists" cargo run --quiet --package songhe -- policy check policy
stage "golden files" cargo xtask gen docs --check
stage "power cuts" cargo run --quiet --package faults -- power --cuts 2 --control 20
stage "stories" make --no-print-directory e2e

echo "── make test: all of it in $((SECONDS - begin)) s"
printf '%s\n' "${totals[@]}"
# A stage with a failure has ended the run before this line.
printf '%s\n' "${totals[@]}" | grep -oE '[0-9]+ passed' \
    | awk '{ passed += $1 } END { print passed " passed, 0 failed" }'
