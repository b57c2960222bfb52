"""How the entries of a campaign travel: in any order, some of them several times, in batches of any size."""

import random

import msgspec

from chotxanh.protocol.kinds import Fields


def body_of(entry: bytes) -> Fields:
    """Return the body of a wire entry."""
    body: Fields = msgspec.json.decode(msgspec.json.decode(entry)["body"])
    return body


def entry_device(entry: bytes) -> str:
    """Return the device that wrote an entry."""
    return str(body_of(entry)["device"])


def revoked_by(entry: bytes) -> str | None:
    """Return the device that an entry revokes."""
    body = body_of(entry)
    return str(body["facts"]["device"]) if body["kind"] == "device.revoked" else None


def travelled(entries: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """Return the entries in any order, some of them several times, in batches of any size."""
    sent = entries + chance.sample(entries, chance.randrange(len(entries) + 1))
    chance.shuffle(sent)
    devices = {entry: entry_device(entry) for entry in entries}
    for entry, device in [(entry, revoked_by(entry)) for entry in entries]:
        if device is not None:  # what a device had said was seen before it was revoked
            sent = [each for each in sent if each != entry]
            seen = max((sent.index(each) for each in entries if devices[each] == device), default=-1)
            sent.insert(chance.randrange(seen + 1, len(sent) + 1), entry)
    batches = []
    while sent:
        size = chance.randrange(1, len(sent) + 1)
        batches.append(sent[:size])
        sent = sent[size:]
    return batches
