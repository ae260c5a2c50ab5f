"""Whether what should happen by itself does: imports, jobs, clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.data import clock
from components.data.bulk import Bulk
from components.data.operator import Operator
from components.data.settings import PREFIX, Settings
from components.jobs.health import JobsHealth, jobs_health
from components.messages.health import Counts, latest, outbox_counts
from dashboard.doctor.finding import Finding, fault, notice, ok

CLOCK_SECONDS = 5
LATE_SECONDS = 300  # a job that has been due for longer is waited for


async def clocks(bulk: Bulk) -> list[Finding]:
    """Sign-ins, leases and tries compare moments that different machines have written."""
    sql = {"sqlite": "SELECT julianday('now')", "postgres": "SELECT clock_timestamp()"}[bulk.dialect]
    before = clock.now()
    ((told,),) = await bulk.fetch(sql)
    here = before + (clock.now() - before) / 2
    there = told if isinstance(told, datetime) else datetime.fromtimestamp((told - 2440587.5) * 86400, UTC)
    apart = abs((there - here).total_seconds())
    if apart > CLOCK_SECONDS:
        return [fault("clock", f"{apart:.0f} s away from the database's", "let both machines set their clocks by NTP")]
    return [ok("clock", "goes with the database's")]


async def data_age(bulk: Bulk, operator: Operator) -> list[Finding]:
    """How old the figures are that people see."""
    ((last,),) = await bulk.fetch("SELECT max(finished_at) FROM import_run")
    if last is None:
        return [notice("age of data", "nothing was imported yet", "run: kabinet import DIR")]
    moment = datetime.fromisoformat(last) if isinstance(last, str) else last
    hours = (clock.now() - moment).total_seconds() / 3600
    told = f"the last import was {hours:.0f} hours ago"
    if hours > operator.data_age_hours:
        advice = f"look after the nightly import (more than data_age_hours = {operator.data_age_hours})"
        return [notice("age of data", told, advice)]
    return [ok("age of data", told)]


async def jobs(settings: Settings) -> list[Finding]:
    """What waits to be done, what was given up, and whether anybody is there to do it."""
    return [*_workers(await jobs_health(), settings), *_dead(await jobs_health())]


def _workers(health: JobsHealth, settings: Settings) -> list[Finding]:
    counts = health.counts
    told = f"{counts.waiting} waiting, {counts.running} running"
    late = health.overdue.total_seconds()
    if not health.workers and (counts.waiting or not settings.demo):
        seen = (
            f"the last sign of life was at {health.last_beat:%Y-%m-%d %H:%M} UTC"
            if health.last_beat
            else "none ever was"
        )
        level = fault if late > LATE_SECONDS else notice
        return [level("worker", f"no worker runs ({seen}), {told}", "start one: kabinet worker")]
    if late > LATE_SECONDS:
        return [
            notice("worker", f"{told}, the oldest has been due for {late / 60:.0f} minutes", "start another worker")
        ]
    return [ok("worker", f"{len(health.workers)} at work, {told}")]


def _dead(health: JobsHealth) -> list[Finding]:
    if not health.counts.dead:
        return [ok("dead letters", "none")]
    latest = health.dead_letters[0]
    told = f"{health.counts.dead} jobs were given up, the latest is {latest.name} (number {latest.id}): {latest.error}"
    return [notice("dead letters", told, "mend the cause, then look at: kabinet jobs --help")]


async def messages(settings: Settings) -> list[Finding]:
    """What waits to leave, and what was given up."""
    counts = await outbox_counts()
    return [
        *await _channel("letters", counts["email"], settings.demo or bool(settings.smtp_url), "SMTP_URL"),
        *await _channel("SMS", counts["sms"], settings.demo or bool(settings.sms_url), "SMS_URL"),
    ]


async def _channel(name: str, counts: Counts, has_server: bool, setting: str) -> list[Finding]:
    found = []
    age = clock.now() - counts.oldest if counts.oldest else timedelta(0)
    told = f"{counts.waiting} wait, the oldest for {age / timedelta(minutes=1):.0f} minutes"
    if counts.waiting and not has_server:
        advice = f"set {PREFIX}{setting} and restart the worker; they leave within a quarter of an hour"
        found.append(fault(name, f"{told}; {PREFIX}{setting} is not set", advice))
    elif age.total_seconds() > LATE_SECONDS:
        trouble = await latest(counts.channel, "waiting")
        why = f" ({trouble.error})" if trouble else ""
        found.append(notice(name, told + why, f"check {PREFIX}{setting} and the worker"))
    if counts.failed:
        trouble = await latest(counts.channel, "failed")
        which = f", the latest is a {trouble.kind} (number {trouble.id}): {trouble.error}" if trouble else ""
        told = f"{counts.failed} were given up in the last seven days{which}"
        found.append(notice(name, told, "mend the address or the server, and send it again from where it was sent"))
    return found or [ok(name, f"{counts.waiting} wait, none given up")]


async def sample_people(bulk: Bulk, settings: Settings) -> list[Finding]:
    """The demo's people have a password that everybody can read."""
    if settings.demo:
        return []
    found = await bulk.number("SELECT count(*) FROM person WHERE email LIKE '%.example' AND active = :yes", yes=True)
    if found:
        advice = "serve the operator's data from a database of its own, never from the demo's"
        return [notice("sample data", f"{found} people of the demo can sign in", advice)]
    return []
