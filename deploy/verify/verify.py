#!/usr/bin/env python3
"""Checks a dossier of the retention agent with Python's standard library and the openssl command, and nothing of ours.

    verify.py --agent agent.jwks.json --server server.jwks.json dossier.jsonl

The format is src/Agent.Evidence/FORMAT.md, "Dossier". Prints "N lines hold" and exits 0, or the first fault and exits 1.
Verdicts are not judged again here; `retention-agent verify` does that.
"""
import argparse, base64, calendar, hashlib, json, pathlib, re, subprocess, sys, tempfile, time

ENTRY = ["v", "agent", "epoch", "seq", "t", "boot", "mono", "prev", "type", "body"]
POINT_OF_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200" + "04")


class Fault(Exception):
    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")


def need(holds, kind, message):
    if not holds:
        raise Fault(kind, message)


def strict(text):
    """JSON without duplicate keys; what two readers could understand differently is refused."""
    def unique(pairs):
        need(len(dict(pairs)) == len(pairs), "Malformed", "a key stands twice")
        return dict(pairs)
    try:
        value = json.loads(text, object_pairs_hook=unique)
    except ValueError as e:
        raise Fault("Malformed", e)
    need(isinstance(value, dict), "Malformed", "not a JSON object")
    return value


def un64(text):
    need(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text) and len(text) % 4 != 1, "Malformed", "not base64url without padding")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "Malformed", "unused bits of base64url are not zero")
    return raw


