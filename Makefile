# Everything is built into build/ (build-san/ with SAN=1). The lists of files are found by wildcard: a new format, writer or
# Python is a new file, and this one stays as it is. `make help` shows the targets.

CC ?= cc
VERSION = $(shell sed -n 's/.*TOOLKIT_VERSION "\(.*\)"/\1/p' common/version.h)
PREFIX ?= /usr/local
DESTDIR ?=
# make V=1 shows the commands.
Q = $(if $(V),,@)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

CFLAGS ?= -O3 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -I. $(WARNINGS) $(CFLAGS)
ifdef SAN
B = build-san
ALL_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-format-truncation
else
B = build
endif

# ---- what there is ----
COMMON = $(wildcard common/*.c)
FORMATS = $(shell grep -l '^const struct converter .*_converter = ' convert/*.c 2>/dev/null)
CONVERT_SHARED = $(filter-out convert/main.c $(FORMATS),$(wildcard convert/*.c))
FOLD = $(shell grep -l '^int main' convert/fold/*.c 2>/dev/null)
FOLD_SHARED = $(filter-out $(FOLD),$(wildcard convert/fold/*.c))
RENDER = $(wildcard render/*.c)
VIEW = $(wildcard render/view/*.c)
REPORT = $(wildcard render/report/*.c)
RENDER_TEXTS = $(wildcard render/*.js render/*.css)
SAMPLER = $(wildcard sampler/*.c)
UNITS = $(wildcard tests/unit/*.c)

COLLAPSERS = $(patsubst convert/%.c,$(B)/stackcollapse-%,$(FORMATS))
FOLDERS = $(patsubst convert/fold/%.c,$(B)/fold%,$(FOLD))
PROGRAMS = $(COLLAPSERS) $(B)/stackcollapse $(FOLDERS) $(if $(RENDER),$(B)/flamerender) $(if $(SAMPLER),$(B)/pysample) \
	$(if $(VIEW),$(B)/flameview) $(if $(REPORT),$(B)/flamereport)
UNIT_PROGRAMS = $(patsubst tests/unit/%.c,$(B)/tests/%,$(UNITS))
MAN = $(wildcard docs/man/*.1 docs/man/*.5)

objects = $(patsubst %.c,$(B)/obj/%.o,$(1))
COMMON_O = $(call objects,$(COMMON))
FORMATS_O = $(call objects,$(FORMATS))
RENDER_O = $(call objects,$(RENDER)) $(patsubst render/%,$(B)/obj/gen/%.o,$(RENDER_TEXTS))
SAMPLER_O = $(call objects,$(SAMPLER))

COMMON_LIBS = -lz -lpthread -lm
# A converter takes just the objects of convert/ that it uses, and is linked with just the libraries that those use.
CONVERT_CFLAGS = $(shell pkg-config --cflags libxml-2.0 yajl 2>/dev/null)
CONVERT_LIBS = -Wl,--as-needed $(shell pkg-config --libs libxml-2.0 yajl 2>/dev/null)
FOLD_LIBS = -Wl,--as-needed -lpcre2-8
VIEW_LIBS = -Wl,--as-needed -lncursesw -ltinfo -lpcre2-8
RENDER_PACKAGES = cairo libpng freetype2 fontconfig
RENDER_CFLAGS = $(shell pkg-config --cflags $(RENDER_PACKAGES) 2>/dev/null)
RENDER_LIBS = $(shell pkg-config --libs $(RENDER_PACKAGES) 2>/dev/null)
SAMPLER_LIBS = -Wl,--as-needed -lelf -lncursesw -ltinfo

all: $(PROGRAMS)

# ---- programs ----
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(V),,@echo '  cc   $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter render/%,$<),$(RENDER_CFLAGS)) $(if $(filter convert/%,$<),$(CONVERT_CFLAGS)) -MMD -MP -c $< -o $@

$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# A text file as a C string: svg.js becomes svg_js.
$(B)/gen/%.c: render/%
	@mkdir -p $(@D)
	@{ echo 'extern const char $(subst .,_,$(subst -,_,$*))[];'; \
	echo 'const char $(subst .,_,$(subst -,_,$*))[] ='; \
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; echo ';'; } > $@

# The table of formats of one converter: just its own.
$(B)/gen/stackcollapse-%.c: convert/%.c
	@mkdir -p $(@D)
	@{ echo '#include "convert/converter.h"'; echo 'extern const struct converter $(subst -,_,$*)_converter;'; \
	echo 'const struct converter *const converters[] = {&$(subst -,_,$*)_converter, 0};'; } > $@

# The table of `stackcollapse`: all formats.
$(B)/gen/stackcollapse.c: $(FORMATS)
	@mkdir -p $(@D)
	@{ echo '#include "convert/converter.h"'; \
	sed -n 's/^const struct converter \(.*_converter\) = .*/extern const struct converter \1;/p' $^; \
	echo 'const struct converter *const converters[] = {'; \
	sed -n 's/^const struct converter \(.*_converter\) = .*/\&\1,/p' $^; echo '0};'; } > $@

$(B)/libconvert.a: $(call objects,$(CONVERT_SHARED))
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/stackcollapse-%: $(B)/obj/convert/%.o $(B)/obj/gen/stackcollapse-%.o $(B)/obj/convert/main.o $(B)/libconvert.a $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(CONVERT_LIBS) $(COMMON_LIBS)

$(B)/stackcollapse: $(FORMATS_O) $(B)/obj/gen/stackcollapse.o $(B)/obj/convert/main.o $(B)/libconvert.a $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(CONVERT_LIBS) $(COMMON_LIBS)

$(FOLDERS): $(B)/fold%: $(B)/obj/convert/fold/%.o $(call objects,$(FOLD_SHARED)) $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(FOLD_LIBS) $(COMMON_LIBS)

$(B)/flamerender: $(RENDER_O) $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(RENDER_LIBS) $(COMMON_LIBS)

$(B)/pysample: $(SAMPLER_O) $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(SAMPLER_LIBS) $(COMMON_LIBS)

# flameview and flamereport draw with flamerender's files.
$(B)/flameview: $(call objects,$(VIEW)) $(filter-out %/main.o,$(RENDER_O)) $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(RENDER_LIBS) $(VIEW_LIBS) $(COMMON_LIBS)

$(B)/flamereport: $(call objects,$(REPORT)) $(filter-out %/main.o,$(RENDER_O)) $(COMMON_O)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@ $(RENDER_LIBS) $(COMMON_LIBS)

# ---- unit tests: tests/unit/render_x.c is linked with render/ without its main, others with common/ alone ----
without_main = $(filter-out %/main.o,$(1))
$(B)/tests/render_%: $(B)/obj/tests/unit/render_%.o $(call without_main,$(RENDER_O)) $(COMMON_O)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $^ -o $@ $(RENDER_LIBS) $(COMMON_LIBS)
$(B)/tests/sampler_%: $(B)/obj/tests/unit/sampler_%.o $(call without_main,$(SAMPLER_O)) $(COMMON_O)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $^ -o $@ $(SAMPLER_LIBS) $(COMMON_LIBS)
$(B)/tests/convert_%: $(B)/obj/tests/unit/convert_%.o $(FORMATS_O) $(B)/libconvert.a $(COMMON_O)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $^ -o $@ $(CONVERT_LIBS) $(COMMON_LIBS)
$(B)/tests/%: $(B)/obj/tests/unit/%.o $(COMMON_O)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  link $@')
	$(Q)$(CC) $(ALL_CFLAGS) $^ -o $@ $(COMMON_LIBS)

unit: $(UNIT_PROGRAMS)

# ---- set-up, demo, tests ----
# deps is asked first, in a make of its own, because the lists above need pkg-config to be there.
deps:
	@.ci/install-deps build

demo:
	@.ci/install-deps build
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@BUILD=$(B) .ci/demo

test:
	@.ci/install-deps build
	@$(MAKE) --no-print-directory -j$(JOBS) all unit
	@BUILD=$(B) tests/run $(TESTS)

check:
	@.ci/install-deps check
	@$(MAKE) --no-print-directory run-check

run-check:
	@.ci/check

fuzz:
	@$(MAKE) --no-print-directory SAN=1 -j$(JOBS) all
	@BUILD=build-san tests/fuzz/run

bench: all
	@BUILD=$(B) tests/bench/run

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	install -d $(DESTDIR)$(PREFIX)/share/flame/compat
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(filter %.1,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(filter %.5,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 755 $(wildcard compat/*) $(DESTDIR)$(PREFIX)/share/flame/compat

# The sources of the last commit.
dist:
	git archive --format=tar.gz --prefix=flame-$(VERSION)/ -o flame-$(VERSION).tar.gz HEAD

# A Debian package.
deb: all
	@.ci/deb $(VERSION)

clean:
	rm -rf build build-san demo.folded demo.svg demo.png demo.html demo.speedscope.json

help:
	@echo 'make           build all programs into build/'
	@echo 'make deps      install what building needs (says what first)'
	@echo 'make demo      deps, build, profile a bundled Python program: demo.folded, .svg, .png, .html, .speedscope.json'
	@echo 'make test      deps, build, all tests (TESTS=PATTERN for some); SAN=1 with sanitizers'
	@echo 'make check     warnings as errors (gcc, clang), format, static analysis, layer rule'
	@echo 'make fuzz      one minute of changed inputs with sanitizers'
	@echo 'make bench     side by side with flamegraph.pl, inferno, py-spy, austin where found'
	@echo 'make install   programs, man pages and compat/ to PREFIX=/usr/local, below DESTDIR='
	@echo 'make dist      the sources of the last commit as flame-VERSION.tar.gz'
	@echo 'make deb       what make install installs as flame_VERSION_ARCHITECTURE.deb'
	@echo 'make clean     remove what was built, and the demo'

.PHONY: all deb dist fuzz unit deps demo test check run-check bench install clean help
.SECONDARY:

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
