#!/usr/bin/env python3
"""Runs the program as a user would and looks at its output and exit code. Argument: the program."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
SCENARIOS = """same-host two-servers lan-wan maa bob-is-offline
  smith-jones-green-brown many-mails-one-connection lossy-line pipelining-on-a-slow-line
  service-not-available overloaded-greeting reset-and-abort
  retry-then-deliver greylisting disk-full
  crash-before-250 crash-after-250 connection-cut-at-data
  pop3-delete-mode pop3-keep-mode pop3-lost-connection pop3-lock pop3-every-command dial-up-user
  moved-user verify-and-expand mailing-list bounce mail-loop gateways mx-fallback two-addresses null-mx turn
  eight-bit-road submission-with-auth delivery-agent smtp-at-the-keyboard""".split()


def call(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=120, **options)


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def refused(self, result, *words):
        """Exit 2, one line on standard error with these words, nothing on standard output."""
        self.assertEqual(result.returncode, 2, result)
        self.assertEqual(result.stdout, b"")
        text = result.stderr.decode()
        self.assertTrue(text.startswith("mailscope: "), text)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertNotIn("\x1b", text)
        for word in words:
            self.assertIn(word, text)

    def report(self, *arguments):
        result = call(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, b"")
        return json.loads(result.stdout)

    def test_list_names_every_scenario(self):
        listed = self.report("list", "--json")
        self.assertEqual([one["name"] for one in listed], SCENARIOS)
        for one in listed:
            self.assertEqual(sorted(one), ["name", "summary", "title", "topics"])
            self.assertTrue(one["topics"])
        self.assertIn(b"maa", call("list").stdout)

    def test_every_listed_scenario_runs_to_its_end(self):
        for name in SCENARIOS:
            result = call("run", name, "--quiet")
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""), name)

    def test_maa_has_three_dialogues_and_three_copies_of_one_message(self):
        report = self.report("run", "maa", "--json", "--exchanges")
        self.assertEqual(report["mailscope"], 1)
        self.assertEqual(report["source"]["kind"], "scenario")
        protocols = [one["protocol"] for one in report["connections"]]
        self.assertEqual(protocols, ["smtp", "smtp", "pop3"])
        for one in report["connections"]:
            self.assertTrue(one["complete"], one)
            self.assertEqual(one["closing"], "fin")
            self.assertEqual(one["missing_octets"], 0)
        self.assertEqual(report["connections"][2]["login"], "bob")
        self.assertEqual([one["client"]["host"] for one in report["connections"]],
                         ["alice-pc", "mail.alpha.example", "bob-pc"])
        verbs = [one["verb"] for one in report["exchanges"] if one["connection"] == 0]
        self.assertEqual(verbs, ["", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"])
        self.assertEqual(len(report["messages"]), 3)
        self.assertEqual({one["subject"] for one in report["messages"]}, {"Lunch on Thursday?"})
        self.assertTrue(report["states"])

    def test_secrets_are_masked_unless_asked_for(self):
        self.assertNotIn(b"PASS bob", call("run", "maa").stdout)
        self.assertNotIn(b"PASS bob", call("run", "maa", "--json", "--exchanges").stdout)
        self.assertIn(b"PASS bob", call("run", "maa", "--show-secrets").stdout)

    def test_the_classic_dialogue_answers_250_550_250(self):
        report = self.report("run", "smith-jones-green-brown", "--json", "--exchanges")
        codes = [one["replies"][0]["code"] for one in report["exchanges"] if one["verb"] == "RCPT"]
        self.assertEqual(codes, [250, 550, 250])
        self.assertEqual(report["messages"][0]["envelope"]["to"], ["jones@beta.gov", "brown@beta.gov"])

    def test_a_run_and_the_analysis_of_its_capture_agree(self):
        for name, seed in [("maa", "1"), ("lossy-line", "7"), ("lossy-line", "8")]:
            capture = self.path("out.pcap")
            run = self.report("run", name, "--seed", seed, "--pcap", capture, "--json", "--exchanges")
            read = self.report("analyze", capture, "--json", "--exchanges")
            self.assertEqual(read["source"]["frames"], run["source"]["frames"])
            self.assertEqual(read["source"]["octets"], run["source"]["octets"])
            for report in run, read:
                first = min(one["opened_s"] for one in report["connections"])
                for one in report["connections"]:
                    one["opened_s"] = round(one["opened_s"] - first, 9)
                    one["closed_s"] = round(one["closed_s"] - first, 9)
                    for side in "client", "server":
                        del one[side]["host"]
                for one in report["exchanges"]:
                    one["at_s"] = round(one["at_s"] - first, 9)
                    for reply in one["replies"]:
                        reply["at_s"] = round(reply["at_s"] - first, 9)
            for part in "connections", "exchanges", "messages":
                self.assertEqual(read[part], run[part], part)
            os.remove(capture)

    def test_two_runs_write_the_same_capture(self):
        for name in "maa", "lossy-line":
            for file in "a.pcap", "b.pcap":
                self.assertEqual(call("run", name, "--quiet", "--pcap", self.path(file)).returncode, 0)
            first, second = (pathlib.Path(self.path(file)).read_bytes() for file in ("a.pcap", "b.pcap"))
            self.assertGreater(len(first), 1000)
            self.assertEqual(first, second)

    def test_extract_writes_messages_and_refuses_a_folder_in_use(self):
        capture, folder = self.path("out.pcap"), self.path("mails")
        call("run", "maa", "--quiet", "--pcap", capture)
        self.assertEqual(call("analyze", capture, "--extract", folder).returncode, 0)
        self.assertEqual(sorted(os.listdir(folder)), ["0001.eml", "0002.eml", "0003.eml"])
        message = pathlib.Path(folder, "0003.eml").read_bytes()
        self.assertIn(b"\r\n.\r\n(The line above is a single dot.", message)
        self.assertEqual(message.count(b"\r\nReceived: ") + message.startswith(b"Received: "), 2)
        self.refused(call("analyze", capture, "--extract", folder), folder)

    def test_a_failed_check_is_exit_1(self):
        lesson = self.path("lesson.toml")
        pathlib.Path(lesson).write_text(
            'title = "T"\nsummary = "S"\n[[host]]\nname = "a"\ndomain = "alpha.example"\nagents = ["user agent"]\n'
            '[[user]]\nname = "bob"\naddress = "bob@alpha.example"\ncomputer = "a"\n'
            '[[check]]\nmailbox = "bob"\nholds = 1\n')
        result = call("run", lesson, "--quiet")
        self.assertEqual(result.returncode, 1)
        self.assertIn("lesson.toml:11: the check", result.stderr.decode())

    def test_a_note_whose_event_never_happens_is_told_with_its_line(self):
        lesson = self.path("lesson.toml")
        pathlib.Path(lesson).write_text(
            'title = "T"\nsummary = "S"\n[[host]]\nname = "a"\ndomain = "alpha.example"\nagents = ["user agent"]\n'
            '[[user]]\nname = "bob"\naddress = "bob@alpha.example"\ncomputer = "a"\n'
            '[[narration]]\non = "a hangs up"\nsay = "It is over."\n')
        result = call("run", lesson, "--quiet")
        self.assertEqual(result.returncode, 0)
        self.assertIn('lesson.toml:11: "a hangs up" never happened', result.stderr.decode())

    def test_a_world_in_which_mail_cannot_arrive_is_told(self):
        lesson = self.path("lesson.toml")
        shipped = pathlib.Path(__file__).parents[3] / "scenarios/lessons/two-servers.toml"
        text = shipped.read_text()
        self.assertIn('"MTA server", "MDA"', text)
        pathlib.Path(lesson).write_text(text.replace('"MTA server", "MDA"', '"MTA server"', 1))
        result = call("run", lesson, "-q")
        self.assertIn("mail.beta.example has no MDA, so mail for bob@beta.example stays in the spool there", result.stderr.decode())

    def test_wrong_usage_is_one_line_and_exit_2(self):
        broken = self.path("broken.toml")
        pathlib.Path(broken).write_text('title = "T"\nsummary = "S"\n[[host]]\nnaem = "a"\n')
        garbage = self.path("garbage.pcap")
        pathlib.Path(garbage).write_bytes(b"\x1b[31mthis is no capture")
        self.refused(call("dance"), "dance", "list")
        self.refused(call("run"), "usage")
        self.refused(call("run", "maa", "two-servers"), "usage")
        self.refused(call("run", "maaa"), "mailscope list")
        self.refused(call("run", "maa", "--seed", "x"), "--seed 7")
        self.refused(call("shot", "maa", "--at", "1s", "-o", "x.png", "--seed", "-1"), "--seed 7")
        self.refused(call("run", "maa", "--jsn"), "--jsn")
        self.refused(call("run", "maa", "--do", "1s sing bob-pc"), "sing")
        self.refused(call("run", broken), "broken.toml:")
        self.refused(call("run", "maa", "--quiet", "--pcap", "/no/such/folder/x.pcap"), "/no/such/folder")
        self.refused(call("analyze"), "usage")
        self.refused(call("analyze", self.path("none.pcap")), "none.pcap")
        self.refused(call("analyze", garbage), "garbage.pcap")
        self.refused(call("serve", "--smtp", "0", "--pop3", "0", "--imap", "0", "--submission", "0", "--pcap", "no-such-folder/x.pcap"),
                     "cannot be written")
        self.refused(call("explain", "RCTP"), "RCPT")

    def test_explain_knows_verbs_codes_fields_and_states(self):
        for words, expected in [(["RCPT"], b"RFC 5321"), (["550"], b"RFC 5321"), (["250", "RCPT"], b"RCPT"),
                                (["dele"], b"RFC 1939"), (["Received"], b"RFC 5321"), (["354"], b"RFC 5321")]:
            result = call("explain", *words)
            self.assertEqual(result.returncode, 0, words)
            self.assertIn(expected, result.stdout, words)

    def explained(self, *words):
        result = call("explain", *words)
        self.assertEqual((result.returncode, result.stderr), (0, b""), words)
        return result.stdout.decode()

    def test_explain_takes_a_line_of_imap_apart(self):
        told = self.explained("FETCH 2:4 (FLAGS BODY.PEEK[HEADER])")
        self.assertIn("messages 2 to 4", told)
        self.assertIn("the whole header; \\Seen is not set", told)
        self.assertIn("sequence set, notation (IMAP)", told)
        self.assertIn("from: Alice <a@b.example>", self.explained(
            'ENVELOPE (NIL NIL (("Alice" NIL "a" "b.example")) NIL NIL NIL NIL NIL NIL NIL)'))
        self.assertIn("RFC 9051", self.explained("UIDVALIDITY"))
        self.assertIn("messages 2 to 4", self.explained("2:4"))

    def test_explain_knows_parameters_extensions_mechanisms_and_enhanced_codes(self):
        self.assertIn("RFC 2920", self.explained("PIPELINING"))
        self.assertIn("RFC 3461 §4.1", self.explained("NOTIFY"))
        self.assertIn("seven bits only", self.explained("BODY=8BITMIME"))
        self.assertIn("no secret", self.explained("plain"))
        self.assertIn("RFC 1035", self.explained("MX"))
        code = self.explained("5.1.1")
        for words in ("5.1.1, enhanced code", "Bad destination mailbox address", "Permanent failure", "the address"):
            self.assertIn(words, code)
        self.assertIn("Persistent transient failure", self.explained("4.2.2"))
        self.assertIn("Permanent failure", self.explained("5.7.99"))

    def test_explain_knows_the_ports_of_mail(self):
        for port in ("25", "587", "465", "110", "995", "143", "993"):
            self.assertIn(f"{port}, port (TCP)", self.explained(port))
        self.assertIn("submission-with-auth at 0.241 s: a TCP connection to port 587", self.explained("587"))

    def test_explain_knows_findings(self):
        self.assertTrue(self.explained("smtp.bare-lf").startswith("smtp.bare-lf (finding, error): An LF without a CR"))
        self.assertIn("RFC 5321 §2.3.8", self.explained("smtp.bare-lf"))
        self.assertTrue(self.explained("file.damaged").endswith("is shown.\n\n"))
        self.refused(call("explain", "smtp.bare-lff"), "smtp.bare-lf")

    def test_explain_takes_several_words(self):
        self.assertTrue(self.explained("MAIL FROM").startswith("MAIL (SMTP)"))
        self.assertTrue(self.explained("RCPT", "TO:<bob@beta.example>").startswith("RCPT (SMTP)"))
        self.assertEqual(self.explained("250 RCPT"), self.explained("RCPT", "250"))
        self.assertIn("One address for many", self.explained("mailing", "list"))
        both = self.explained("NOTIFY", "PIPELINING")
        self.assertIn("NOTIFY, with RCPT", both)
        self.assertIn("PIPELINING, extension", both)
        line = self.explained("550 5.1.1 No such user")
        self.assertIn("5.1.1, enhanced code", line)
        self.assertNotIn("POP3", line)

    def test_explain_lists_what_it_knows(self):
        text = self.explained("--list")
        self.assertEqual(text, self.explained())
        groups = dict(group.split("\n", 1) for group in text.strip().split("\n\n")[:-1])
        listed = {heading: " ".join(lines.split()).split(", ") for heading, lines in groups.items()}
        for heading, word in [("SMTP", "RCPT"), ("SMTP, reply codes", "550"), ("SMTP, extensions", "PIPELINING"),
                              ("SMTP, parameters", "NOTIFY"), ("SMTP, enhanced codes", "X.1.1"), ("POP3", "DELE"),
                              ("mail", "header"), ("TCP", "TCP"), ("UDP", "UDP"), ("IP", "ICMP"),
                              ("Ethernet", "Ethernet"), ("mail", "junk"), ("findings", "smtp.bare-lf")]:
            self.assertIn(word, listed[heading])
            self.assertIn(word, self.explained(word))
        for words in listed.values():
            self.assertEqual(len(words), len(set(words)))

    def test_explain_says_where_it_can_be_seen(self):
        text = self.explained("550")
        self.assertRegex(text, r"Seen in:\n  smith-jones-green-brown at 0\.\d{3} s: 550 .*  \(to RCPT\)\n")
        self.assertRegex(text, r"mailscope view smith-jones-green-brown --at 0\.\d{3}s\n$")
        self.assertIn("250-SIZE", self.explained("SIZE"))
        self.assertIn("maa at", self.explained("DELE"))

    def test_an_unknown_word_gets_near_ones(self):
        self.refused(call("explain", "RCTP"), "RCPT")
        self.refused(call("explain", "pipelinig"), "PIPELINING")
        self.refused(call("explain", "NOTIFY", "frobnicate"), "frobnicate")
        self.refused(call("explain", "frobnicate"), "try RCPT")
        self.refused(call("explain", "x" * 5000), "try RCPT")

    def test_help_is_there_for_every_command(self):
        self.assertIn(b"Usage", call("--help").stdout)
        for command in "list", "run", "analyze", "explain":
            result = call(command, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn(b"Examples:", result.stdout)


unittest.main(verbosity=1)
