# make demo   the demo county, at the address that it prints
# make test   everything that has to hold, as the checks run it
#
# Both install what they lack when they may (as root on Debian), or name it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: demo test check web e2e screenshots clean

# Arguments for the program, as in: make demo DEMO='--preset town --port 9000'
DEMO ?=

demo: web
	cargo run --release --package songhe -- demo $(DEMO)

test:
	@bash xtask/test.sh

# Before each commit; a few minutes when warm.
check: web
	cargo xtask check

# Stylesheets, the small script, and the binaries of the private PostgreSQL.
web: web/node_modules/.installed
	cd web && npm run --silent build

web/node_modules/.installed: web/package-lock.json web/package.json
	@bash xtask/need.sh rust cc node
	cd web && npm ci --no-audit --no-fund --loglevel=error --ignore-scripts=false
	touch $@

# The stories in a real browser; STORY='intake' runs those whose name has the word.
e2e: web e2e/node_modules/.installed
	@bash xtask/need.sh chromium fonts
	cargo build --package songhe
	cd e2e && npx playwright test $(STORY)

# The pictures of the README, made anew by the stories.
screenshots:
	SONGHE_SCREENSHOTS=1 $(MAKE) --no-print-directory e2e

e2e/node_modules/.installed: e2e/package-lock.json e2e/package.json
	@bash xtask/need.sh node
	cd e2e && npm ci --no-audit --no-fund --loglevel=error
	touch $@

clean:
	rm -rf target web/dist web/node_modules e2e/node_modules e2e/test-results
