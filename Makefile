# Motcua. Type `make run` for a running office, `make test` to check everything; README.md says more.
# A thin coat over meson: build/ is the ordinary build, build-asan/ and its like are made when asked for.
MAKEFLAGS += --no-print-directory
NINJA := ninja -C
N ?=

# Only the configuring differs between builds: $(call configure,folder,options)
define configure
	@mkdir -p $(1)
	@tools/sources all > $(1)/sources.new
	@if [ ! -f $(1)/build.ninja ]; then meson setup $(2) $(1) >$(1)/setup.log 2>&1 || { cat $(1)/setup.log; exit 1; }; \
	elif ! cmp -s $(1)/sources.new $(1)/sources.list; then \
		meson setup --reconfigure $(1) >$(1)/setup.log 2>&1 || { cat $(1)/setup.log; exit 1; }; fi
	@mv $(1)/sources.new $(1)/sources.list
endef

.PHONY: all build deps run test unit asan tsan cover bench fmt lint fuzz gdb clean

all: build

deps:
	@tools/deps build

build: deps
	$(call configure,build,)
	@$(NINJA) build --quiet

run: build
	@tools/run

test:
	@tools/test

unit: build
	@meson test -C build --suite unit --no-rebuild --print-errorlogs $(T)

asan: deps
	$(call configure,build-asan,-Db_sanitize=address$(comma)undefined -Db_lundef=false)
	@$(NINJA) build-asan --quiet
	@meson test -C build-asan --suite unit --no-rebuild --print-errorlogs $(T)

tsan: deps
	$(call configure,build-tsan,-Db_sanitize=thread -Db_lundef=false)
	@$(NINJA) build-tsan --quiet
	@meson test -C build-tsan --suite unit --no-rebuild --print-errorlogs $(T)

clean:
	@rm -rf build build-*

comma := ,
