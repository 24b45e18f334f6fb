# What a stranger runs: `make demo` and `make test`. Every step skips what is already done.
.PHONY: demo test nightly check setup setup-hall setup-test models lock benchmarks clean

export QT_QPA_PLATFORM ?= $(if $(DISPLAY)$(WAYLAND_DISPLAY),,offscreen)
ifeq ($(QT_QPA_PLATFORM),)
unexport QT_QPA_PLATFORM
endif

setup:
	@packaging/apt-install packaging/apt-runtime.txt
	@packaging/venv-install packaging/requirements.txt
	@$(MAKE) -s models

setup-hall: setup
	@packaging/apt-install packaging/apt-hall.txt

setup-test:
	@packaging/apt-install packaging/apt-runtime.txt packaging/apt-hall.txt packaging/apt-test.txt
	@packaging/venv-install packaging/requirements-test.txt
	@packaging/npm-install
	@$(MAKE) -s models

models:
	@.venv/bin/kiosk models install --training

demo: setup-hall
	@.venv/bin/kiosk demo --output demo-output

test: setup-test
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m "not nightly" -n 3 --dist loadfile

nightly: setup-test
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m nightly
	@$(MAKE) -s benchmarks

benchmarks: setup-test
	@.venv/bin/python -m benchmarks.card_read
	@.venv/bin/python -m benchmarks.smart_card
	@.venv/bin/python -m benchmarks.codes
	@.venv/bin/python -m benchmarks.outbox
	@.venv/bin/python -m benchmarks.gateway
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m benchmarks.printing
	@.venv/bin/python -m benchmarks.presentation_attacks
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m benchmarks.face
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m benchmarks.startup
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m benchmarks.ui
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m benchmarks.sessions --count 200

check: setup-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o packaging/requirements.txt packaging/requirements.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o packaging/requirements-test.txt packaging/requirements-test.in

clean:
	rm -rf var demo-output
