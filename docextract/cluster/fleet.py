"""Actors placed on a cluster and kept at work: their news told, the dead started again, all drained when asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ray
from ray import exceptions

from docextract.cluster.actor import Actor
from docextract.cluster.shares import cpus_each
from docextract.errors import ConfigError
from docextract.version import __version__

READY_S = 120.0
_LOOK_S = 0.5
_GIVE_UP = 20  # deaths of one worker without a document in between

Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the driver wants: `asked` are the fields of a worker's job, `paths` what every node must see.

    `boot` is set where the journal is a file: only processes of this very machine can share it.
    """

    run: str
    workers: int
    asked: dict[str, Any]
    paths: tuple[str, ...]
    boot: str | None


@dataclass(slots=True, eq=False)
class _Member:
    number: int
    actor: Any
    is_placed: bool = False
    deaths: int = 0
    again_at: float = 0.0
    waiting: dict[Any, str] = field(default_factory=dict)


class Fleet:
    """Every call into Ray stands here or in `launch`."""

    def __init__(self, order: Order, say: Say) -> None:
        self._order = order
        self._say = say
        self._members: list[_Member] = []
        self._cpus = 1
        self.is_stopping = False

    def place(self) -> None:
        """Start the actors; returns when the first is ready. Raises ConfigError where the cluster cannot hold them."""
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]  # type: ignore[no-untyped-call]  # Ray
        if self._order.boot is not None and len(nodes) > 1:
            raise ConfigError(
                f"the cluster has {len(nodes)} nodes, and a journal in a file belongs to one machine",
                hint="pass --journal postgresql://USER@HOST/DATABASE",
            )
        self._cpus = cpus_each([node["Resources"]["CPU"] for node in nodes], self._order.workers)
        # Work is never tried again by Ray: a new actor takes up what the journal says is left.
        kind = ray.remote(num_cpus=self._cpus, max_restarts=-1, max_task_retries=0)(Actor)
        self._members = [_Member(number + 1, kind.remote()) for number in range(self._order.workers)]
        for member in self._members:
            self._look(member)
        end = time.monotonic() + READY_S
        while not any(member.is_placed for member in self._members):
            self._step()
            if time.monotonic() > end:
                raise ConfigError(
                    f"no worker was started within {READY_S:.0f} s: there are no {self._cpus} free processors for one",
                    hint="`ray status` shows what is taken; wait, or lower --workers",
                )

    def work(self) -> None:
        """Until every worker that was placed has ended."""
        while any(member.is_placed for member in self._members):
            self._step()

    def stop(self) -> None:
        """Have all drain."""
        self.is_stopping = True
        for member in self._members:
            member.actor.stop.remote()

    def _look(self, member: _Member) -> None:
        member.waiting[member.actor.look.remote(list(self._order.paths))] = "look"

    def _step(self) -> None:
        """Whatever has come in, or half a second."""
        now = time.monotonic()
        for member in self._members:
            if member.again_at and now >= member.again_at:
                member.again_at = 0.0
                self._look(member)
        waiting = {ref: member for member in self._members for ref in member.waiting}
        if not waiting:
            time.sleep(_LOOK_S)
            return
        ready, _ = ray.wait(list(waiting), num_returns=1, timeout=_LOOK_S)
        for ref in ready:
            member = waiting[ref]
            what = member.waiting.pop(ref, None)
            if what is None:
                continue
            try:
                self._take(member, what, ray.get(ref))
            except exceptions.RayActorError as error:
                self._died(member, error)

    def _take(self, member: _Member, what: str, answer: Any) -> None:
        if what == "look":
            self._check(answer)
            member.is_placed = True
            if self.is_stopping:
                member.is_placed = False
                return
            work = member.actor.work.remote(self._order.run, self._order.asked, self._cpus)
            member.waiting[work] = "work"
            member.waiting[member.actor.events.remote()] = "events"
        elif what == "events":
            self._tell(member, answer)
            if "work" in member.waiting.values():
                member.waiting[member.actor.events.remote()] = "events"
        else:
            self._end(member, answer)

    def _check(self, seen: dict[str, Any]) -> None:
        node = seen["node"]
        if seen["version"] != __version__:
            raise ConfigError(
                f"node {node} has docextract {seen['version']}, this is {__version__}",
                hint="install the same version on every node",
            )
        if self._order.boot is not None and seen["boot"] != self._order.boot:
            raise ConfigError(
                f"node {node} is another machine, and a journal in a file belongs to one",
                hint="pass --journal postgresql://USER@HOST/DATABASE",
            )
        if seen["missing"]:
            raise ConfigError(
                f"node {node} does not see {', '.join(seen['missing'])}",
                hint="use a folder that all nodes share under one path, or URLs of an object store",
            )

    def _tell(self, member: _Member, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["event"] == "document_done":
                member.deaths = 0
            self._say(event)

    def _end(self, member: _Member, error: dict[str, Any] | None) -> None:
        for ref, what in list(member.waiting.items()):
            if what == "events":
                self._tell(member, ray.get(ref))
        last = ray.get(member.actor.events.remote())
        self._tell(member, last)
        member.waiting.clear()
        member.is_placed = False
        if error is not None:
            self._say(error)

    def _died(self, member: _Member, error: Exception) -> None:
        """Its claims are free as soon as it is known to be gone; Ray makes a new actor in its place."""
        member.waiting.clear()
        member.deaths += 1
        if member.deaths > _GIVE_UP:
            member.is_placed = False
            self._say({"event": "warning", "message": f"worker {member.number} died {_GIVE_UP} times: given up"})
            return
        if member.deaths == 1:
            said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            message = f"worker {member.number} died, its documents are taken over: {said}"
            self._say({"event": "warning", "message": message})
        member.again_at = time.monotonic() + min(0.25 * 2**member.deaths, 10.0)
