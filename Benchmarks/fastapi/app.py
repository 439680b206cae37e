"""What Kith is compared with: the same three operations, the same SQL behind the same door, in FastAPI with asyncpg.

Answers are written by orjson straight from the rows, without a response model, which is the fastest that FastAPI offers.
The database comes from PGHOST, PGUSER, PGPASSWORD and PGDATABASE, the connections of each worker from KITH_BENCH_CONNECTIONS.
"""

import hashlib
import os
import re
from contextlib import asynccontextmanager
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


Authorization = Annotated[str, Header()]


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


def answer(value, status: int = 200) -> Response:
    return Response(orjson.dumps(value, default=str), status, media_type="application/json")


@app.get("/v1/networks/{network}/organisations/{organisation}")
async def get_organisation(network: UUID, organisation: UUID, authorization: Authorization, request: Request) -> Response:
    rows = await run(
        request, GET, secret=secret(authorization), scope="read", network=network, roles=readers, anywhere=True, organisation=organisation)
    if not rows:
        raise HTTPException(404)
    return answer(dict(rows[0]))


@app.get("/v1/networks/{network}/organisations")
async def list_organisations(
    network: UUID, authorization: Authorization, request: Request, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    rows = await run(
        request, LIST, secret=secret(authorization), scope="read", network=network, roles=readers, anywhere=True, limit=limit + 1)
    items = [dict(row) for row in rows[:limit]]
    return answer({"items": items, "next": items[-1]["id"] if len(rows) > limit else None})


@app.post("/v1/networks/{network}/organisations", status_code=201)
async def create_organisation(network: UUID, new: NewOrganisation, authorization: Authorization, request: Request) -> Response:
    rows = await run(
        request, INSERT, secret=secret(authorization), scope="write", network=network, roles=managers, anywhere=False,
        action="organisation.created", **new.model_dump())
    return answer(dict(rows[0]), 201)
