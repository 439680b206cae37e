"""What Kith is compared with: the same three operations, the same SQL behind the same door, in FastAPI with asyncpg.

Each operation is there twice. Under /v1 it declares what it answers, as FastAPI's manual teaches, so that the answer is checked,
documented and written by Pydantic; that is what Kith does too. Under /bare/v1 orjson writes the rows as they are, which is the least
that FastAPI can do. The database comes from PGHOST, PGUSER, PGPASSWORD and PGDATABASE, the connections of each worker from KITH_BENCH_CONNECTIONS.
"""

import hashlib
import os
import re
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field

readers = ["administrator", "auditor", "facilitator", "observer", "participant", "payments_officer", "programme_lead", "safeguarding_lead"]
managers = ["administrator", "programme_lead"]


class Statement:
    """A statement of ../sql, its :words turned into $1, $2, … in the order in which they first appear."""

    def __init__(self, text: str):
        self.words: list[str] = []

        def number(match: re.Match) -> str:
            if match[1] not in self.words:
                self.words.append(match[1])
            return f"${self.words.index(match[1]) + 1}"

        self.text = re.sub(r"(?<!:):([a-z_]+)", number, text)

    def values(self, given: dict) -> list:
        return [given[word] for word in self.words]


def statements(name: str) -> list[Statement]:
    text = (Path(__file__).parent.parent / "sql" / f"{name}.sql").read_text()
    text = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    return [Statement(part) for part in text.split(";\n") if part.strip()]


GET, INSERT, LIST = statements("get"), statements("insert"), statements("list")


@cache
def list_of(limit: int) -> list[Statement]:
    door, work = LIST
    return [door, Statement(work.text.replace("limit 51", f"limit {limit + 1}"))]


@asynccontextmanager
async def lifespan(app: FastAPI):
    size = int(os.environ["KITH_BENCH_CONNECTIONS"])
    async with asyncpg.create_pool(min_size=size, max_size=size) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)

Kind = Literal["user_led_organisation", "nhs_trust", "council", "charity", "university", "business", "community_group", "other"]


class NewOrganisation(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind
    board_members: Annotated[int, Field(ge=1, le=1000)] | None = None
    board_lived_experience: Annotated[int, Field(ge=0, le=1000)] | None = None


class Organisation(BaseModel):
    id: UUID
    name: str
    kind: Kind
    board_members: int | None
    board_lived_experience: int | None
    user_led: bool | None
    version: int
    created_at: datetime


class Page(BaseModel):
    items: list[Organisation]
    next: UUID | None


Authorization = Annotated[str, Header()]
Limit = Annotated[int, Query(ge=1, le=200)]


def secret(authorization: str) -> bytes:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401)
    return hashlib.sha256(token.encode()).digest()


async def run(request: Request, operation: list[Statement], **given) -> list[asyncpg.Record]:
    door, work = operation
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.fetchval(door.text, *door.values(given))
        return await connection.fetch(work.text, *work.values(given))


async def find(request: Request, authorization: str, network: UUID, organisation: UUID) -> dict:
    rows = await run(
        request, GET, secret=secret(authorization), scope="read", network=network, roles=readers, anywhere=True, organisation=organisation)
    if not rows:
        raise HTTPException(404)
    return dict(rows[0])


async def page(request: Request, authorization: str, network: UUID, limit: int) -> dict:
    rows = await run(
        request, list_of(limit), secret=secret(authorization), scope="read", network=network, roles=readers, anywhere=True)
    items = [dict(row) for row in rows[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > limit else None}


async def create(request: Request, authorization: str, network: UUID, new: NewOrganisation) -> dict:
    rows = await run(
        request, INSERT, secret=secret(authorization), scope="write", network=network, roles=managers, anywhere=False,
        action="organisation.created", **new.model_dump())
    return dict(rows[0])


@app.get("/v1/networks/{network}/organisations/{organisation}")
async def get_organisation(network: UUID, organisation: UUID, authorization: Authorization, request: Request) -> Organisation:
    return await find(request, authorization, network, organisation)


@app.get("/v1/networks/{network}/organisations")
async def list_organisations(network: UUID, authorization: Authorization, request: Request, limit: Limit = 50) -> Page:
    return await page(request, authorization, network, limit)


@app.post("/v1/networks/{network}/organisations", status_code=201)
async def create_organisation(network: UUID, new: NewOrganisation, authorization: Authorization, request: Request) -> Organisation:
    return await create(request, authorization, network, new)


def bare(value: dict, status: int = 200) -> Response:
    return Response(orjson.dumps(value, default=str), status, media_type="application/json")


@app.get("/bare/v1/networks/{network}/organisations/{organisation}")
async def get_bare(network: UUID, organisation: UUID, authorization: Authorization, request: Request) -> Response:
    return bare(await find(request, authorization, network, organisation))


@app.get("/bare/v1/networks/{network}/organisations")
async def list_bare(network: UUID, authorization: Authorization, request: Request, limit: Limit = 50) -> Response:
    return bare(await page(request, authorization, network, limit))


@app.post("/bare/v1/networks/{network}/organisations", status_code=201)
async def create_bare(network: UUID, new: NewOrganisation, authorization: Authorization, request: Request) -> Response:
    return bare(await create(request, authorization, network, new), 201)
