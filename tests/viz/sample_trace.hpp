// A trace made by hand for the tests of viz: Alice and Bob, each behind a network of their own
// (SMTP, SMTP, POP3), with hosts, agents, links, hops, spool and mailbox, chapters and narration.
// Its octets are real Ethernet, IPv4 and TCP, without checksums.
//
// Beside it `synthetic_trace()`: any number of PDUs, for the bounds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/languages/languages.hpp"
#include "captures/trace/trace.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::viz::sample {

using namespace mailscope::trace;

inline constexpr Time kMs = 1'000'000;

inline void put16(std::string& to, unsigned v) {
  to += static_cast<char>(v >> 8 & 255);
  to += static_cast<char>(v & 255);
}
inline void put32(std::string& to, std::uint32_t v) {
  put16(to, v >> 16);
  put16(to, v & 0xFFFF);
}

class Builder {
 public:
  Trace trace;
  Time now = 0;

  Id host(std::string name, std::string address, HostKind kind, float x, float y) {
    trace.hosts.push_back({std::move(name), kind, {std::move(address)}, x, y});
    return static_cast<Id>(trace.hosts.size() - 1);
  }
  Id agent(Id host, AgentKind kind, std::string name, std::uint16_t port = 0) {
    trace.agents.push_back({host, kind, std::move(name), port});
    return static_cast<Id>(trace.agents.size() - 1);
  }
  Id link(std::string kind, Id a, Id b, Time latency, std::uint64_t rate) {
    trace.links.push_back({trace.hosts[a].name + " - " + trace.hosts[b].name,
                           std::move(kind),
                           {a, b},
                           latency,
                           rate,
                           0});
    return static_cast<Id>(trace.links.size() - 1);
  }

  void chapter(std::string text) {
    trace.notes.push_back({now, NoteKind::Chapter, std::move(text), "", kNone, kNone});
  }
  void note(std::string text, std::string detail) {
    trace.notes.push_back(
        {now, NoteKind::Narration, std::move(text), std::move(detail), kNone, kNone});
  }
  // Narration of the PDU that was made last.
  void about(std::string text, std::string detail) {
    const Id pdu = static_cast<Id>(trace.pdus.size() - 1);
    trace.notes.push_back({trace.pdus[pdu].first, NoteKind::Narration, std::move(text),
                           std::move(detail), pdu, kNone});
  }

