"""A schema by the name a user gives: a built-in, `path/to/file.py:Model`, `module:Model`, `schema.json`, `auto`.

Loading a Python file runs it: it is the user's own code.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard, get_args

from pydantic import BaseModel

from docextract.errors import DocextractError, SchemaError
from docextract.schema.builtin import builtin_folder, builtin_names
from docextract.schema.target import Target, target_from, target_of

__all__ = ["HINT", "builtin_folder", "builtin_names", "load"]

HINT = "run `docextract schema list`, or pass path/to/file.py:Model, module:Model or schema.json"


def load(spec: str, *, base: Path | None = None) -> tuple[Target, ...]:
    """The targets that one --schema names: one, or for `auto` and `auto:a,b` the ones to choose from.

    Relative paths are taken from `base`, by default the working folder. Raises SchemaError that says
    what was found and what to type.
    """
    spec = spec.strip()
    if spec == "auto":
        # A schema that most documents would half fit says so itself, and is chosen by name only.
        every = [_builtin(name) for name in builtin_names()]
        return tuple(target for target in every if target.json_schema.get("x-auto") is not False)
    if spec.startswith("auto:"):
        parts = [part.strip() for part in spec[5:].split(",") if part.strip()]
        if not parts:
            raise SchemaError("`auto:` names no schema", hint="type --schema auto, or auto:invoice,receipt")
        return tuple(_one(part, base or Path()) for part in parts)
    return (_one(spec, base or Path()),)


def _one(spec: str, base: Path) -> Target:
    if spec in builtin_names():
        return _builtin(spec)
    path, _, name = spec.rpartition(":")
    if spec.endswith(".json"):
        return _json_file(base / spec)
    if spec.endswith(".py"):
        return _python_file(base / spec, "")
    if path.endswith(".py"):
        return _python_file(base / path, name)
    if path and name.isidentifier() and all(part.isidentifier() for part in path.split(".")):
        return _module(path, name, base)
    known = ", ".join(builtin_names()) or "none installed"
    near = get_close_matches(spec, builtin_names(), n=1)
    hint = f"did you mean --schema {near[0]}? For your own, pass path/to/file.py:Model" if near else HINT
    raise SchemaError(f"no schema is called {spec!r}; built in: {known}", hint=hint)


def _builtin(name: str) -> Target:
    folder = builtin_folder()
    if folder is None:
        raise SchemaError("the built-in schemas are not installed", hint="install docextract again")
    target = _python_file(folder / f"{name}.py", "", named=name)
    return replace(target, name=name, source="built in")


def _json_file(path: Path) -> Target:
    try:
        schema = json.loads(path.read_bytes())
    except OSError as error:
        raise SchemaError(f"cannot read {path}: {error.strerror}", hint=HINT) from error
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{path} is not JSON: {error}", hint="mend the file, then run the same command") from error
    if not isinstance(schema, dict):
        raise SchemaError(f"{path} holds no JSON Schema object", hint='start it with {"type": "object", ...}')
    return target_from(schema, name=path.stem, source=str(path))


def _python_file(path: Path, name: str, *, named: str | None = None) -> Target:
    if not path.is_file():
        raise SchemaError(f"there is no file {path}", hint=HINT)
    module = _run(path)
    own = {
        key: value for key, value in vars(module).items() if _is_model(value) and value.__module__ == module.__name__
    }
    if name:
        found = getattr(module, name, None)
        if not _is_model(found):
            raise SchemaError(
                f"{path} has no pydantic model {name!r}; it has: {_listed(own)}", hint=_type_one(path, own)
            )
        return target_of(found, source=f"{path}:{name}")
    roots = _roots(own)
    if len(roots) != 1:
        what = f"{len(roots)} models to choose from: {_listed(roots)}" if roots else "no pydantic model"
        raise SchemaError(f"{path} has {what}", hint=_type_one(path, roots))
    ((only, model),) = roots.items()
    return target_of(model, name=named, source=f"{path}:{only}")


def _module(path: str, name: str, base: Path) -> Target:
    with _importing(base.resolve()), _user_code(f"module {path}", None):
        try:
            module = importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name is None or not (path == error.name or path.startswith(error.name + ".")):
                raise
            raise SchemaError(f"there is no module {path!r}", hint=HINT) from error
    found = getattr(module, name, None)
    if not _is_model(found):
        own = {key: value for key, value in vars(module).items() if _is_model(value)}
        raise SchemaError(f"module {path} has no pydantic model {name!r}; it has: {_listed(own)}", hint=HINT)
    return target_of(found, source=f"{path}:{name}")


def _run(path: Path) -> types.ModuleType:
    """Import a file under a name of its own, the same for the same content, so that its types stay the same types."""
    full = path.resolve()
    mark = hashlib.sha256(str(full).encode("utf-8", "surrogateescape") + full.read_bytes()).hexdigest()[:12]
    name = f"docextract_schema_{full.stem if full.stem.isidentifier() else 'file'}_{mark}"
    if name in sys.modules:
        return sys.modules[name]
    loader = importlib.util.spec_from_file_location(name, full)
    if loader is None or loader.loader is None:
        raise SchemaError(f"{path} cannot be imported", hint=HINT)
    module = importlib.util.module_from_spec(loader)
    sys.modules[name] = module  # pydantic looks names of annotations up here
    done = False
    try:
        with _importing(full.parent), _user_code(str(path), str(full)):
            loader.loader.exec_module(module)
        done = True
    finally:
        if not done:
            del sys.modules[name]
    return module


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Let a schema file import its neighbours, as a script could, for the time of its import."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


@contextmanager
def _user_code(what: str, file: str | None) -> Iterator[None]:
    """Translate whatever the user's code raises while it is imported."""
    try:
        yield
    except DocextractError:
        raise
    except SyntaxError as error:
        where = f"{error.filename or what}, line {error.lineno}"
        raise SchemaError(f"{where}: {error.msg}", hint="mend the line, then run the same command") from error
    # boundary: code of the user's own may raise anything, SystemExit included, and is named with its line
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if file is None or frame.filename == file] or list(frames)
        frame = inside[-1]
        raise SchemaError(
            f"{frame.filename}, line {frame.lineno}: {type(error).__name__}: {error}",
            hint="mend the line, then run the same command",
        ) from error


def _is_model(value: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel


def _roots(models: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """The models that no other one holds or derives from; a name starting with `_` does not count."""
    used: set[type] = set()
    for model in models.values():
        model.model_rebuild(raise_errors=False)  # names of models that are defined further down
        for info in model.model_fields.values():
            held = _types_in(info.annotation)
            # What a held model derives from is none either: Box[int] derives from Box.
            used |= {base for each in held for base in each.__mro__} - {model}
        used |= set(model.__mro__[1:])
    return {name: model for name, model in models.items() if model not in used and not name.startswith("_")}


def _types_in(annotation: Any) -> set[type]:
    found = {annotation} if isinstance(annotation, type) else set()
    for argument in get_args(annotation):
        found |= _types_in(argument)
    return found


def _listed(models: dict[str, type[BaseModel]]) -> str:
    return ", ".join(models) or "none"


def _type_one(path: Path, models: dict[str, type[BaseModel]]) -> str:
    if not models:
        return f"define a class that derives from pydantic.BaseModel in {path}"
    return f"type --schema {path}:{next(iter(models))}"