def thumbprint(jwk):
    return base64.urlsafe_b64encode(hashlib.sha256(
        f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'.encode()).digest()).rstrip(b"=").decode()


def keys_of(path):
    return {thumbprint(k): k for k in strict(pathlib.Path(path).read_text())["keys"] if k.get("crv") == "P-256" and "d" not in k}


def openssl(jwk, signed, signature):
    """ES256: the signature is r and s, 32 bytes each; openssl wants them as two DER integers."""
    integers = b"".join(b"\x02" + bytes([len(n)]) + n for n in (
        int.to_bytes(v, v.bit_length() // 8 + 1, "big") for v in (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))))
    public = base64.b64encode(POINT_OF_P256 + un64(jwk["x"]) + un64(jwk["y"])).decode()
    with tempfile.TemporaryDirectory() as folder:
        key, der, text = (pathlib.Path(folder, name) for name in ("key.pem", "signature.der", "signed"))
        key.write_text(f"-----BEGIN PUBLIC KEY-----\n{public}\n-----END PUBLIC KEY-----\n")
        der.write_bytes(b"\x30" + bytes([len(integers)]) + integers)
        text.write_text(signed)
        return subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", der, text], capture_output=True).returncode == 0


def jws(compact, types, keys):
    """The payload, the kid and the type of a statement whose signature holds. Only ES256, only pinned keys, whatever the header says."""
    parts = compact.split(".") if isinstance(compact, str) else []
    need(len(parts) == 3, "Malformed", "not a compact JWS")
    header, payload, signature = strict(un64(parts[0])), un64(parts[1]), un64(parts[2])
    need("crit" not in header, "Malformed", "demands extensions")
    need(header.get("alg") == "ES256", "WrongAlgorithm", header.get("alg"))
    need(header.get("typ") in types, "WrongType", header.get("typ"))
    need(header.get("kid") in keys, "UnknownKey", header.get("kid"))
    need(len(signature) == 64 and openssl(keys[header["kid"]], f"{parts[0]}.{parts[1]}", signature), "BadSignature", "the signature does not fit")
    return payload, header["kid"], header["typ"]


def entry_of(raw):
    entry = strict(raw)
    need(list(entry) == ENTRY and entry["v"] == 1 and isinstance(entry["body"], dict), "Malformed", "not a ledger entry")
    return entry


class Dossier:
    def __init__(self, agent_keys, server_keys):
        self.keys, self.server_keys, self.retired = dict(agent_keys), server_keys, {}
        self.agent, self.heads, self.statements, self.ahead, self.nonces = None, {}, {}, [], set()

    def statement(self, line):
        need(list(line) == ["jws", "entries"] and isinstance(line["entries"], list), "Malformed", "not a request")
        between, introduced, last = [text.encode() for text in line["entries"]], {}, None
        for raw in between:
            if b'"type":"key-rotate"' in raw and (entry := entry_of(raw))["type"] == "key-rotate":
                payload, old, _ = jws(entry["body"].get("jws"), ["footage-key+jws"], {last: introduced[last][0]} if last else self.keys)
                word = strict(payload)
                need([word["agent"], word["epoch"], word["seq"]] == [entry[k] for k in ("agent", "epoch", "seq")], "WrongSubject", "the key rotation is for another place")
                last = thumbprint(word["key"])
                introduced[last] = (word["key"], old, entry)
        payload, kid, typ = jws(line["jws"], ["footage-heartbeat+jws", "footage-tick+jws"], self.keys | {k: v[0] for k, v in introduced.items()})
        need(last in (None, kid), "StaleKey", "signed with a key that signed its successor in an entry before it")
        entry = entry_of(payload)
        need(typ == f"footage-{entry['type']}+jws", "Malformed", f"signed as {typ} is an entry of type {entry['type']}")
        epoch, seq, after, digest = entry["epoch"], entry["seq"], entry["body"]["after"], hashlib.sha256(payload).hexdigest()
        need(len(between) == seq - after - 1, "BrokenChain", f"{len(between)} entries lie between {after} and {seq}")
        before = None if after else "0" * 64
        for number, raw in enumerate(between + [payload], after + 1):
            link = entry_of(raw)
            need([link["agent"], link["epoch"], link["seq"]] == [entry["agent"], epoch, number], "BrokenChain", f"entry {number} is missing or moved")
            need(before in (None, link["prev"]), "BrokenChain", f"entry {number} does not follow the one before it")
            first, before = (link["prev"] if number == after + 1 else first), hashlib.sha256(raw).hexdigest()
        self.agent = self.agent or entry["agent"]
        need(entry["agent"] == self.agent, "WrongSubject", "another agent")
        if (epoch, seq) in self.statements:
            return need(self.statements[epoch, seq] == digest, "Fork", f"two statements with seq {seq}")
        need(kid not in self.retired or self.retired[kid][0] == epoch and self.retired[kid][1] >= seq, "StaleKey", f"seq {seq} is signed with a retired key")
        if epoch in self.heads:
            need(after <= self.heads[epoch][0], "BrokenChain", f"statements between {self.heads[epoch][0]} and {after} are missing")
            need((after, first) == self.heads[epoch], "Fork", f"seq {seq} follows another past")
        for new, (key, old, place) in introduced.items():
            self.retired.setdefault(old, (place["epoch"], place["seq"]))
            self.keys[new] = key
        self.heads[epoch] = (seq, digest)
        self.statements[epoch, seq] = digest

    def receipt(self, line):
        receipt = strict(jws(line["receipt"], ["footage-receipt+jws"], self.server_keys)[0])
        known = self.statements.get((receipt["epoch"], receipt["seq"]))
        need(known in (None, receipt["entry"]), "Fork", f"seq {receipt['seq']} was receipted with another hash")
        if known is None:
            self.ahead.append((receipt["epoch"], receipt["seq"]))

    def attestation(self, line):
        payload, kid, _ = jws(line["attestation"], ["footage-attestation+jws"], self.keys)
        said = strict(payload)
        at = calendar.timegm(time.strptime(line["at"][:19], "%Y-%m-%dT%H:%M:%S")) + float(line["at"][19:-1])
        need(said["exp"] == said["iat"] + 60 and said["iat"] - 5 <= at <= said["exp"] + 5, "NotFresh", f"made at {said['iat']}, came at {at}")
        need(said["eat_nonce"] == line["nonce"], "WrongSubject", "another nonce")
        need(kid not in self.retired, "StaleKey", "attested with a retired key")
        need(line["nonce"] is None or line["nonce"] not in self.nonces, "Replayed", "the nonce was answered before")
        self.nonces.add(line["nonce"])

    def accept(self, raw):
        line = strict(raw)
        try:
            (self.receipt if "receipt" in line else self.attestation if "attestation" in line else self.statement)(line)
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise Fault("Malformed", repr(e))

    def end(self):
        missing = [place for place in self.ahead if place not in self.statements]
        need(not missing, "Truncated", f"receipted and not here: {missing}")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--agent", required=True, help="the agent's pinned keys, a JWK set")
    options.add_argument("--server", required=True, help="the audit server's pinned keys, a JWK set")
    options.add_argument("dossier")
    given = options.parse_args()
    dossier, lines = Dossier(keys_of(given.agent), keys_of(given.server)), pathlib.Path(given.dossier).read_bytes().splitlines()
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            dossier.accept(line)
        dossier.end()
    except Fault as fault:
        sys.exit(f"line {number}: {fault}")
    print(f"{len(lines)} lines hold")


if __name__ == "__main__":
    main()
