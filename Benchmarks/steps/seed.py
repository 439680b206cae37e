"""Fills a new server through its API: two networks with one administrator, and 1,000 organisations in the first.

seed.py URL OPERATOR_TOKEN_FILE FOLDER

Writes into FOLDER: `seed` (name=value lines for the shell: token, secret, read_network, write_network) and `ids` (one a line).
The second network is for what the benchmarks add, so that the first stays as it is.
"""

import hashlib
import http.client
import itertools
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

PLACES = [
    "Hackney", "Lambeth", "Sheffield", "Bradford", "Cornwall", "Gateshead", "Wolverhampton", "Stoke-on-Trent", "Great Yarmouth",
    "Tower Hamlets", "Merthyr Tydfil", "Dundee", "Belfast", "Blackpool", "Leicester", "Northumberland", "Croydon", "Middlesbrough",
    "Isle of Wight", "Norwich", "Barnsley", "Hull", "Swansea", "Newham", "Carlisle",
]
BODIES = [
    ("Carers' Network", "community_group"), ("Disabled People's Alliance", "user_led_organisation"), ("City Council", "council"),
    ("Mental Health NHS Foundation Trust", "nhs_trust"), ("Survivors Together", "user_led_organisation"), ("Age Friendly Forum", "charity"),
    ("University School of Nursing", "university"), ("Recovery College", "charity"), ("People First", "user_led_organisation"),
    ("Community Housing Partnership", "business"),
]
TEAMS = ["North", "South", "East", "West"]


class API:
    def __init__(self, url: str):
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def post(self, path: str, token: str | None, body: dict) -> dict:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.connection.request("POST", f"/v1{path}", json.dumps(body), headers)
        response = self.connection.getresponse()
        answer = json.loads(response.read() or b"null")
        if response.status >= 300:
            sys.exit(f"seed.py: POST {path} was answered with {response.status}: {(answer or {}).get('detail', '')}")
        return answer


def main() -> None:
    url, token_file, folder = sys.argv[1:]
    operator = Path(token_file).read_text().strip()
    api = API(url)
    token = None
    networks = []
    for name in ["North Thames Co-production Network", "Benchmark additions"]:
        network = api.post("/networks", operator, {"name": name, "administrator_name": "Ada Administrator"})
        accepted = api.post("/invitations/accept", token, {"code": network["invitation_code"]})
        token = token or accepted["token"]
        networks.append(network["id"])
    ids = []
    for index, ((body, kind), team, place) in enumerate(itertools.product(BODIES, TEAMS, PLACES)):
        members = 7 + index % 9
        new = {"name": f"{place} {team} {body}", "kind": kind, "board_members": members, "board_lived_experience": index % (members + 1)}
        ids.append(api.post(f"/networks/{networks[0]}/organisations", token, new)["id"])

    os.umask(0o077)
    (Path(folder) / "ids").write_text("".join(f"{id}\n" for id in ids))
    secret = hashlib.sha256(token.encode()).hexdigest()
    (Path(folder) / "seed").write_text(f"token={token}\nsecret={secret}\nread_network={networks[0]}\nwrite_network={networks[1]}\n")


main()
