# Two commands are enough: `make demo` and `make test`. Everything is installed inside this folder.
SETUP  := sh tools/setup.sh
# Quoted: the folder of the checkout may have a space in its name.
SIGAP  := "$(CURDIR)/.venv/bin/sigap"
PY     := "$(CURDIR)/.venv/bin/python"
PYTEST := "$(CURDIR)/.venv/bin/pytest"
RUFF   := "$(CURDIR)/.venv/bin/ruff"
SCENES := $(patsubst tests/scenes/test_%.py,%,$(wildcard tests/scenes/test_*.py))
BENCHES := $(filter-out room,$(patsubst bench/%.py,%,$(wildcard bench/*.py)))
# $(call named,scene,what there is): says what there is when NAME is none of it.
named = @case " $(2) " in *" $(NAME) "*) test -n "$(NAME)" ;; *) false ;; esac || \
	{ echo "$(if $(NAME),There is no $(1) $(NAME).,Which $(1)?) NAME=… is one of: $(2)" >&2; exit 2; }
WEBRUN := cd web && PATH="$(CURDIR)/.tools/bin:$$PATH" npm run --silent

export UV_NO_CONFIG := 1
export PYTHON

.PHONY: help setup setup-dev demo dev test lint format scene scene-named bench bench-named lock clean

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
	@$(SETUP) runtime

setup-dev:
	@$(SETUP) dev

demo: setup
	@$(SIGAP) demo $(if $(FRESH),--fresh) $(ARGS)

dev: setup-dev
	@$(SIGAP) dev $(ARGS)

test: setup-dev
	@$(SETUP) system
ifdef ARGS
	@$(PYTEST) $(ARGS)
else
	@$(PY) tools/check.py test
endif

lint:
	@$(SETUP) lint
	@$(PY) tools/check.py lint

format:
	@$(SETUP) lint
	@$(RUFF) format . && $(RUFF) check --fix .
	@$(WEBRUN) lint -- --write

scene-named:
	$(call named,scene,$(SCENES))

bench-named:
	$(call named,benchmark,$(BENCHES))

scene: scene-named setup-dev
	@$(SETUP) system
	@$(PYTEST) tests/scenes/test_$(NAME).py $(ARGS)

bench: bench-named setup-dev
	@$(PY) -m bench.$(NAME) $(ARGS)

lock:
	@$(SETUP) lint
	@$(PY) tools/lock.py $(ARGS)

clean:
	rm -rf .tools .venv web/node_modules src/sigap/pages
