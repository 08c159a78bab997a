#!/usr/bin/env python3
"""Makes seeds for the fuzz targets out of the lessons: seeds.py MAILSCOPE FOLDER

Each lesson is run and saved as a capture; its frames, its dialogues in both directions (the format of fuzz.hpp), the
client's and the server's side alone, and the messages become files of FOLDER/TARGET/. Octets that would only be long
are cut: a fuzzer wants small beginnings."""
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

OCTETS_MAX = 4000
CAPTURE_OCTETS_MAX = 60_000
PROTOCOLS = {25: "smtp", 587: "smtp", 110: "pop3"}


def frames_of(capture):
    octets = capture.read_bytes()
    little = octets[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")
    at = 24
    while at + 16 <= len(octets):
        captured = struct.unpack_from("<4I" if little else ">4I", octets, at)[2]
        yield octets[at + 16:at + 16 + captured]
        at += 16 + captured


def tcp_of(frame):
    """(source, destination, sequence, payload) of Ethernet, IPv4, TCP; nothing for anything else."""
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return None
    ip = 14
    transport = ip + (frame[ip] & 15) * 4
    end = ip + struct.unpack_from(">H", frame, ip + 2)[0]
    source, destination, sequence = struct.unpack_from(">HHI", frame, transport)
    payload = frame[transport + (frame[transport + 12] >> 4) * 4:end]
    return (frame[ip + 12:ip + 16], source), (frame[ip + 16:ip + 20], destination), sequence, payload


def udp_payload(frame):
    if len(frame) < 42 or frame[12:14] != b"\x08\x00" or frame[23] != 17:
        return None
    return frame[14 + (frame[14] & 15) * 4 + 8:]


class Seeds:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def add(self, target, octets):
        place = self.folder / target
        place.mkdir(parents=True, exist_ok=True)
        place.joinpath(hashlib.sha1(octets).hexdigest()[:16]).write_bytes(octets)

    def dialogue(self, protocol, turns):
        """turns: [client?, octets]..., merged."""
        both = b"".join((b"\xffc" if client else b"\xffs") + octets for client, octets in turns)[:OCTETS_MAX]
        self.add(f"{protocol}_observer", b"\0" + both)
        self.add("road", (b"\1" if protocol == "pop3" else b"\0") + both)
        self.add("line_splitter", b"\xc8\0" + both)
        self.add(f"{protocol}_server", b"\x4f" + b"".join(o for client, o in turns if client)[:OCTETS_MAX])
        self.add(f"{protocol}_client", b"\0" + b"".join(o for client, o in turns if not client)[:OCTETS_MAX])


def from_capture(capture, seeds):
    conversations, seen = {}, set()
    for number, frame in enumerate(frames_of(capture)):
        if number % 7 == 0:
            seeds.add("frames", b"\1\0" + frame)
        payload = udp_payload(frame)
        if payload:
            seeds.add("dns_message", payload)
        segment = tcp_of(frame)
        if segment is None or not segment[3]:
            continue
        source, destination, sequence, payload = segment
        if (source, destination, sequence) in seen:
            continue  # sent again
        seen.add((source, destination, sequence))
        from_client = destination[1] in PROTOCOLS
        key = (source, destination) if from_client else (destination, source)
        if key[1][1] not in PROTOCOLS:
            continue
        turns = conversations.setdefault(key, [])
        if turns and turns[-1][0] == from_client:
            turns[-1][1] += payload
        else:
            turns.append([from_client, payload])
    for (_, server), turns in conversations.items():
        seeds.dialogue(PROTOCOLS[server[1]], turns)
        for client, octets in turns:
            if client and b"\r\n.\r\n" in octets:
                message = octets[:OCTETS_MAX]
                for target in "mime_parts", "mime_fields", "mime_report", "dot_stuffing":
                    seeds.add(target, (b"\0" if target == "mime_parts" else b"") + message)


def main():
    program, folder = sys.argv[1:]
    seeds = Seeds(folder)
    lessons = json.loads(subprocess.run([program, "list", "--json"], capture_output=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as work:
        for lesson in lessons:
            capture = pathlib.Path(work, lesson["name"] + ".pcap")
            run = subprocess.run([program, "run", lesson["name"], "--quiet", "--pcap", capture], capture_output=True)
            if not capture.exists():
                print(f"{lesson['name']}: no capture: {run.stderr.decode().strip()}")
                continue
            from_capture(capture, seeds)
            seeds.add("capture_file", capture.read_bytes()[:CAPTURE_OCTETS_MAX])
    for target in sorted(seeds.folder.iterdir()):
        print(f"{target.name}: {len(list(target.iterdir()))}")


main()
