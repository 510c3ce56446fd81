"""A passkey as a browser would hand it over when it is made."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

_PRESENT_VERIFIED_ATTESTED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT


def credential() -> dict[str, Any]:
    name = os.urandom(16)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]
    made = AttestedCredentialData.create(Aaguid.NONE, name, key)
    site = hashlib.sha256(b"localhost").digest()
    device = AuthenticatorData.create(site, _PRESENT_VERIFIED_ATTESTED, 0, made)
    client = json.dumps({"type": "webauthn.create", "challenge": websafe_encode(b"challenge"), "origin": "http://localhost"})
    return {
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "type": "public-key",
        "response": {
            "attestationObject": websafe_encode(AttestationObject.create("none", device, {})),
            "clientDataJSON": websafe_encode(client.encode()),
        },
        "clientExtensionResults": {},
    }