  // The connection that the next calls are about. `path` is the links from client to server.
  void open(Protocol protocol, Endpoint client, Endpoint server, std::vector<Id> path) {
    Connection c;
    c.protocol = protocol;
    c.opening = Opening::Handshake;
    c.complete = true;
    c.client = client, c.server = server;
    c.opened = now;
    c.first_pdu = static_cast<Id>(trace.pdus.size());
    trace.connections.push_back(c);
    connection_ = static_cast<Id>(trace.connections.size() - 1);
    path_ = std::move(path);
    stream_[0] = stream_[1] = 0;
    tail_[0] = tail_[1] = kNone;
    const Time began = now;
    const Id syn = packet(Direction::ToServer, "", 2);
    packet(Direction::ToClient, "", 18);
    const Time established = packet_received_;
    packet(Direction::ToServer, "", 16);
    Pdu pdu = blank(PduKind::Open, Direction::ToServer);
    pdu.first = began;
    pdu.last = established, pdu.received = now;
    pdu.frame = syn;
    pdu.phase = Phase::SetUp;
    add(pdu);
    now += kMs / 2;
  }
  void client(std::string_view line, std::uint16_t verb, std::uint8_t state, Phase phase) {
    Pdu pdu = sent(PduKind::Command, Direction::ToServer, line, state, phase);
    pdu.word = verb;
    verb_ = verb;
    trace.exchanges.push_back(
        {connection_, static_cast<Id>(trace.pdus.size()), kNone, kNone, kNone});
    pdu.exchange = static_cast<Id>(trace.exchanges.size() - 1);
    add(pdu);
    ++trace.connections[connection_].commands;
  }
  void server(std::string_view line, std::uint16_t code, std::uint8_t state, Phase phase,
              bool greeting = false) {
    Pdu pdu = sent(PduKind::Reply, Direction::ToClient, line, state, phase);
    pdu.word = code;
    pdu.answers = greeting ? 1 : verb_;
    if (greeting) trace.exchanges.push_back({connection_, kNone, kNone, kNone, kNone});
    pdu.exchange = static_cast<Id>(trace.exchanges.size() - 1);
    Exchange& exchange = trace.exchanges[pdu.exchange];
    const Id id = static_cast<Id>(trace.pdus.size());
    if (exchange.last_reply != kNone) trace.pdus[exchange.last_reply].next_reply = id;
    if (exchange.first_reply == kNone) exchange.first_reply = id;
    exchange.last_reply = id;
    add(pdu);
    ++trace.connections[connection_].replies;
  }
  Id data(Direction direction, std::string_view content, std::uint8_t state) {
    Pdu pdu = sent(PduKind::Data, direction, content, state, Phase::Transfer);
    pdu.exchange = static_cast<Id>(trace.exchanges.size() - 1);
    const Id id = static_cast<Id>(trace.pdus.size());
    trace.exchanges[pdu.exchange].data = id;
    if (direction == Direction::ToServer) verb_ = static_cast<std::uint16_t>(smtp::Verb::EndOfData);
    add(pdu);
    return id;
  }
  std::uint8_t closed_state() const {
    return trace.connections[connection_].protocol == languages::kPop3
               ? static_cast<std::uint8_t>(pop3::State::Closed)
               : static_cast<std::uint8_t>(smtp::State::Closed);
  }
  void close() {
    for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
      const Time began = now;
      Pdu pdu = blank(PduKind::Close, direction);
      pdu.frame = packet(direction, "", 17);
      pdu.first = pdu.last = began;
      pdu.received = packet_received_;
      pdu.phase = Phase::Termination;
      // The first FIN leaves the session where it was, the second leaves it closed.
      pdu.state = direction == Direction::ToServer ? trace.pdus.back().state : closed_state();
      add(pdu);
    }
    trace.connections[connection_].closing = Closing::Fin;
    trace.connections[connection_].closed = now;
  }
  // The next packet's first copy is lost on the last link; a second one follows after `timeout`.
  void lose_next(Time timeout) { lose_ = timeout; }

  void mail(Id data, std::string message_id) {
    Mail mail;
    mail.connection = connection_;
    mail.data = data;
    mail.protocol = trace.connections[connection_].protocol;
    mail.at = trace.pdus[data].first;
    mail.has_envelope = mail.protocol == languages::kSmtp;
    if (mail.has_envelope) {
      mail.from = "alice@alpha.example";
      mail.to = {"bob@beta.example"};
    }
    mail.subject = "Lunch on Thursday?";
    mail.message_id = std::move(message_id);
    mail.header_from = "Alice <alice@alpha.example>";
    mail.header_to = "Bob <bob@beta.example>";
    mail.date = "Tue, 2 Jan 2024 10:00:00 +0000";
    mail.octets = trace.pdus[data].end - trace.pdus[data].begin - 3;
    mail.complete = true;
    mail.fate = trace::MailFate::Accepted;
    mail.parts.push_back({"1", "text/plain", "7bit", "us-ascii", "", 61, ""});
    trace.mails.push_back(std::move(mail));
  }

 private:
  Pdu blank(PduKind kind, Direction direction) {
    Pdu pdu;
    pdu.kind = kind;
    pdu.direction = direction;
    pdu.connection = connection_;
    return pdu;
  }
  void add(const Pdu& pdu) {
    const Id id = static_cast<Id>(trace.pdus.size());
    if (last_pdu_ != kNone && trace.pdus[last_pdu_].connection == pdu.connection)
      trace.pdus[last_pdu_].next_in_connection = id;
    last_pdu_ = id;
    trace.pdus.push_back(pdu);
    trace.source.duration = std::max(trace.source.duration, now);
  }

  // One packet over all hops; returns its first frame. `now` becomes the time of its arrival.
  Id packet(Direction direction, std::string_view payload, unsigned flags) {
    const Connection& c = trace.connections[connection_];
    const Endpoint& from = direction == Direction::ToServer ? c.client : c.server;
    const Endpoint& to = direction == Direction::ToServer ? c.server : c.client;
    std::string octets = std::string("\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", 14);
    octets += '\x45', octets += '\0';
    put16(octets, static_cast<unsigned>(40 + payload.size()));
    put32(octets, 0x00014000);
    octets += '\x40', octets += '\x06';
    put16(octets, 0);
    put32(octets, from.address.v4_value());
    put32(octets, to.address.v4_value());
    put16(octets, from.port);
    put16(octets, to.port);
    const int d = static_cast<int>(direction);
    put32(octets, static_cast<std::uint32_t>(stream_[d] + 1));
    put32(octets, static_cast<std::uint32_t>(stream_[1 - d] + 1));
    octets += '\x50', octets += static_cast<char>(flags);
    put32(octets, 0xFFFF0000);
    put16(octets, 0);
    octets += payload;
    const std::uint64_t at = trace.store.append(octets);
    std::vector<Id> path = path_;
    if (direction == Direction::ToClient) path.assign(path_.rbegin(), path_.rend());
    Id first = kNone, at_host = from.host;
    if (lose_ > 0) {
      first = hop(path.front(), at_host, at, octets.size(), kNone, true);
      now += lose_;
      lose_ = 0;
      lost_first_ = true;
    }
    Id origin = kNone;
    for (const Id link : path) {
      const Id frame = hop(link, at_host, at, octets.size(), origin, false);
      if (origin == kNone) origin = trace.frames[frame].origin = frame;
      at_host = trace.frames[frame].to;
    }
    packet_received_ = now;
    trace.source.octets += octets.size();
    ++trace.source.frames;
    return first == kNone ? origin : first;
  }
  Id hop(Id link, Id from, std::uint64_t at, std::size_t octets, Id origin, bool lost) {
    const Link& l = trace.links[link];
    Frame frame;
    frame.sent = now;
    frame.link = link;
    frame.from = from;
    frame.to = l.hosts[0] == from ? l.hosts[1] : l.hosts[0];
    frame.at = at;
    frame.octets = frame.wire_octets = static_cast<std::uint32_t>(octets);
    frame.origin = origin == kNone && lost ? static_cast<Id>(trace.frames.size()) : origin;
    frame.connection = connection_;
    if (lost) {
      frame.fate = Fate::Lost;
    } else {
      now += l.latency + static_cast<Time>(octets * 8 * 1'000'000'000 / l.rate_bps);
      frame.received = now;
    }
    trace.frames.push_back(frame);
    return static_cast<Id>(trace.frames.size() - 1);
  }

  Pdu sent(PduKind kind, Direction direction, std::string_view text, std::uint8_t state,
           Phase phase) {
    Pdu pdu = blank(kind, direction);
    std::string octets(text);
    if (kind != PduKind::Data) octets += "\r\n";
    const int d = static_cast<int>(direction);
    pdu.first = now;
    pdu.frame = packet(direction, octets, 24);
    pdu.last = pdu.first;
    pdu.received = packet_received_;
    if (lost_first_) pdu.flags |= Pdu::kRetransmitted;
    pdu.begin = stream_[d];
    pdu.end = stream_[d] += octets.size();
    Segment segment;
    segment.begin = pdu.begin;
    segment.delivered = packet_received_;
    segment.frame = pdu.frame;
    segment.payload_at = 54;
    segment.octets = static_cast<std::uint32_t>(octets.size());
    segment.retransmissions = lost_first_;
    lost_first_ = false;
    const Id id = static_cast<Id>(trace.segments.size());
    trace.segments.push_back(segment);
    if (tail_[d] != kNone) trace.segments[tail_[d]].next = id;
    Connection& connection = trace.connections[connection_];
    if (tail_[d] == kNone) connection.first_segment[d] = id;
    connection.last_segment[d] = id;
    tail_[d] = id;
    pdu.segment = id;
    pdu.state = state;
    pdu.phase = phase;
    now += kMs / 2;
    return pdu;
  }

  Id connection_ = kNone, last_pdu_ = kNone;
  std::vector<Id> path_;
  std::uint64_t stream_[2] = {0, 0};
  Id tail_[2] = {kNone, kNone};
  std::uint16_t verb_ = 0;
  Time packet_received_ = 0, lose_ = 0;
  bool lost_first_ = false;
};

