// What the administrator of a mail host has told its programs: whose mail it takes, for whom it
// carries mail, how patient its queue is, what its delivery agent looks for; and the faults that a
// lesson or a person puts into it while it runs. RFC 5321 §3.4, §3.9, §4.5.4; RFC 2505; RFC 6647.
//
// Plain values. Configuration stands before Machine::boot(); Faults may change at any time and are
// looked at when the next command, connection or write comes. Addresses are without brackets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocols/base/address.hpp"
#include "protocols/smtp/client.hpp"
#include "protocols/smtp/server.hpp"
#include "sim/kernel/time.hpp"

namespace mailscope::sim {

// A name that stands for one or more addresses, here or elsewhere. The sender stays as it is.
struct Alias {
  std::string name;  // local part
  std::vector<std::string> to;
};

// A mailing list: copies go to the members, and reports about them to its owner (§3.9.2).
struct MailingList {
  std::string name;   // local part
  std::string title;  // "The beta users"
  std::string owner;  // address that becomes the reverse-path
  std::vector<std::string> members;
};

// A user who has gone elsewhere (§3.4): 251 and the mail is forwarded, or 551 and it is not taken.
struct MovedUser {
  std::string name;  // local part
  std::string to;
  bool forward = false;
};

struct QueueOptions {
  Time first_retry = 30 * kMinute;          // §4.5.4.1: at least; then twice as long each time ...
  Time retry_max = 4 * 3600 * kSecond;      // ... but no longer than this
  Time warn_after = 4 * 3600 * kSecond;     // the sender is told that the mail is late; 0: never
  Time lifetime = 5 * 24 * 3600 * kSecond;  // then it is given up (§4.5.4.1: at least 4 to 5 days)
};

// What the MDA's filters look for. A rule is a text that stands in the message; case does not
// count. Small and honest: for a lesson, not for the Internet.
struct FilterRule {
  std::string text;
  std::string header;  // only in this field; empty: anywhere in the message
  std::string name;    // "EICAR test file", "promises money"
  double score = 5;    // spam filter: its rules' scores are added up
};
struct DeliveryConfig {
  bool virus_scan = false;
  std::vector<FilterRule> viruses;  // a hit: the message is not delivered, its sender gets a report
  bool spam_filter = false;
  std::vector<FilterRule> spam;  // at `spam_score` or more the message is marked and goes to "Junk"
  double spam_score = 5;
};

// Who is who on the host (directory.hpp).
struct NamesConfig {
  std::vector<std::string> other_domains;  // local too, beside the host's own
  std::vector<Alias> aliases;
  std::vector<MailingList> lists;
  std::vector<MovedUser> moved;
};

inline smtp::ServerOptions default_server_options() {
  smtp::ServerOptions options;
  options.chunking = options.dsn = options.smtputf8 = options.enhanced_status_codes = true;
  return options;
}

// What the MTA server announces, allows and refuses.
struct ServerConfig {
  // The server fills in for each session what it says of itself and what log-in needs: domain,
  // greeting, auth_..., sasl_...; and `extended` and `historic` where the host is classic.
  // verify: VRFY and EXPN say what is true; else 252 to everybody. etrn: ETRN starts a queue run
  // for the domain that it names (RFC 1985).
  smtp::ServerOptions smtp = default_server_options();
  bool submission = false;    // listens on 587 too, where senders have to log in (RFC 6409)
  bool auth = false;          // AUTH is announced on port 25 as well
  bool sender_check = false;  // who has logged in may write from their own address only
  std::size_t connections_max = 1000;  // more are answered 421
  std::size_t hops_max = 100;          // Received lines; more are a loop (RFC 5321 §6.3)
  Time idle_timeout = 5 * kMinute;     // §4.5.3.2.7; then 421
  Time greylist = 0;  // an unknown (client, sender, recipient) is put off for so long; 0: never
  // The name in HELO, in lower case -> the domain whose mail the client may fetch with TURN.
  std::map<std::string, std::string> turn_clients;
  std::vector<IpAddress> relay_clients;    // may send to any domain
  std::vector<std::string> relay_domains;  // any client may send to them (a gateway, a second MX)
};

inline smtp::ClientOptions default_client_options() {
  smtp::ClientOptions options;
  options.chunking = true;
  return options;
}

// How the MTA client speaks.
struct ClientConfig {
  // pipelining, chunking: used where announced, else one command at a time and the message by DATA.
  // The client fills in its name and the log-in.
  smtp::ClientOptions smtp = default_client_options();
  bool dsn = true;           // used where announced; else what a sender asks to be told ends here
  bool smtputf8 = true;      // used where announced; else addresses beyond ASCII are undeliverable
  bool down_convert = true;  // 8-bit content for a 7-bit server becomes quoted-printable (RFC 6152
                             // §3); else it bounces
  Time reply_timeout = 5 * kMinute;  // the clients wait so long for a reply (§4.5.3.2)
};

// Where mail for others goes.
struct RoutingConfig {
  std::string smart_host;                  // gets all mail that is not local, if not empty
  std::uint16_t smart_port = 25;           // 587: the user's computer hands mail in (RFC 6409)
  std::string smart_user, smart_password;  // to log in there; empty: no AUTH
  std::vector<std::string> held_domains;   // their mail waits until it is asked for (TURN, ETRN)
  bool dns = false;  // next hosts come from the DNS, else from the hosts file and `exchangers`
};

// What the MAA server announces and allows.
struct AccessConfig {
  bool apop = false;     // its greeting has a time stamp (RFC 1939 §7)
  Time login_delay = 0;  // between a user's log-ins (RFC 2449 §6.5), whole seconds; 0: none
  Time idle_timeout = 10 * kMinute;  // RFC 1939 §3: at least; then it closes and deletes nothing
};

struct DiskConfig {
  Time write = 2 * kMillisecond;  // until a message is on it
  std::uint64_t octets_max = 0;   // for spool and mailboxes together; 0: no limit
};

struct MailConfig {
  // What the host calls itself in mail (RFC 5321 §2.3.5): "alice-pc.alpha.example", or an address
  // literal. Empty: its name in the network, which is a full one then.
  std::string name;
  // What nobody outside can know, another one at each start: challenges, nonces and unique ids are
  // made from it. Empty (a simulated run): they are made from names and counters, so that a run
  // twice is the same.
  std::string secret;
  bool classic = false;  // a server and a client of 1982: HELO, no extensions
  bool imap = false;     // the MAA server speaks IMAP on port 143 as well
  ServerConfig server;
  ClientConfig client;
  NamesConfig names;
  RoutingConfig routing;
  QueueOptions queue;
  DeliveryConfig delivery;
  AccessConfig access;
  DiskConfig disk;
};

// What an MTA server does when a command comes for the `nth` time since the fault was set.
struct CommandFault {
  enum class Kind : std::uint8_t {
    Cut,              // the connection is reset before the command is answered
    Crash,            // the host crashes before the command is answered
    CrashAfterWrite,  // END OF DATA only: the message is on the disk, the 250 is not sent
    Reply,            // it is answered with `code` and `text`
    Delay,            // it is answered `delay` later
  };
  Kind kind = Kind::Cut;
  std::string verb;  // "CONNECT", "RCPT", "END OF DATA": smtp::name()
  int nth = 1;
  std::uint16_t code = 421;
  std::string text;
  Time delay = 0;
};

struct Faults {
  bool refuse = false;                       // 421 instead of a greeting
  Time greeting_delay = 0;                   // a loaded server is slow to say 220
  bool disk_full = false;                    // 452
  std::vector<CommandFault> at_command;      // taken out when they have happened
  std::vector<std::string> forgotten_users;  // 550, as if they had no mailbox
};

}  // namespace mailscope::sim
