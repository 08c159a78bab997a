#!/usr/bin/env python3
"""Never an open relay: strangers' recipients are refused in every form in which they can be written, whoever the
sender says he is; the scenario's own are taken."""
import sys

from serving import ALPHA, BETA, Raw, Served, wait_for_mail

PROGRAM = sys.argv[1]
SENDERS = ["<>", "<someone@elsewhere.example>", "<bob@beta.example>", "<postmaster@beta.example>", "<root@[127.0.0.1]>"]
STRANGERS = [
    "<victim@elsewhere.example>",
    "<VICTIM@ELSEWHERE.EXAMPLE>",
    "<victim%elsewhere.example@beta.example>",
    "<victim%elsewhere.example%x.example@BETA.example>",
    "<@beta.example:victim@elsewhere.example>",
    "<@beta.example,@elsewhere.example:victim@elsewhere.example>",
    '<"victim@elsewhere.example"@beta.example>',
    '<"victim%elsewhere.example"@beta.example>',
    '<"victim"@elsewhere.example>',
    "<elsewhere.example!victim>",
    "<elsewhere.example!victim@beta.example>",
    "<beta.example!elsewhere.example!victim@beta.example>",
    "<victim@elsewhere.example@beta.example>",
    "<victim@beta.example@elsewhere.example>",
    "<victim@[192.0.2.1]>",
    "<victim@[IPv6:2001:db8::1]>",
    "<victim@[127.0.0.1]>",
    "<victim@elsewhere.example.>",
    "<victim@elsewhere.beta.example>",
    "<victim@beta.example.elsewhere.example>",
    "<victim@beta.example:25>",
    "<victim@notbeta.example>",
    "<victim%elsewhere.example>",
    "victim@elsewhere.example",
    "<victim@elsewhere.example> ORCPT=rfc822;bob@beta.example",
    "<nobody-at-all@beta.example>",
]
OWN = ["<bob@beta.example>", "<bob@BETA.Example>", "<Postmaster>", "<@elsewhere.example:bob@beta.example>",
       "<alice@alpha.example>"]


def nothing_vanishes():
    """What is taken is carried on, or its sender is told (RFC 5321 section 6.1): in the main lesson Bob's server has
    no MTA client; served, he answers Alice through it all the same, and hears of an address that is none."""
    with Served(PROGRAM, scenario="maa") as served, Raw(served.port("submission", BETA)) as guest:
        guest.ask("EHLO guest.example", "250")
        guest.ask("AUTH PLAIN AGJvYgBib2I=", "235")
        for recipient, subject in ("alice@alpha.example", "an answer"), ("x@nowhere.example", "nowhere"):
            guest.ask("MAIL FROM:<bob@beta.example>", "250")
            guest.ask(f"RCPT TO:<{recipient}>", "250")
            guest.ask("DATA", "354")
            guest.ask(f"Subject: {subject}\r\n\r\nhello\r\n.", "250")
        report = wait_for_mail(served, "bob")[0]
        assert b"x@nowhere.example" in report and b"Status: 5.1.2" in report, report


def main():
    nothing_vanishes()
    tried = 0
    with Served(PROGRAM) as served:
        for greeting in "EHLO", "HELO":
            for sender in SENDERS:
                with Raw(served.port()) as guest:
                    guest.ask(f"{greeting} guest.example", "250")
                    guest.ask(f"MAIL FROM:{sender}", "250")
                    for stranger in STRANGERS:
                        answer = guest.ask(f"RCPT TO:{stranger}")
                        assert answer[0] == "5", (greeting, sender, stranger, answer)
                        tried += 1
                    answer = guest.ask("RCPT TO:<victim@elsewhere.example>")
                    assert answer.startswith("550 5.7.1 "), answer  # RFC 2034 section 4: after HELO too
                    assert guest.ask("DATA")[0] == "5"  # nobody is left to write to
                    for own in OWN:
                        guest.ask(f"RCPT TO:{own}", "250")
                    guest.ask("RSET", "250")
        # The submission port takes nothing before the log-in, and no wrong password.
        with Raw(served.port("submission", BETA)) as guest:
            guest.ask("EHLO guest.example", "250")
            guest.ask("MAIL FROM:<bob@beta.example>", "530 5.7.0")
            guest.ask("AUTH PLAIN AGJvYgB3cm9uZw==", "535 5.7.8")  # bob, "wrong"
            guest.ask("MAIL FROM:<bob@beta.example>", "530")
        # What is taken for the other server of the scenario arrives there.
        with Raw(served.port("smtp", BETA)) as guest:
            guest.ask("EHLO guest.example", "250")
            guest.ask("MAIL FROM:<bob@beta.example>", "250")
            guest.ask("RCPT TO:<alice@alpha.example>", "250")
            guest.ask("DATA", "354")
            guest.ask("Subject: over there\r\n\r\nhello\r\n.", "250")
        assert b"over there" in wait_for_mail(served, "alice", host=ALPHA)[0]
    print(f"{tried} attempts to relay were refused")


main()
