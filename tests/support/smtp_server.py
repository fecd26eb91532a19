#!/usr/bin/python3
"""A mail server for the stories (Debian's python3-aiosmtpd). Prints its port, then one line of JSON for each letter it took.

    smtp_server.py [--port N] [--tls CERT KEY] [--user NAME PASSWORD]

What it does depends on the name before the @ of the recipient: no-such-... is refused for good (550), later-... is put off twice (451)
and then taken, hang-... is never answered, once-... is taken while the connection breaks off before the answer, the first time.
"""
import argparse
import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

tries = {}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        tries[address] = tries.get(address, 0) + 1
        if name.startswith("no-such-"):
            return f"550 5.1.1 <{address}>: no such person here"
        if name.startswith("later-") and tries[address] <= 2:
            return "451 4.7.1 come again later"
        if name.startswith("hang-"):
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                  "user": session.auth_data.login.decode() if session.auth_data else None,
                  "data": base64.b64encode(envelope.content).decode()}
        print(json.dumps(letter), flush=True)
        name = envelope.rcpt_tos[0]
        if name.startswith("once-") and tries[name] == 1:
            server.transport.close()
            await asyncio.sleep(3600)
        return "250 OK taken"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--user", nargs=2)
    args = parser.parse_args()
    options = {}
    if args.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*args.tls)
        options = {"tls_context": context, "require_starttls": True}
    if args.user:
        def check(server, session, envelope, mechanism, data):
            good = data.login.decode() == args.user[0] and data.password.decode() == args.user[1]
            return AuthResult(success=good, handled=False, auth_data=data)
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": bool(args.tls)}

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler(), **options), "127.0.0.1", args.port)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the story ends

    asyncio.run(serve())


main()
