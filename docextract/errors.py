"""The error tree. Every error says its scope, whether to try again, what to type next, and an exit code.

    DocextractError            code, scope, hint, retryable, exit_code
    ├── ConfigError            config_error     run     2   a flag, a job file, a key that is missing
    ├── SchemaError            schema_error     run     2   a schema that cannot be loaded
    ├── AccountError           auth_failed, quota_exhausted, cost_ceiling     run 3
    ├── OutputError            disk_full, path_refused                        run 4
    ├── InputError             unsupported, encrypted, corrupt, ...           file 1
    ├── PageError              render_crashed, render_timed_out, ...          page 1
    ├── ReplyError             reply_truncated, reply_not_json, ...           window 1, asked again
    └── TransportError         rate_limited, unavailable, timed_out           window 1, retried by time

The engine reads the attributes; nothing asks for the class. Foreign exceptions are translated at the
boundary that meets them (child process, httpx, JSON and pydantic, file system).
"""

from __future__ import annotations

from typing import Any

from docextract.types.plain import Fault, Scope

EXIT_OK, EXIT_PARTIAL, EXIT_USAGE, EXIT_ACCOUNT, EXIT_OUTPUT, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 130

CODES: dict[str, str] = {
    "unsupported": "pass a PDF, Word file, image, text, Markdown or HTML file, or convert this one first",
    "encrypted": "put its password on a line of a file and pass --password-file FILE",
    "corrupt": "open it in a viewer and save it again, or get a fresh copy",
    "empty_file": "get the file again: it has no bytes",
    "unreadable": "check the file's permissions (ls -l) and run the same command again",
    "limit_reached": "raise the named limit if you trust the file",
    "render_crashed": "try --renderer poppler, or save the page again from a viewer",
    "render_timed_out": "try --renderer poppler, or save the page again from a viewer",
    "quarantined": "it ended two worker processes; look at the file alone before running it again",
    "page_too_large": "lower --max-tokens-per-image or pass fewer pages with --pages",
    "refused": "the provider's content policy refused it; ask another model with --fallback MODEL",
    "auth_failed": "set the key's variable (for Z.ai: export ZAI_API_KEY=...) and run the same command again",
    "quota_exhausted": "recharge the account, then run the same command again to resume",
    "cost_ceiling": "raise --max-cost and run the same command again to resume",
    "rate_limited": "run the same command again later, or lower --concurrency",
    "unavailable": "run the same command again when the service answers",
    "timed_out": "run the same command again; finished documents are not repeated",
    "reply_truncated": "pass --window-pages 1, or a smaller schema",
    "reply_empty": "run the same command again, or try another --model",
    "reply_not_json": "run the same command again, or try another --model",
    "reply_invalid": "see issues in the sidecar; relax the schema or try another --model",
    "missing_tool": "run `docextract doctor` to see what to install",
    "config_error": "run `docextract run --help`",
    "schema_error": "run `docextract schema check FILE`",
    "plugin_error": "run again without the plugin, or mend it",
    "disk_full": "free some space and run the same command again to resume",
    "path_refused": "pass another --out that you can write to",
    "interrupted": "run the same command again to resume",
}
"""Every code that may stand in a sidecar, with the hint shown when the place that raises it has no better one."""


class DocextractError(Exception):
    """Root of all errors raised on purpose. `str()` is the message for a person."""

    default_code = "plugin_error"
    default_scope: Scope = "file"
    exit_code = EXIT_PARTIAL

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        scope: Scope | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.hint = hint or CODES[self.code]
        self.scope: Scope = scope or self.default_scope
        self.retryable = retryable

    @property
    def fault(self) -> Fault:
        """The error as data, for sidecars and the journal."""
        return Fault(code=self.code, message=str(self), hint=self.hint, scope=self.scope)


class ConfigError(DocextractError):
    """A flag, job file or environment that cannot be used: nothing was started."""

    default_code = "config_error"
    default_scope: Scope = "run"
    exit_code = EXIT_USAGE


class SchemaError(DocextractError):
    """A schema that cannot be found, loaded or used."""

    default_code = "schema_error"
    default_scope: Scope = "run"
    exit_code = EXIT_USAGE


class AccountError(DocextractError):
    """The provider's account or the user's own ceiling stops the run; finished work is kept."""

    default_code = "auth_failed"
    default_scope: Scope = "run"
    exit_code = EXIT_ACCOUNT


class OutputError(DocextractError):
    """Output cannot be written: disk full, or a path that is refused."""

    default_code = "path_refused"
    default_scope: Scope = "run"
    exit_code = EXIT_OUTPUT


class InputError(DocextractError):
    """A file that cannot be used; its neighbours go on."""

    default_code = "corrupt"


class PageError(DocextractError):
    """One page that cannot be rendered or read; the other pages go on."""

    default_code = "render_crashed"
    default_scope: Scope = "page"


class ReplyError(DocextractError):
    """An answer that arrived and is no good; it may be asked again within the attempts."""

    default_code = "reply_invalid"
    default_scope: Scope = "window"


class TransportError(DocextractError):
    """No answer arrived. Retried within --max-outage, never counted as an attempt.

    `retry_after_s` is what the provider asked for; `in_doubt` says the call may have been billed.
    """

    default_code = "unavailable"
    default_scope: Scope = "window"

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, in_doubt: bool = False, **options: Any
    ) -> None:
        """`options` are those of DocextractError; `retryable` is True unless it is given."""
        super().__init__(message, **({"retryable": True} | options))
        self.retry_after_s = retry_after_s
        self.in_doubt = in_doubt


def error_from_fault(fault: Fault, *, retryable: bool = False) -> DocextractError:
    """Raise again, in the parent, what a child process reported as data."""
    kind = PageError if fault.scope == "page" else InputError if fault.scope == "file" else DocextractError
    return kind(fault.message, code=fault.code, hint=fault.hint, scope=fault.scope, retryable=retryable)
