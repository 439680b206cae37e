"""A mail server for tests: keeps each mail as JSON in a folder, and refuses what it is told to refuse.

Addresses of recipients decide: unknown…@ is refused for good, busy…@ for the time being, full…@ after the text, slow…@ late.
"""
import argparse, asyncio, email, email.policy, json, os, ssl
from aiosmtpd.smtp import AuthResult, SMTP

arguments = argparse.ArgumentParser()
arguments.add_argument("--folder", required=True)
arguments.add_argument("--tls", choices=["implicit", "starttls", "none", "injecting"], default="starttls")
arguments.add_argument("--user", default="")
arguments.add_argument("--mechanism", choices=["PLAIN", "LOGIN"], default="PLAIN")
options = arguments.parse_args()


def content(part):
    return part.get_content().replace("\r\n", "\n") if part else None


class Keeping:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("unknown"):
            return "550 5.1.1 No such person " + address
        if address.startswith("busy"):
            return "451 4.7.1 Come back later"
        if address.startswith("slow"):
            await asyncio.sleep(5)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith("full") for to in envelope.rcpt_tos):
            return "552 5.2.2 Mailbox full"
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        files = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        kept = {
            "sender": envelope.mail_from, "recipient": envelope.rcpt_tos[0], "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "user": (session.auth_data.login.decode() if session.auth_data else ""),
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "text": content(text), "html": content(html),
            "calendar": content(files[0]) if files else None,
            "calendar_type": str(files[0]["content-type"]) if files else None,
            "longest_line": max(len(line) for line in envelope.original_content.split(b"\r\n")),
            "is_ascii": envelope.original_content.isascii(),
            "bare_breaks": envelope.original_content.replace(b"\r\n", b"").count(b"\n"),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
        Keeping.count += 1
        name = f"{options.folder}/{Keeping.count:06}.json"
        with open(name + ".part", "w") as file:
            json.dump(kept, file)
        os.rename(name + ".part", name)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    user, password = options.user.split(":")
    known = (data.login.decode(), data.password.decode()) == (user, password)
    return AuthResult(success=known, handled=False, auth_data=data)


class Injecting(SMTP):
    """Adds a reply of its own to the one that begins the encryption, as a man in the middle would."""

    async def push(self, status):
        if "TLS" in str(status) and "220" in str(status):
            self._writer.write(b"220 Ready\r\n250 injected\r\n")
            await self._writer.drain()
            return
        await super().push(status)


context = None
if options.tls != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{options.folder}/certificate.pem", f"{options.folder}/key.pem")


settings = {}
if options.user:
    settings = dict(
        authenticator=authenticate, auth_required=True, auth_require_tls=options.tls == "starttls",
        auth_exclude_mechanism=[{"PLAIN": "LOGIN", "LOGIN": "PLAIN"}[options.mechanism]])
if options.tls in ("starttls", "injecting"):
    settings["tls_context"] = context


async def serve():
    loop = asyncio.get_running_loop()
    handler = Keeping()
    kind = Injecting if options.tls == "injecting" else SMTP
    server = await loop.create_server(
        lambda: kind(handler, hostname="mail.test", loop=loop, **settings), "127.0.0.1", 0,
        ssl=context if options.tls == "implicit" else None)
    with open(f"{options.folder}/port.part", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(f"{options.folder}/port.part", f"{options.folder}/port")
    await server.serve_forever()


asyncio.run(serve())
