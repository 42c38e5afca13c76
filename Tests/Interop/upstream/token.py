"""Access tokens as the stand-in provider accepts them: token.py SECRET-FILE USER [LIFETIME]."""

import base64
import hashlib
import hmac
import json
import pathlib
import sys
import time


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make(secret, user, lifetime=3600):
    """A JSON web token (RFC 7519) with HS256; one with a negative lifetime has ended."""
    now = int(time.time())
    begun = now - 60 if lifetime > 0 else now + 2 * lifetime
    claims = {"sub": user, "iat": begun, "nbf": begun, "exp": now + lifetime}
    head = encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    text = head + "." + encoded(json.dumps(claims).encode())
    return text + "." + encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())


if __name__ == "__main__":
    print(make(pathlib.Path(sys.argv[1]).read_bytes(), sys.argv[2], int((sys.argv[3:] or ["3600"])[0])))
