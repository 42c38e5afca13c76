# Greenroom. `make run` sets up, builds, plays the story and serves; `make help` lists the rest.

# debug or release; the debug build is the one that `make test` shares.
CONFIGURATION ?= debug
# STRICT=1 builds as `make lint` does: warnings are errors, in a scratch directory of its own.
STRICT ?=

STRICT_FLAGS := --scratch-path .build/strict --explicit-target-dependency-import-check error \
	-Xswiftc -warnings-as-errors
ifeq ($(STRICT),)
SCRATCH := .build
SWIFT_FLAGS :=
else
SCRATCH := .build/strict
SWIFT_FLAGS := $(STRICT_FLAGS)
endif

# What `make fuzz` feeds, and for how long.
TARGET ?= mime
SECONDS ?= 60

GREENROOM := $(SCRATCH)/$(CONFIGURATION)/greenroom

.DEFAULT_GOAL := help
.PHONY: help setup build certs run demo test lint fuzz interop conformance endurance bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## check the toolchain and install missing Debian packages where that is allowed
	@scripts/setup

build: setup ## build the program (CONFIGURATION=release for an optimised one)
	swift build --configuration $(CONFIGURATION) $(SWIFT_FLAGS) --product greenroom

certs: setup ## make the development CA and server certificate, once
	@certs/make

run: build certs ## play the story, then serve on loopback until Ctrl-C
	@$(GREENROOM) demo --keep

demo: build certs ## play the story and end
	@$(GREENROOM) demo

test: setup certs ## run all tests
	swift test --disable-xctest $(SWIFT_FLAGS)

lint: setup ## formatter, architecture checks, build with warnings as errors
	@scripts/lint
	swift build --build-tests $(STRICT_FLAGS)

fuzz: setup ## feed a parser anything: TARGET=mime SECONDS=60
	@scripts/fuzz $(TARGET) $(SECONDS)

interop: build certs ## real mail clients and servers against the gateway
	@GREENROOM=$(GREENROOM) scripts/interop

conformance: build ## a ready imaptest against the gateway (IMAPTEST=program IMAPTEST_DIR=its scripted tests)
	@GREENROOM=$(GREENROOM) IMAPTEST=$(IMAPTEST) IMAPTEST_DIR=$(IMAPTEST_DIR) python3 Tests/Conformance/run.py $(CONFORMANCE)

endurance: build ## kill the gateway while mail goes through (ENDURANCE="--messages 10000 --kills 200")
	@GREENROOM=$(GREENROOM) python3 Tests/Endurance/kill.py $(ENDURANCE)

bench: setup ## measure, as ratios against peers (ONLY="imap-mix idle", ONLY=--help)
	@scripts/bench $(ONLY)

clean: ## remove what was built; certificates and data stay
	rm -rf .build Benchmarks/.build Fuzz/.build
