# Motcua. `make run` gives a running office, `make test` checks everything; README.md says more.
# A thin coat over meson: build/ is the ordinary build, build-asan/ and its like are made when asked for.
# The sanitizers make gcc warn of what cannot happen, so warnings are errors in the ordinary build only.
#
#   T=dossier   only the tests with that in their name (unit, asan, tsan, valgrind, cover, test, gdb; ux: addresses)
#   P=multipart only this fuzz target; T=60 then is the time of each in seconds
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
ninja = ninja -C $(1) --quiet | { grep -v '^ninja: no work to do' || true; }
T ?=
P ?=
N ?=
unit_tests = meson test -C $(1) --suite unit --no-rebuild --print-errorlogs $(if $(T),$(shell tools/sources tests | \
	sed -n 's|^src/\(.*$(T).*\)_test\.c$$|\1|p'))

.PHONY: all build deps run test unit asan tsan valgrind cover faults bench bench-million bench-peers profiles sqlmap tck ux walks fmt lint fuzz fuzz-cover gdb clean deb deb-check

all: build

deps:
	@tools/deps build

build: deps
	@tools/configure build
	@$(call ninja,build)

run: build
	@tools/run

test:
	@tools/test $(T)

unit: build
	@$(call unit_tests,build)

# The tests of the store and the journal again on PostgreSQL, in a server of their own.
.PHONY: unit-postgresql
unit-postgresql: build
	@tools/deps test
	@meson test -C build --suite postgresql --no-rebuild --print-errorlogs

# Every story that has an office, on a PostgreSQL server, as `make test` does; T=word a part of them.
.PHONY: test-postgresql
test-postgresql:
	@tools/test --part postgresql $(T)

# The whole suite as a sanitizer or valgrind sees it; T=word a part of it. What is found stands in build-asan/found and its like;
# docs/trust.md has a table of it.
asan tsan valgrind: build
	@nice -n 15 tools/test --under $@ $(T); result=$$?; tools/watched >/dev/null; exit $$result

cover: deps
	@tools/configure build-cover -Dwerror=false -Db_coverage=true -Doptimization=0
	@$(call ninja,build-cover)
	@find build-cover -name '*.gcda' -delete
	@$(call unit_tests,build-cover)
	@tools/cover build-cover

# The conformance kit of DMN, with each case that differs.
tck: build
	@build/motcua tck tests/data/dmn-tck --csv build/tck_results.csv

# Every target, T seconds each (60), or one of them: P=multipart. fuzz-cover also says what of each parser was reached.
fuzz:
	@tools/fuzz $(if $(P),run "$(P)",all) "$(or $(T),60)"

# T=0: with what was discovered before.
fuzz-cover:
	@tools/fuzz cover "$(or $(T),10)"

# Kills, power cuts, failing syncs, no memory: T=cut one kind, N=3000 so often. Figures in build/faults.json.
faults: build
	@tools/deps test
	@node tools/faults.mjs "$(T)" "$(N)"

bench: build
	@tools/deps bench
	@tools/bench

# An office on a PostgreSQL server beside the store alone and pgbench: writes its part of docs/performance.md.
.PHONY: bench-postgresql
bench-postgresql: build
	@tools/deps test
	@tools/bench_postgresql

# Millions of dossiers on a server of its own, made once and kept in MOTCUA_BENCH_DIR: writes its part of docs/large_offices.md.
# DOSSIERS=1000000 less.
.PHONY: bench-large
bench-large: build
	@tools/deps test
	@tools/bench_large

# The same with 1,000,000 waiting dossiers: writes its part of docs/performance.md.
bench-million: build
	@tools/deps bench
	@tools/bench --million

# Where the instructions of submit, read, page and list go: docs/profiles.md.
profiles: build
	@tools/deps test
	@tools/profile

# Beside request-tracker5 (Debian) and directus (npm), in one run: docs/peers.md. N=2000 fewer cases.
bench-peers: build
	@tools/deps peers
	@$(if $(N),N=$(N)) tools/bench_peers

# sqlmap over every parameter of today's routes; the figures go into docs/web_and_input.md.
sqlmap: build
	@command -v sqlmap >/dev/null || { echo 'sqlmap is missing: apt-get install sqlmap'; exit 1; }
	@node tools/sqlmap.mjs --write

# Every page in every manner in Chromium: build/ux/report.md. T=tien-do looks only at addresses with that in them.
ux: build
	@tools/deps ux
	@node tests/ux/run.mjs $(T)

# Ten tasks in Chromium in every manner: pictures under build/walks, figures in docs/usability.md.
walks: build
	@tools/deps test
	@tools/walks

gdb: build
	@gdb -q --args build/$(shell tools/sources tests | sed -n 's|^src/\(.*$(T).*\)\.c$$|\1|p' | head -1 | tr / _)

# The Debian package: build/motcua_VERSION_ARCHITECTURE.deb. deb-check installs, upgrades, removes and purges it on a scratch
# machine with a systemd of its own (as root; nothing of the real machine changes).
deb:
	@tools/deb

deb-check:
	@tools/deb check

fmt:
	@tools/deps test
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs -r clang-format-14 -i

lint:
	@tools/deps test
	@tools/lint

clean:
	@rm -rf build build-*
