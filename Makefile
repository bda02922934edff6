# Two commands for a newcomer: `make demo` and `make test`. Everything else is for those who stay.

SWIFT ?= swift
# One graph for everything that is run: release, with all traits (make test) or none (make demo).
TRAITS ?= PostgreSQL,Redis,Kafka
LOGS := .build/logs

# What the traits and the tests of several processes need beyond the default build, by Debian's names.
ENGINES := nginx-light postgresql libpq-dev redis-server libhiredis-dev librdkafka-dev

.PHONY: help demo demo-migration test matrix lint bench bench-bank micro soak tools build clean

help:
	@echo 'make demo   install what is missing, build, and watch the verifier at work (no server needed)'
	@echo 'make demo-migration   a migration under load: from the shadow to everybody with proof at each stage, then a rollback'
	@echo 'make test   install what is missing, build everything, run every test with all traits (make soak also builds those of the default traits)'
	@echo 'make matrix every edge-case suite on both services, the proof by seeded faults, and the gate over both'
	@echo 'make lint   swift format lint, strict'
	@echo 'make bench  the proxy beside nginx and Envoy in one run: CPU, latency, trouble, scale (under 12 minutes);'
	@echo '            BENCH="-s 2 -r 1 peers large" makes it shorter or takes some sections only (scripts/bench.sh)'
	@echo 'make bench-bank  the legacy core and the payout service on one PostgreSQL: the talk'"'"'s figures, measured (scripts/bench-bank.sh)'
	@echo 'make micro  the parts of the data plane by themselves, the comparison beside simdjson and Foundation (Benchmarks/README.md)'
	@echo 'scripts/budgets.sh   instructions and allocations of one request, held against Benchmarks/budgets.json (in make test too)'
	@echo 'make soak   every test, with the random walks over both services 27 times longer, 50 crashes of each kind, a minute of transfers, the migration played'

tools:
	@scripts/install-tools.sh

build: tools
	@scripts/build.sh

demo: build
	@.build/release/countersign demo

demo-migration: build
	@.build/release/countersign demo --migration

matrix: build
	@scripts/matrices.sh

test: tools
	@scripts/install-tools.sh valgrind $(ENGINES)
	@scripts/test.sh "$(TRAITS)"

lint:
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

bench: build
	@scripts/bench.sh $(BENCH)

bench-bank: tools
	@scripts/bench-bank.sh $(BENCH)

micro: tools
	@scripts/micro.sh $(MICRO)

soak: tools
	@scripts/install-tools.sh valgrind $(ENGINES)
	@SOAK=1 BANK_WALK_STEPS=10000 BANK_WALK_SEEDS=1,2,3,4,5,6,7,8 BANK_CRASH_SEEDS=50 ALERT_CRASH_SEEDS=50 BANK_TRANSFER_SECONDS=60 scripts/test.sh "$(TRAITS)"
	@scripts/matrices.sh nightly
	@.build/release/countersign demo --migration

clean:
	@rm -rf .build