inline constexpr std::string_view kLetter =
    "From: Alice <alice@alpha.example>\r\nTo: Bob <bob@beta.example>\r\n"
    "Subject: Lunch on Thursday?\r\nDate: Tue, 2 Jan 2024 10:00:00 +0000\r\n"
    "Message-ID: <1@alpha.example>\r\n\r\nAt noon, at the usual place? I bring the plans.\r\n"
    "Alice\r\n.\r\n";

// One delivery over SMTP, from the connection's opening to its closing.
inline void smtp_delivery(Builder& b, std::string_view client, std::string_view server,
                          bool lossy) {
  using smtp::State;
  using smtp::Verb;
  const auto v = [](Verb verb) { return static_cast<std::uint16_t>(verb); };
  const auto s = [](State state) { return static_cast<std::uint8_t>(state); };
  b.server("220 " + std::string(server) + " ready", 220, s(State::Connected), Phase::SetUp, true);
  b.about("The server speaks first: 220, ready.",
          "In SMTP the server greets before the client says a word.");
  b.client("EHLO " + std::string(client), v(Verb::Ehlo), s(State::Connected), Phase::SetUp);
  b.server("250-" + std::string(server) + "\r\n250-SIZE 10485760\r\n250 PIPELINING", 250,
           s(State::Greeted), Phase::SetUp);
  b.about("Each side has said its name.",
          "The answer lists what the server can do beyond the basic commands.");
  b.client("MAIL FROM:<alice@alpha.example>", v(Verb::Mail), s(State::Greeted), Phase::Transfer);
  if (lossy) b.lose_next(200 * kMs);
  b.server("250 OK", 250, s(State::Mail), Phase::Transfer);
  b.client("RCPT TO:<bob@beta.example>", v(Verb::Rcpt), s(State::Mail), Phase::Transfer);
  b.about("The envelope is being addressed.",
          "RCPT TO names the recipient. The To: line of the letter plays no part in it.");
  b.server("250 OK", 250, s(State::Rcpt), Phase::Transfer);
  b.about("The server accepts Bob as a recipient.",
          "The envelope is now addressed. Nothing of the letter itself, not even its To: line, has "
          "been sent yet.");
  b.client("DATA", v(Verb::Data), s(State::Rcpt), Phase::Transfer);
  b.server("354 Start mail input; end with <CRLF>.<CRLF>", 354, s(State::Data), Phase::Transfer);
  const Id data = b.data(Direction::ToServer, kLetter, s(State::Data));
  b.about("Now the letter: header, empty line, body.", "A line with a lone dot ends it.");
  b.mail(data, "<1@alpha.example>");
  b.server("250 OK queued as 1", 250, s(State::Greeted), Phase::Transfer);
  b.about("The server has the letter on its disk and takes over responsibility.",
          "250 here does not mean that Bob has it.");
  b.client("QUIT", v(Verb::Quit), s(State::Greeted), Phase::Termination);
  b.server("221 " + std::string(server) + " closing", 221, s(State::Quit), Phase::Termination);
  b.close();
}

