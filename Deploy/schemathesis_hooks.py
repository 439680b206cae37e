"""What a schema cannot say of a request, made so that what is left to fail is Kith's own doing."""

import itertools
import re
import uuid

import schemathesis

numbers = itertools.count(1)
IN_ORDER = [("starts_on", "ends_on"), ("started_on", "ended_on"), ("opens_at", "closes_at")]


@schemathesis.hook
def before_call(context, case, kwargs):
    # A key stands for one request: the same key with another body is refused, and rightly.
    headers = case.headers or {}
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,255}", key):
        headers["Idempotency-Key"] = str(uuid.UUID(int=next(numbers)))
    body = case.body
    if not isinstance(body, dict):
        return
    # What begins ends later.
    for first, last in IN_ORDER:
        if isinstance(body.get(first), str) and isinstance(body.get(last), str):
            body.pop(first)
    # Both figures of a board are declared, or none, and the part is not more than the whole.
    members, experienced = body.get("board_members"), body.get("board_lived_experience")
    if isinstance(members, (int, float)) and isinstance(experienced, (int, float)):
        body["board_lived_experience"] = min(members, experienced) if experienced >= 0 else experienced
    elif members in range(1, 1001) and experienced is None or experienced in range(1001) and members is None:
        body.pop("board_members", None)
        body.pop("board_lived_experience", None)
