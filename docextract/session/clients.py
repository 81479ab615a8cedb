"""Who is asked, from what the job says and which keys are set."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from docextract.config.job import Job
from docextract.journal.protocol import Journal
from docextract.journal.rows import Limits
from docextract.model.address import Address, Key, check_address, find_key
from docextract.model.chat import ChatClient, ChatLimits
from docextract.model.ladder import Ladder
from docextract.model.layout_parsing import LayoutClient
from docextract.model.limiter import Gate, gate_options
from docextract.model.profiles import resolve
from docextract.model.retry import Retry, RetryOptions
from docextract.pages.pool import Pool
from docextract.session.shared import SharedGate
from docextract.types import ModelClient, ModelProfile
from docextract.version import __version__

DEFAULT_MODEL = "zai/glm-5v-turbo"
DEFAULT_KEY = "ZAI_API_KEY"
OCR_MODEL = "zai/glm-ocr"
_MOST_SLOTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A client with what the run must know of it.

    `identity` stands in cache keys; `why` says how it was chosen; `profile` and `ladder` are None for
    the embedded engine. `slots` is how many calls may ever be in flight, the gate says how many now.
    """

    name: str
    why: str
    identity: str
    client: ModelClient
    gate: Gate | SharedGate
    retry: Retry
    slots: int
    profile: ModelProfile | None = None
    ladder: Ladder | None = None
    address: Address | None = None
    key: Key | None = None
    fallback: Engine | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is the embedded engine."""
        return self.profile is None


def model_name(job: Job) -> tuple[str, str]:
    """The model's name and why it is this one."""
    if job.model:
        return job.model, "as asked"
    if os.environ.get(DEFAULT_KEY):
        return DEFAULT_MODEL, f"{DEFAULT_KEY} is set"
    return "local", f"{DEFAULT_KEY} is not set: the embedded engine, no network"


def engine_for(job: Job, warn: Callable[[str], None], local_pool: Pool, *, asks: bool = True) -> Engine:
    """Make the client, and the fallback's. Raises ConfigError for a model that cannot be asked.

    `local_pool` starts no child unless the embedded engine is asked. Without `asks` no key is needed: a plan
    calls nobody.
    """
    name, why = model_name(job)
    fallback = _remote(job, job.fallback, "the fallback", warn, None, asks=asks) if job.fallback else None
    if name == "local":
        return _local(job, why, fallback, local_pool)
    return _remote(job, name, why, warn, fallback, asks=asks)


def first_engine_for(job: Job, engine: Engine, local_pool: Pool) -> Engine | None:
    """The embedded engine, where --first-pass puts it before a model."""
    if job.first_pass is None or engine.is_local:
        return None
    return _local(job, "--first-pass", None, local_pool)


def _local(job: Job, why: str, fallback: Engine | None, pool: Pool) -> Engine:
    from docextract.local.engine import LocalModel

    slots = job.concurrency or max(2, cpus())
    gate = Gate(gate_options(concurrency=slots, profile_start=slots))
    return Engine(
        name="local",
        why=why,
        identity=f"local {__version__}",
        client=LocalModel(pool),
        gate=gate,
        retry=Retry(gate),
        slots=slots,
        fallback=fallback,
    )


def _remote(
    job: Job, name: str, why: str, warn: Callable[[str], None], fallback: Engine | None, *, asks: bool
) -> Engine:
    # The base URL belongs to --model; a fallback has the address of its own profile.
    base_url = job.base_url if name != job.fallback or name == job.model else None
    profile = resolve(name, base_url=base_url, overrides=job.models.get(name))
    variable = job.api_key_env if base_url is not None or name != job.fallback else None
    return _engine(job, profile, why, warn, (variable, fallback), asks=asks)


def ocr_engine_for(job: Job, engine: Engine, warn: Callable[[str], None]) -> Engine | None:
    """Who reads pixels where --ocr names a service; at the model's own address where that is Z.ai too.

    Raises ConfigError where there is no key for it.
    """
    if job.ocr != "glm-ocr":
        return None
    is_zai = engine.profile is not None and engine.profile.provider == "zai" and engine.address is not None
    base_url = engine.address.base_url if is_zai and engine.address is not None else None
    profile = resolve(OCR_MODEL, base_url=base_url, overrides=job.models.get(OCR_MODEL))
    made = _engine(job, profile, "--ocr glm-ocr", warn, (job.api_key_env if is_zai else None, None))
    if made.address is None:
        raise AssertionError("an engine with a profile has an address")
    client = LayoutClient(profile, made.address, made.key, connections=made.slots)
    return replace(made, client=client, identity=f"layout_parsing {made.identity}", ladder=None)


def _engine(
    job: Job,
    profile: ModelProfile,
    why: str,
    warn: Callable[[str], None],
    more: tuple[str | None, Engine | None],
    *,
    asks: bool = True,
) -> Engine:
    """A client for this profile; `more` is the variable of its key, where one is named, and its fallback."""
    variable, fallback = more
    address = check_address(profile.base_url, allow_http=job.allow_http)
    asks = asks or job.tokenizer  # which is asked to count
    key = find_key(profile, address, os.environ, variable=variable, sign=job.sign_key) if asks else None
    if address.warning:
        warn(address.warning)
    if not profile.known:
        warn(f"{profile.id} is not in the table of models: its provider's upper bounds stand in (docextract models)")
    gate = Gate(gate_options(concurrency=job.concurrency, profile_start=profile.concurrency, rpm=job.rpm, tpm=job.tpm))
    ladder = Ladder(profile)
    slots = job.concurrency or _MOST_SLOTS
    return Engine(
        name=profile.id,
        why=why,
        identity=f"{profile.id} at {address.base_url}",
        client=ChatClient(profile, address, key, limits=ChatLimits(connections=slots), ladder=ladder),
        gate=gate,
        retry=Retry(gate, RetryOptions(max_outage_s=job.max_outage)),
        slots=slots,
        profile=profile,
        ladder=ladder,
        address=address,
        key=key,
        fallback=fallback,
    )


def shared(engine: Engine, journal: Journal, job: Job) -> Engine:
    """The same engine, and its fallback, with limits that hold over all workers. The embedded one needs none."""
    if engine.profile is None:
        return engine
    start = job.concurrency or engine.profile.concurrency
    limits = Limits(start=start, ceiling=job.concurrency or _MOST_SLOTS, rpm=job.rpm, tpm=job.tpm)
    gate = SharedGate(journal, engine.identity, limits)
    return replace(
        engine,
        gate=gate,
        retry=Retry(gate, RetryOptions(max_outage_s=job.max_outage)),
        fallback=shared(engine.fallback, journal, job) if engine.fallback is not None else None,
    )


def cpus() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
