// A run for the tests of viz: maa without a router, with a reply that is lost on its way, and with
// a Bob who switches his computer on half an hour later.
#pragma once

#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

namespace mailscope::viz::sample {

inline constexpr std::string_view kScenario = R"(
title = "Alice and Bob, each behind a LAN or WAN"
summary = "Alice hands her mail to her server, that one to Bob's, and Bob fetches it there when he likes."

[[host]]
name = "alice-pc"
agents = ["user agent", "MTA client"]
at = [0.0, 0.0]

[[host]]
name = "mail.alpha.example"
kind = "server"
domain = "alpha.example"
agents = ["MTA server", "MTA client"]
at = [0.0, 1.0]

[[host]]
name = "mail.beta.example"
kind = "server"
domain = "beta.example"
agents = ["MTA server", "MDA", "MAA server"]
at = [1.0, 1.0]

[[host]]
name = "bob-pc"
agents = ["user agent", "MAA client"]
at = [1.0, 0.0]

[[link]]
kind = "lan"
between = ["alice-pc", "mail.alpha.example"]
latency = "200 us"

[[link]]
kind = "wan"
between = ["mail.alpha.example", "mail.beta.example"]

[[link]]
kind = "dsl"
between = ["mail.beta.example", "bob-pc"]

[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "alice-pc"
server = "mail.alpha.example"

[[user]]
name = "bob"
address = "bob@beta.example"
computer = "bob-pc"
server = "mail.beta.example"

[[action]]
who = "alice"
does = "send"
at = "80 ms"
to = ["bob@beta.example"]
subject = "Lunch on Thursday?"
body = "At noon, at the usual place? I bring the plans."

[[fault]]
at = "0 s"
do = "off bob-pc"

[[fault]]
after = "mail.beta.example: mailbox bob = 1"
wait = "30 min"
do = "on bob-pc"

[[fault]]
at = "320 ms"
do = "drop mail.beta.example mail.alpha.example"

[[action]]
who = "bob"
does = "fetch"
after = "mail.beta.example: mailbox bob = 1"
wait = "1800.1 s"

[[chapter]]
on = "start"
title = "Alice writes"

[[narration]]
on = "alice-pc: letter alice"
say = "Alice writes to Bob."
detail = "Her user agent composes the letter; her MTA client will carry it to her server."

[[chapter]]
on = "alice-pc connects to mail.alpha.example"
title = "To her server"

[[narration]]
on = "mail.alpha.example replies 220"
say = "The server speaks first: 220, ready."

[[narration]]
on = "mail.alpha.example replies 250 to EHLO"
say = "Each side has said its name."

[[narration]]
on = "mail.alpha.example replies 250 to RCPT"
say = "The server accepts Bob as a recipient."

[[narration]]
on = "alice-pc sends the message"
say = "Now the letter: header, empty line, body."
detail = "A line with a lone dot ends it."

[[chapter]]
on = "mail.alpha.example connects to mail.beta.example"
title = "Server to server"

[[narration]]
on = "mail.beta.example replies 250 to RCPT"
say = "Bob's server knows Bob."

[[chapter]]
on = "mail.beta.example: mailbox bob = 1"
title = "In the mailbox"

[[narration]]
on = "mail.beta.example: mailbox bob = 1"
say = "The letter waits in Bob's mailbox."
detail = "Bob's computer is off; nothing on it needed to be running."

[[chapter]]
on = "bob-pc connects to mail.beta.example"
title = "Bob fetches"

[[narration]]
on = "bob-pc: inbox bob = 1"
say = "Bob has the letter."
detail = "It was pushed twice by SMTP and pulled once by POP3."
)";

inline trace::Trace maa_trace() {
  const auto scenario = scenarios::parse_scenario(kScenario, "maa", "sample_run.hpp");
  return std::move(scenarios::play(scenario.value(), 1).trace);
}

}  // namespace mailscope::viz::sample
