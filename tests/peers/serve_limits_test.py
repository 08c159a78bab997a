#!/usr/bin/env python3
"""Five hundred guests at once: those for whom there is room are served, each of the others is told why not before the
connection is closed; when guests leave there is room again. The limits can be changed."""
import collections
import re
import sys

from serving import Raw, Served, eventually

PROGRAM = sys.argv[1]
GUESTS = 500
OVER = {
    "smtp": r"421 mail\.beta\.example Too many connections{} \({} at a time\), please try again later\r\n",
    "pop3": r"-ERR Too many connections{} \({} at a time\), please try again later\r\n",
}
WELCOME = {"smtp": "220 ", "pop3": "+OK"}


def crowd(served, protocol, room, whose):
    guests = [Raw(served.port(protocol), greeting="") for _ in range(GUESTS)]
    greetings = collections.Counter()
    over = re.compile(OVER[protocol].format(whose, room))
    for guest in guests:
        greeting = guest.reply()
        if greeting.startswith(WELCOME[protocol]):
            greetings["welcome"] += 1
            continue
        assert over.fullmatch(greeting), greeting
        assert guest.reply() == "", "then the connection is closed"
        greetings["told"] += 1
    assert greetings == {"welcome": room, "told": GUESTS - room}, greetings
    for guest in guests:
        guest.close()
    eventually("room again", lambda: welcome(served, protocol))


def welcome(served, protocol):
    with Raw(served.port(protocol), greeting="") as guest:
        return guest.reply().startswith(WELCOME[protocol])


def main():
    with Served(PROGRAM) as served:
        crowd(served, "smtp", 100, " from your address")
        crowd(served, "pop3", 100, " from your address")
        assert served.stop() == 0 and "; turned " in served.rest, served.rest
    with Served(PROGRAM, "--connections-per-address", "1000") as served:
        crowd(served, "smtp", 200, "")
    with Served(PROGRAM, "--connections", "300", "--pcap", "/dev/null") as served:
        crowd(served, "smtp", 300, "")
    with Served(PROGRAM, "--connections", "20", "--connections-per-address", "10") as served:
        crowd(served, "smtp", 10, " from your address")
        crowd(served, "pop3", 10, " from your address")
    print(f"of {GUESTS} guests at once each was served or told why not")


main()