inline Trace maa_trace() {
  Builder b;
  Trace& t = b.trace;
  t.source.kind = SourceKind::Scenario;
  t.source.name = "maa";
  t.source.title = "Alice and Bob, each behind a LAN or WAN";
  t.source.summary =
      "The usual case today: Alice hands her mail to her server, that one hands it to "
      "Bob's server, and Bob fetches it from there when he likes.";
  t.source.seed = 1;
  const Id alice = b.host("alice-pc", "10.0.1.2", HostKind::Computer, 0, 0);
  const Id alpha = b.host("mail.alpha.example", "10.0.1.25", HostKind::Server, 0, 1);
  const Id beta = b.host("mail.beta.example", "10.0.2.25", HostKind::Server, 1, 1);
  const Id bob = b.host("bob-pc", "10.0.2.2", HostKind::Computer, 1, 0);
  const Id ua = b.agent(alice, AgentKind::UserAgent, "user agent");
  const Id alice_mta = b.agent(alice, AgentKind::MtaClient, "MTA client");
  const Id alpha_server = b.agent(alpha, AgentKind::MtaServer, "MTA server", 25);
  const Id spool = b.agent(alpha, AgentKind::Spool, "spool");
  const Id alpha_client = b.agent(alpha, AgentKind::MtaClient, "MTA client");
  const Id beta_server = b.agent(beta, AgentKind::MtaServer, "MTA server", 25);
  const Id mda = b.agent(beta, AgentKind::Mda, "MDA");
  const Id mailbox = b.agent(beta, AgentKind::Mailbox, "bob’s mailbox");
  const Id maa = b.agent(beta, AgentKind::MaaServer, "MAA server", 110);
  b.agent(bob, AgentKind::UserAgent, "user agent");
  const Id bob_maa = b.agent(bob, AgentKind::MaaClient, "MAA client");
  const Id lan = b.link("lan", alice, alpha, kMs / 5, 1'000'000'000);
  const Id wan = b.link("wan", alpha, beta, 20 * kMs, 100'000'000);
  const Id dsl = b.link("dsl", beta, bob, 8 * kMs, 16'000'000);
  const auto ip = [](int net, int n) {
    return IpAddress::v4(10, 0, static_cast<std::uint8_t>(net), static_cast<std::uint8_t>(n));
  };

  const Id spool_count = t.variable(alpha, spool, "spool");
  const Id mailbox_count = t.variable(beta, mailbox, "mailbox bob");
  const Id power = t.variable(bob, kNone, "power");
  t.change(0, spool_count, "0", "");
  t.change(0, mailbox_count, "0", "");
  t.change(0, power, "off", "");

  b.chapter("Alice writes");
  b.now = 80 * kMs;
  b.note("Alice writes to Bob.",
         "Her user agent composes the letter; her MTA client will carry it to her server.");
  t.change(b.now, t.variable(alice, ua, "user agent"), "composing",
           "Alice's user agent hands a letter to the MTA client");

  b.now = 400 * kMs;
  b.chapter("To her server");
  b.open(languages::kSmtp, {alice, alice_mta, ip(1, 2), 49152},
         {alpha, alpha_server, ip(1, 25), 25}, {lan});
  smtp_delivery(b, "alice-pc.alpha.example", "mail.alpha.example", false);
  t.change(b.now, spool_count, "1", "the spool of mail.alpha takes message 1");

  b.now += 300 * kMs;
  b.chapter("Server to server");
  b.open(languages::kSmtp, {alpha, alpha_client, ip(1, 25), 49153},
         {beta, beta_server, ip(2, 25), 25}, {wan});
  smtp_delivery(b, "mail.alpha.example", "mail.beta.example", true);
  t.change(b.now, spool_count, "0", "mail.alpha forgets message 1: mail.beta has it");
  b.chapter("In the mailbox");
  b.now += 5 * kMs;
  t.change(b.now, t.variable(beta, mda, "MDA"), "delivering", "the MDA takes message 1");
  b.now += 2 * kMs;
  t.change(b.now, mailbox_count, "1", "bob's mailbox takes message 1 from the MDA");
  b.note("The letter waits in Bob's mailbox.",
         "Bob's computer is off; nothing on it needed to be running.");

  b.now += Time{1'800'000} * kMs;
  b.chapter("Bob fetches");
  t.change(b.now, power, "on", "bob-pc is switched on");
  b.now += 100 * kMs;
  b.open(languages::kPop3, {bob, bob_maa, ip(2, 2), 49154}, {beta, maa, ip(2, 25), 110}, {dsl});
  using pop3::Verb;
  const auto v = [](Verb verb) { return static_cast<std::uint16_t>(verb); };
  b.server("+OK mail.beta.example POP3", 1, 0, Phase::SetUp, true);
  b.client("USER bob", v(Verb::User), 0, Phase::SetUp);
  b.server("+OK", 1, 0, Phase::SetUp);
  b.client("PASS bob", v(Verb::Pass), 0, Phase::SetUp);
  t.pdus.back().flags |= Pdu::kSecret;
  b.server("+OK 1 message", 1, 1, Phase::SetUp);
  b.about("Bob is known, and the mailbox is his alone until he leaves.", "");
  b.client("STAT", v(Verb::Stat), 1, Phase::Transfer);
  b.server("+OK 1 236", 1, 1, Phase::Transfer);
  b.client("RETR 1", v(Verb::Retr), 1, Phase::Transfer);
  b.server("+OK 236 octets", 1, 1, Phase::Transfer);
  b.mail(b.data(Direction::ToClient, kLetter, 1), "<1@alpha.example>");
  b.client("DELE 1", v(Verb::Dele), 1, Phase::Transfer);
  b.server("+OK marked", 1, 1, Phase::Transfer);
  b.client("QUIT", v(Verb::Quit), 2, Phase::Termination);
  b.server("+OK bye", 1, 2, Phase::Termination);
  t.change(b.now, mailbox_count, "0", "bob's mailbox removes message 1, marked before");
  b.close();
  b.note("Bob has the letter.", "It was pushed twice by SMTP and pulled once by POP3.");
  t.source.duration = b.now;
  return std::move(b.trace);
}

// `pdus` replies and commands in turn, `hosts` clients of one server, without octets.
inline Trace synthetic_trace(std::size_t pdus, std::size_t hosts = 4, std::size_t connections = 4) {
  Trace t;
  t.source.name = "synthetic";
  for (std::size_t i = 0; i <= hosts; ++i)
    t.hosts.push_back({"host" + std::to_string(i),
                       HostKind::Unknown,
                       {"192.0.2." + std::to_string(i % 250 + 1)},
                       -1,
                       -1});
  for (std::size_t i = 0; i < connections; ++i) {
    Connection c;
    c.protocol = i % 2 == 0 ? languages::kSmtp : languages::kPop3;
    c.client.host = static_cast<Id>(1 + i % hosts);
    c.server.host = 0;
    c.client.address = IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(2 + i % 200));
    c.server.address = IpAddress::v4(192, 0, 2, 1);
    t.connections.push_back(c);
  }
  t.pdus.reserve(pdus);
  for (std::size_t i = 0; i < pdus; ++i) {
    Pdu pdu;
    pdu.first = pdu.last = static_cast<Time>(i) * kMs;
    pdu.received = pdu.first + kMs / 2;
    pdu.connection = static_cast<Id>(i / 2 % connections);
    pdu.kind = i % 2 == 0 ? PduKind::Command : PduKind::Reply;
    pdu.direction = i % 2 == 0 ? Direction::ToServer : Direction::ToClient;
    pdu.word = i % 2 == 0                                                   ? 13
               : t.connections[pdu.connection].protocol == languages::kSmtp ? 250
                                                                            : 1;
    pdu.phase = Phase::Transfer;
    t.pdus.push_back(pdu);
  }
  t.source.duration = static_cast<Time>(pdus) * kMs;
  return t;
}

}  // namespace mailscope::viz::sample
