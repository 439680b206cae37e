"""An OpenID provider on 127.0.0.1 for tests: discovery, authorisation code with PKCE, tokens signed by PyJWT, keys that rotate.

POST /control {"fault": …, "subject": …, "email": …, "email_verified": …, "rotate": true} changes what it does next. Faults: none,
hmac (signed with the client's secret), hmac_public (signed with the public key as a secret), audience, audiences (two, without azp), azp,
nonce, no_nonce, key (signed by a key that is not published), expired, issued, issuer, signature (cut), alg_other, swapped_claims.
"called": what it calls itself in place of its own name; "base": where its addresses lead; "bare": its keys name no algorithm.
"""
import argparse, base64, hashlib, hmac, http.server, json, secrets, socketserver, sys, threading, time, urllib.parse

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

parser = argparse.ArgumentParser()
parser.add_argument("--folder", required=True)
arguments = parser.parse_args()

state = {"fault": "", "subject": "s-1", "email": "ada@example.org", "email_verified": True, "keys_read": 0, "algorithm": "RS256"}
codes = {}
keys = []


def rotate():
    kid = secrets.token_hex(4)
    private = rsa.generate_private_key(65537, 2048) if state["algorithm"] == "RS256" else ec.generate_private_key(ec.SECP256R1())
    keys[:] = [(kid, private)]


def published():
    kid, private = keys[0]
    kind = jwt.algorithms.RSAAlgorithm if state["algorithm"] == "RS256" else jwt.algorithms.ECAlgorithm
    key = json.loads(kind.to_jwk(private.public_key()))
    # A key of a kind that nobody knows stands beside it.
    algorithm = {} if state.get("bare") else {"alg": state["algorithm"]}
    return {"keys": [{"kty": "unknown", "kid": "x"}, {**key, "kid": kid, "use": "sig", **algorithm}]}


def encoded(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def token(issuer, client, secret, nonce):
    fault, now = state["fault"], time.time()
    claims = {
        "iss": issuer, "sub": state["subject"], "aud": client, "exp": now + 300, "iat": now, "nonce": nonce,
        "email": state["email"], "email_verified": state["email_verified"],
    }
    if fault == "audience": claims["aud"] = "another"
    if fault == "audiences": claims["aud"] = [client, "another"]
    if fault == "azp": claims["azp"] = "another"
    if fault == "nonce": claims["nonce"] = "another"
    if fault == "no_nonce": del claims["nonce"]
    if fault == "expired": claims["exp"] = now - 3600
    if fault == "issued": claims["iat"] = now + 3600
    if fault == "issuer": claims["iss"] = "https://another.example.org"
    kid, private = keys[0]
    if fault == "none":
        return f"{encoded({'alg': 'none', 'kid': kid})}.{encoded(claims)}."
    if fault in ("hmac", "hmac_public"):
        shared = secret.encode() if fault == "hmac" else private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        text = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded(claims)}"
        signed = hmac.new(shared, text.encode(), hashlib.sha256).digest()
        return text + "." + base64.urlsafe_b64encode(signed).rstrip(b"=").decode()
    if fault == "key":
        private = rsa.generate_private_key(65537, 2048)
    algorithm = "PS256" if fault == "alg_other" else state["algorithm"]
    signed = jwt.encode(claims, private, algorithm, headers={"kid": kid})
    if fault == "signature":
        signed = signed[:-8]
    if fault == "swapped_claims":
        head, _, end = signed.split(".")
        signed = f"{head}.{encoded({**claims, 'sub': 'somebody-else'})}.{end}"
    return signed


class Provider(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, document, headers=()):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        if address.path == "/.well-known/openid-configuration":
            base = state.get("base") or self.issuer
            self.answer(200, {
                "issuer": state.get("called") or self.issuer, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
                "jwks_uri": self.issuer + "/keys", "code_challenge_methods_supported": ["S256"]})
        elif address.path == "/keys":
            state["keys_read"] += 1
            self.answer(200, published())
        elif address.path == "/authorize":
            # Whoever comes is signed in already. Only S256 is taken.
            if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256" or "openid" not in query["scope"].split():
                return self.answer(400, {"error": "invalid_request"})
            code = secrets.token_urlsafe(16)
            codes[code] = query
            back = urllib.parse.urlencode({"code": code, "state": query["state"]})
            self.answer(302, {}, [("Location", f"{query['redirect_uri']}?{back}")])
        elif address.path == "/state":
            self.answer(200, state)
        else:
            self.answer(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/control":
            change = json.loads(body)
            turn = change.pop("rotate", False)
            state.update(change)
            if turn: rotate()
            return self.answer(200, state)
        form = dict(urllib.parse.parse_qsl(body))
        query = codes.pop(form.get("code"), None)
        client, secret = "kith", "a secret of the client"
        basic = "Basic " + base64.b64encode(f"{urllib.parse.quote(client)}:{urllib.parse.quote(secret)}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if self.headers.get("Authorization") != basic:
            return self.answer(401, {"error": "invalid_client"})
        if query is None or form.get("redirect_uri") != query["redirect_uri"] or challenge != query["code_challenge"]:
            return self.answer(400, {"error": "invalid_grant"})
        self.answer(200, {"access_token": "none", "token_type": "Bearer", "id_token": token(self.issuer, client, secret, query["nonce"])})


rotate()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
with open(f"{arguments.folder}/port.part", "w") as file:
    file.write(str(server.server_address[1]))
import os
os.rename(f"{arguments.folder}/port.part", f"{arguments.folder}/port")
server.serve_forever()
