"""What ends a run for all of its workers, as one tells it to the others."""

from __future__ import annotations

import json
from collections.abc import Mapping

from docextract.errors import EXIT_PARTIAL, DocextractError


def halt_text(error: DocextractError) -> str:
    """For the ledger; `halt_error` makes an error of it again."""
    fault = error.fault
    fields = {"code": fault.code, "message": fault.message, "hint": fault.hint, "exit_code": error.exit_code}
    return json.dumps(fields, ensure_ascii=False)


def halt_error(text: str) -> DocextractError:
    """Of what `halt_text` wrote in any worker."""
    fields = json.loads(text)
    return halted_by(fields, fields["exit_code"])


def halted_by(fault: Mapping[str, object], exit_code: object) -> DocextractError:
    """The run-wide error of another process, from its fields `code`, `message` and `hint`."""
    error = DocextractError(str(fault["message"]), code=str(fault["code"]), hint=str(fault["hint"]), scope="run")
    error.exit_code = exit_code if isinstance(exit_code, int) else EXIT_PARTIAL
    return error
