"""What a well-behaved server of the protocol keeps and answers, in memory; the fault server spoils its answers."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived; `path` is without the version prefix."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        decoded: Json = json.loads(self.body)
        return decoded


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to send."""

    status: int
    body: bytes
    content_type: str = "application/json"


def as_json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())


def refused(status: int, message: str, code: str | None = None) -> Answer:
    return as_json(
        {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}, status
    )


@dataclass
class ProtocolMemory:
    """Files, uploads, jobs, events, checkpoints and models. Lists of events are newest first, as upstream."""

    files: dict[str, Json] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, Json] = field(default_factory=dict)
    jobs: dict[str, Json] = field(default_factory=dict)
    events: dict[str, list[Json]] = field(default_factory=dict)
    checkpoints: dict[str, list[Json]] = field(default_factory=dict)
    models: dict[str, Json] = field(default_factory=dict)
    reply: bytes = b""
    keeps_metadata: bool = True
    knows_files: bool = False
    """Whether a job on a file that is not there is refused."""
    twice: bool = False
    """Whether a job that is asked for is made two times."""
    upload_seconds: int = 3600
    now: int = 1_790_000_000
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, request: Request) -> Answer:
        """Do what a request asks and answer it."""
        for method, pattern, act in self._routes():
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return act(request, *found.groups())
        return refused(404, f"Invalid URL ({request.method} {request.path})")

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        job = "/fine_tuning/jobs/([^/]+)"
        return [
            ("POST", "/files", self._create_file),
            ("GET", "/files", lambda _: self._list(list(self.files.values()))),
            ("GET", "/files/([^/]+)", lambda _, key: self._one(self.files, key, "file")),
            (
                "GET",
                "/files/([^/]+)/content",
                lambda _, key: Answer(200, self.contents[key], "application/octet-stream"),
            ),
            ("DELETE", "/files/([^/]+)", lambda _, key: self._delete(self.files, key)),
            ("POST", "/uploads", self._create_upload),
            ("POST", "/uploads/([^/]+)/parts", self._create_part),
            ("POST", "/uploads/([^/]+)/complete", self._complete_upload),
            ("POST", "/uploads/([^/]+)/cancel", self._cancel_upload),
            ("POST", "/fine_tuning/jobs", self._create_job),
            ("GET", "/fine_tuning/jobs", self._list_jobs),
            ("GET", job, lambda _, key: self._one(self.jobs, key, "job")),
            ("POST", f"{job}/cancel", lambda _, key: self._set_status(key, "cancelled")),
            ("POST", f"{job}/pause", lambda _, key: self._set_status(key, "paused")),
            ("POST", f"{job}/resume", lambda _, key: self._set_status(key, "queued")),
            ("GET", f"{job}/events", lambda request, key: self._page(self.events.get(key, [])[::-1], request)),
            (
                "GET",
                f"{job}/checkpoints",
                lambda request, key: self._page(self.checkpoints.get(key, [])[::-1], request),
            ),
            ("GET", "/models", lambda _: self._list(list(self.models.values()))),
            ("DELETE", "/models/(.+)", lambda _, key: self._delete(self.models, key)),
            ("POST", "/chat/completions", lambda _: Answer(200, self.reply, "text/event-stream")),
            ("POST", "/fine_tuning/alpha/graders/validate", _validate_grader),
            ("POST", "/fine_tuning/alpha/graders/run", _run_grader),
        ]

    def _one(self, kept: Mapping[str, Json], key: str, what: str) -> Answer:
        return as_json(kept[key]) if key in kept else refused(404, f"No such {what}: {key}")

    def _delete(self, kept: dict[str, Json], key: str) -> Answer:
        if kept.pop(key, None) is None:
            return refused(404, f"No such thing: {key}")
        return as_json({"id": key, "deleted": True})

    def _list(self, entries: list[Json]) -> Answer:
        return as_json({"object": "list", "data": entries, "has_more": False})

    def _page(self, entries: list[Json], request: Request) -> Answer:
        after = request.query.get("after")
        ids = [entry["id"] for entry in entries]
        start = ids.index(after) + 1 if after in ids else 0
        limit = int(request.query.get("limit", 20))
        page = entries[start : start + limit]
        return as_json({"object": "list", "data": page, "has_more": start + limit < len(entries)})

    def keep_file(self, name: str, content: bytes, purpose: str = "fine-tune") -> Json:
        key = f"file-{next(self._numbers)}"
        self.contents[key] = content
        self.files[key] = {
            "id": key, "object": "file", "bytes": len(content), "created_at": self.now, "filename": name,
            "purpose": purpose, "status": "processed",
        }  # fmt: skip
        return self.files[key]

    def _create_file(self, request: Request) -> Answer:
        fields = multipart(request)
        name, content = fields["file"]
        return as_json(self.keep_file(name, content, fields["purpose"][1].decode()))

    def _create_upload(self, request: Request) -> Answer:
        key = f"upload_{next(self._numbers)}"
        expires_at = self.now + self.upload_seconds
        times = {"created_at": self.now, "expires_at": expires_at}
        self.uploads[key] = {**request.json, "id": key, "status": "pending", **times}
        return as_json(self.uploads[key])

    def _create_part(self, request: Request, upload_id: str) -> Answer:
        if (wrong := self._not_pending(upload_id)) is not None:
            return wrong
        key = f"part_{next(self._numbers)}"
        self.parts[key] = multipart(request)["data"][1]
        return as_json({"id": key, "object": "upload.part", "upload_id": upload_id, "created_at": self.now})

    def _complete_upload(self, request: Request, upload_id: str) -> Answer:
        if (wrong := self._not_pending(upload_id)) is not None:
            return wrong
        ids = request.json["part_ids"]
        assert isinstance(ids, list)
        content = b"".join(self.parts[key] for key in ids)
        upload = self.uploads[upload_id]
        if len(content) != upload["bytes"]:
            return refused(400, "The parts do not add up")
        if request.json.get("md5") not in (None, hashlib.md5(content, usedforsecurity=False).hexdigest()):
            return refused(400, "The MD5 checksum does not match the uploaded bytes.")
        upload |= {"status": "completed", "file": self.keep_file(str(upload["filename"]), content)}
        return as_json(upload)

    def _cancel_upload(self, _request: Request, upload_id: str) -> Answer:
        if (wrong := self._not_pending(upload_id)) is not None:
            return wrong
        self.uploads[upload_id]["status"] = "cancelled"
        return as_json(self.uploads[upload_id])

    def _not_pending(self, upload_id: str) -> Answer | None:
        upload = self.uploads.get(upload_id)
        if upload is None:
            return refused(404, "No such upload")
        if upload["status"] == "pending" and self.now >= int(str(upload["expires_at"])):
            upload["status"] = "expired"
        if upload["status"] != "pending":
            return refused(400, f"Upload {upload_id} is {upload['status']}, not pending.")
        return None

    def start_job(self, body: Json) -> Json:
        """Keep a job as a create call makes it."""
        key = f"ftjob-{next(self._numbers)}"
        self.now += 1
        self.jobs[key] = {
            "id": key, "object": "fine_tuning.job", "created_at": self.now, "finished_at": None, "error": {},
            "fine_tuned_model": None, "hyperparameters": None, "organization_id": "org-1", "result_files": [],
            "seed": 7, "status": "queued", "trained_tokens": None, "validation_file": None, "metadata": None,
            **body,
        }  # fmt: skip
        if not self.keeps_metadata:
            self.jobs[key]["metadata"] = None
        self.tell(key, f"Created fine-tuning job: {key}")
        return self.jobs[key]

    def tell(self, job_id: str, message: str, data: Json | None = None, level: str = "info") -> Json:
        """Add an event to a job."""
        kind = "metrics" if data else "message"
        event: Json = {
            "id": f"ftevent-{next(self._numbers)}", "object": "fine_tuning.job.event", "created_at": self.now,
            "level": level, "message": message, "type": kind, "data": data,
        }  # fmt: skip
        self.events.setdefault(job_id, []).append(event)
        return event

    def step(self, job_id: str, step: int, total: int, loss: float) -> Json:
        """Add a training step to a job."""
        message = f"Step {step}/{total}: training loss={loss:.2f}"
        return self.tell(job_id, message, {"step": step, "total_steps": total, "train_loss": loss})

    def finish(self, job_id: str, steps: int) -> None:
        """Let a job run to its good end at once, with two checkpoints and a file of results."""
        job = self.jobs[job_id]
        tuned = f"ft:{job['model']}:org::{job_id[-4:]}"
        for number in range(1, steps + 1):
            self.now += 1
            self.step(job_id, number, steps, 1 / number)
        for number in (steps // 2, steps):
            self.checkpoints.setdefault(job_id, []).append(
                {
                    "id": f"ftckpt_{next(self._numbers)}", "object": "fine_tuning.job.checkpoint",
                    "created_at": self.now,
                    "fine_tuned_model_checkpoint": tuned if number == steps else f"{tuned}:ckpt-step-{number}",
                    "fine_tuning_job_id": job_id, "step_number": number, "metrics": {"step": number, "train_loss": 0.5},
                }
            )  # fmt: skip
        table = "step,train_loss\n" + "".join(f"{number},{1 / number:.4f}\n" for number in range(1, steps + 1))
        results = self.keep_file("step_metrics.csv", base64.b64encode(table.encode()), "fine-tune-results")
        self.models[tuned] = {"id": tuned, "object": "model", "created": self.now, "owned_by": "org"}
        self.tell(job_id, "The job has successfully completed")
        job |= {
            "status": "succeeded", "fine_tuned_model": tuned, "finished_at": self.now, "trained_tokens": 640,
            "result_files": [results["id"]],
        }  # fmt: skip

    def _create_job(self, request: Request) -> Answer:
        if self.knows_files and request.json["training_file"] not in self.files:
            return refused(400, f"No such file: {request.json['training_file']}")
        if self.twice:
            self.start_job(request.json)
        return as_json(self.start_job(request.json))

    def _list_jobs(self, request: Request) -> Answer:
        wanted = {key[9:-1]: value for key, value in request.query.items() if key.startswith("metadata[")}
        jobs = [job for job in reversed(self.jobs.values()) if _has(job.get("metadata"), wanted)]
        return self._page(jobs, request)

    def _set_status(self, key: str, status: str) -> Answer:
        if key not in self.jobs:
            return refused(404, f"No such job: {key}")
        if self.jobs[key]["status"] in ("succeeded", "failed", "cancelled"):
            return refused(400, f"Job {key} is already {self.jobs[key]['status']}")
        self.jobs[key]["status"] = status
        return as_json(self.jobs[key])


def _validate_grader(request: Request) -> Answer:
    from grader_memory import validated

    return validated(request)


def _run_grader(request: Request) -> Answer:
    from grader_memory import graded

    return graded(request)


def _has(metadata: object, wanted: Mapping[str, str]) -> bool:
    kept = metadata if isinstance(metadata, dict) else {}
    return wanted.items() <= kept.items()


def multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    """The fields of a form: name to (file name, bytes)."""
    boundary = b"--" + request.headers["content-type"].split("boundary=")[1].strip('"').encode()
    fields: dict[str, tuple[str, bytes]] = {}
    for piece in request.body.split(boundary)[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(re.findall(rb'(name|filename)="([^"]*)"', head.replace(b"filename=", b"\nfilename=")))
        fields[names[b"name"].decode()] = (names.get(b"filename", b"").decode(), content.removesuffix(b"\r\n"))
    return fields
