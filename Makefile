# Two commands are enough: `make demo` and `make test`. Everything is installed inside this folder.
PYTHON ?= python3
BIN    := $(CURDIR)/.venv/bin
NODE   := $(CURDIR)/.tools/bin
WEBRUN := cd web && PATH="$(NODE):$$PATH" npm run --silent

export UV_NO_CONFIG := 1
export PYTHON

.PHONY: help setup setup-dev demo dev test lint format scene bench lock clean

help:
	@echo "make demo            the whole room, live (FRESH=1 starts over; ARGS='--http-port 0 …')"
	@echo "make test            everything that checks it (ARGS=tests/calls runs that alone)"
	@echo "make lint            form, types, floors, sizes, messages"
	@echo "make dev             the room with reload on change"
	@echo "make scene NAME=…    one story through the real parts: first_call, double_dispatch, …"
	@echo "make bench NAME=…    one benchmark: actions, live, voice, eta"
	@echo "make format          let the formatters write"
	@echo "make lock            choose package versions anew (ARGS=--upgrade)"

setup:
	@$(PYTHON) tools/bootstrap.py runtime

setup-dev:
	@$(PYTHON) tools/bootstrap.py dev

demo: setup
	@$(BIN)/sigap demo $(if $(FRESH),--fresh) $(ARGS)

dev: setup-dev
	@$(BIN)/sigap dev $(ARGS)

test: setup-dev
	@$(PYTHON) tools/bootstrap.py system
ifdef ARGS
	@$(BIN)/pytest $(ARGS)
else
	@$(BIN)/python tools/check.py test
endif

lint:
	@$(PYTHON) tools/bootstrap.py lint
	@$(BIN)/python tools/check.py lint

format:
	@$(PYTHON) tools/bootstrap.py lint
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	@$(WEBRUN) lint -- --write

scene: setup-dev
	@$(PYTHON) tools/bootstrap.py system
	@$(BIN)/pytest tests/scenes/test_$(NAME).py $(ARGS)

bench: setup-dev
	@$(BIN)/python bench/$(NAME).py $(ARGS)

lock:
	@$(PYTHON) tools/bootstrap.py lint
	@$(BIN)/python tools/lock.py $(ARGS)

clean:
	rm -rf .tools .venv web/node_modules web/dist
