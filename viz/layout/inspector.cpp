#include "viz/layout/inspector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "captures/tcp/dissect.hpp"
#include "captures/trace/counts.hpp"
#include "protocols/base/ascii.hpp"
#include "viz/layout/announced.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/crash.hpp"
#include "viz/layout/topology.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;
using trace::VariableKind;

constexpr std::size_t kFactsMax = 24;

// ---- a PDU
// -----------------------------------------------------------------------------------------

void add_title(const TraceIndex& index, const Pdu& pdu, Inspector& out) {
  const Trace& trace = index.trace();
  const Role role = role_of(trace, pdu);
  out.chips.push_back({kind_text(trace, pdu), role, true});
  out.chips.push_back(
      {index.endpoint_name(index.sender(pdu)) + " → " + index.endpoint_name(index.receiver(pdu)),
       Role::Dim, false});
  const std::string_view phase = languages::of(trace, pdu).phase(pdu.phase);
  if (!phase.empty()) out.chips.push_back({std::string(phase), Role::Dim, false});
  out.title = label(trace, pdu);
  if (out.title.size() > 24 || pdu.kind == PduKind::Data) out.title = head(trace, pdu);
  if (out.title != label(trace, pdu) && pdu.kind != PduKind::Data) out.line = label(trace, pdu);
  out.title_mono = true;
  out.title_role = role;
}

void add_meaning(const Trace& trace, const Pdu& pdu, Inspector& out) {
  std::string_view section;
  if (const ReferenceEntry* entry = reference(trace, pdu)) {
    out.meaning.emplace_back(entry->meaning);
    if (pdu.kind == PduKind::Command) out.syntax = entry->syntax;
    section = entry->section;
  } else {
    const languages::Meaning plain = plain_meaning(trace, pdu);
    out.meaning.emplace_back(plain.text);
    section = plain.section;
  }
  if (!section.empty()) out.references.push_back({std::string(section), Role::Pop3, false});
  if (pdu.kind == PduKind::Reply) {
    const Role role = refusal(trace, pdu) == Refusal::None ? Role::Good : role_of(trace, pdu);
    for (const std::string& part : languages::of(trace, pdu).code_parts(pdu.word))
      out.references.push_back({part, role, true});
  }
  constexpr std::pair<std::uint8_t, std::string_view> kFlags[] = {
      {Pdu::kRetransmitted, "sent more than once"},
      {Pdu::kOutOfPlace, "out of place here"},
      {Pdu::kIncomplete, "incomplete"},
      {Pdu::kUnknown, "unknown word"},
      {Pdu::kSecret, "secret, masked"}};
  for (const auto& [flag, text] : kFlags)
    if (pdu.flags & flag)
      out.references.push_back(
          {std::string(text), flag == Pdu::kSecret ? Role::Dim : Role::Warning, true});
}

void add_layers(const Trace& trace, Id frame_id, Inspector& out) {
  const trace::Frame& frame = trace.frames[frame_id];
  const std::string_view octets = trace.octets(frame);
  out.octets = observe::masked_frame(trace, frame_id).substr(0, kOctetsMax);
  out.wire_octets = frame.wire_octets;
  for (tcp::Layer& layer : tcp::dissect(octets, frame.link_type, frame.wire_octets)) {
    Layer one;
    one.name = std::move(layer.name);
    one.summary = std::move(layer.summary);
    one.begin = layer.begin, one.end = layer.end;
    for (tcp::Field& field : layer.fields)
      one.fields.push_back({std::move(field.name), std::move(field.value), field.begin, field.end});
    out.layers.push_back(std::move(one));
  }
}

// The PDU's own octets become the innermost layer, in place of the dissector's nameless payload.
void add_own_layer(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.segment >= trace.segments.size()) return;
  const trace::Segment& segment = trace.segments[pdu.segment];
  if (segment.derived) {  // its octets stand in no frame: what they were made of does
    const trace::Segment& carrier = trace.on_wire(segment);
    const auto end = static_cast<std::uint32_t>(out.octets.size());
    out.hot_begin = std::min(carrier.payload_at, end);
    out.hot_end = std::min(carrier.payload_at + carrier.octets, end);
    return;
  }
  if (pdu.begin < segment.begin || segment.frame != pdu.frame) return;
  const std::uint64_t begin = segment.payload_at + (pdu.begin - segment.begin);
  const std::uint64_t in_segment =
      std::min<std::uint64_t>(pdu.end - segment.begin, segment.octets) -
      (pdu.begin - segment.begin);
  out.hot_begin = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin, out.octets.size()));
  out.hot_end =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(begin + in_segment, out.octets.size()));
  if (out.hot_begin >= out.hot_end) return;
  std::erase_if(out.layers, [](const Layer& layer) { return layer.name == "Payload"; });
  const std::string_view title = languages::of(trace, pdu).card().title;
  if (!out.layers.empty() && out.layers.back().name == title) {  // opened by the dissector
    out.layers.back().role = role_of(trace, pdu);
    return;
  }
  Layer own;
  own.name = std::string(title);
  own.summary = label(trace, pdu);
  own.role = role_of(trace, pdu);
  own.begin = out.hot_begin, own.end = out.hot_end;
  out.layers.push_back(std::move(own));
}

void add_characters(const Pdu& pdu, Inspector& out) {
  constexpr std::uint32_t kShown = 48;
  const std::uint32_t end = std::min(out.hot_end, out.hot_begin + kShown);
  for (std::uint32_t i = out.hot_begin; i < end; ++i) {
    const char c = out.octets[i];
    if (c > ' ' && c < 127) {
      out.characters.push_back({std::string(1, c), false, i});
      continue;
    }
    std::string text = c == ' '    ? "sp"
                       : c == '\r' ? "CR"
                       : c == '\n' ? "LF"
                       : c == '\t' ? "TAB"
                                   : "";
    if (text.empty()) text = fmt::format("{:02x}", static_cast<unsigned char>(c));
    out.characters.push_back({std::move(text), true, i});
  }
  if (out.hot_end > end) out.characters.push_back({"…", true, end});
  const std::string_view own =
      std::string_view(out.octets).substr(out.hot_begin, out.hot_end - out.hot_begin);
  if (pdu.kind == PduKind::Data && own.ends_with("\r\n.\r\n")) {
    out.characters_note = "CR LF . CR LF ends the message";
  } else if (own.ends_with("\r\n")) {
    out.characters_note = "CR LF ends the line";
  }
}

// As of the cursor's instant: a session that a crash has ended is in no state.
void add_machine(const TraceIndex& index, const Pdu& pdu, Id id, Time at, Inspector& out) {
  const trace::Connection& connection = index.trace().connections[pdu.connection];
  const languages::Language& language = languages::of(connection.protocol);
  std::vector<std::string> states;
  for (const std::uint8_t state : language.states()) states.push_back(language.state(state));
  if (states.empty() || connection.opening == trace::Opening::SynOnly) return;
  out.machine_title = "Session machine of " + index.endpoint_name(connection.server);
  const std::string now = language.state(pdu.state);
  std::vector<std::string> passed;
  const std::span<const Id> all = index.pdus_of(pdu.connection);
  const std::size_t place = index.place_in_connection(id);
  for (std::size_t i = place > 2000 ? place - 2000 : 0; i < place; ++i)
    passed.push_back(language.state(index.trace().pdus[all[i]].state));
  const Time crash = crash_under(index.trace(), pdu.connection);
  const bool gone = crash <= at;
  bool known = false;
  for (const std::string& name : states) {
    const bool was = std::find(passed.begin(), passed.end(), name) != passed.end();
    out.machine.push_back({name, !gone && name == now, was || (gone && name == now)});
    known = known || name == now;
  }
  if (!known && !now.empty()) out.machine.push_back({now, !gone, gone});
  if (gone) {
    out.next = "the session is gone: a crash ended it at " + clock_text(crash);
    return;
  }
  const std::vector<std::string> next = language.next(pdu.state);
  for (const std::string& command : next) {
    if (!is_announced(index, id, command)) continue;
    out.next += out.next.empty() ? "may come next: " : ", ";
    out.next += command;
  }
}

void add_lines(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (languages::of(trace, pdu).lines(trace, pdu)) return;  // add_facts() shows them
  std::vector<std::string> lines = observe::display_lines(trace, pdu, false, 40, 400);
  if (pdu.kind == PduKind::Data) lines = {};  // the mail's own sections show it
  if (lines.size() < 2) return;
  Section section{"What it says", "", {}, std::move(lines)};
  out.sections.push_back(std::move(section));
}

// Parameters of MAIL and RCPT, the extensions of an EHLO list, a reply's enhanced code.
void add_pieces(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.kind != PduKind::Command && pdu.kind != PduKind::Reply) return;
  const std::vector<std::string> lines =
      pdu.kind == PduKind::Command ? std::vector{observe::display_text(trace, pdu, false, 2000)}
                                   : observe::display_lines(trace, pdu, false, 40, 400);
  Section section{"Piece by piece", "", {}, {}};
  for (const languages::Piece& piece : languages::of(trace, pdu).pieces(pdu, lines))
    if (section.facts.size() < kFactsMax)
      section.facts.push_back({printable_utf8(piece.text),
                               fmt::format("{}. {}", piece.entry->title, piece.entry->meaning),
                               false,
                               {},
                               Role::Text});
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

// What a message that is no text asks or says, as the first paragraph, and its records.
void add_facts(const Trace& trace, const Pdu& pdu, Inspector& out) {
  const languages::Language& language = languages::of(trace, pdu);
  const auto sheet = language.facts(trace, pdu);
  if (!sheet) return;
  out.meaning.insert(out.meaning.begin(),
                     (pdu.kind == PduKind::Reply ? "It says: " : "It asks: ") + gist(trace, pdu));
  Section section{sheet->title, sheet->right, {}, {}};
  for (const languages::Fact& fact : sheet->facts)
    section.facts.push_back({fact.label, fact.value, fact.mono, {}, Role::Text});
  out.sections.push_back(std::move(section));
}

void add_exchange(const Trace& trace, const Pdu& pdu, Id id, Inspector& out) {
  if (pdu.exchange >= trace.exchanges.size()) return;
  const trace::Exchange& exchange = trace.exchanges[pdu.exchange];
  std::vector<Id> members;
  if (exchange.command != kNone) members.push_back(exchange.command);
  if (exchange.data != kNone) members.push_back(exchange.data);
  for (Id reply = exchange.first_reply; reply != kNone && members.size() < kFactsMax;
       reply = trace.pdus[reply].next_reply)
    members.push_back(reply);
  if (members.size() < 2) return;
  std::sort(members.begin(), members.end());
  const Time took = trace.pdus[members.back()].first - trace.pdus[members.front()].first;
  Section section{"Exchange", span_text(took), {}, {}};
  for (const Id member : members) {
    const Pdu& one = trace.pdus[member];
    Fact fact;
    fact.label = one.direction == Direction::ToServer ? "client" : "server";
    fact.value = label(trace, one);
    fact.mono = true;
    fact.leads_to = {Selected::Pdu, member};
    if (member == id) fact.role = Role::Accent;
    section.facts.push_back(std::move(fact));
  }
  out.sections.push_back(std::move(section));
}

void add_segments(const Trace& trace, const Pdu& pdu, Inspector& out) {
  Section section{"Segments it travelled in", "", {}, {}};
  std::size_t count = 0;
  for (Id id = pdu.segment; id < trace.segments.size() && trace.segments[id].begin < pdu.end;
       id = trace.segments[id].next) {
    if (++count > 100'000) break;
    if (section.facts.size() >= 8) continue;
    const trace::Segment& segment = trace.segments[id];
    const std::uint64_t from = std::max(pdu.begin, segment.begin);
    const std::uint64_t to = std::min(pdu.end, segment.begin + segment.octets);
    Fact fact;
    fact.label = fmt::format("frame {}", segment.frame + 1);
    fact.value = octets_text(to > from ? to - from : 0);
    if (segment.frame < trace.frames.size())
      fact.value += fmt::format(" · {} s", time_text(trace.frames[segment.frame].sent));
    if (const auto again = trace.on_wire(segment).retransmissions; again > 0)
      fact.value += fmt::format(" · sent again {}×", again);
    fact.leads_to = {Selected::Frame, segment.frame};
    section.facts.push_back(std::move(fact));
  }
  if (count == 0) return;
  section.right = count == 1 ? "one" : std::to_string(count);
  if (count > section.facts.size()) section.text.push_back("…");
  out.sections.push_back(std::move(section));
}

// "TTL 64": how many routers an IPv4 packet may still pass (RFC 791 §3.1); empty for other frames.
std::string ttl_text(const Trace& trace, const trace::Frame& frame) {
  constexpr std::uint16_t kEthernet = 1;
  constexpr std::size_t kTypeAt = 12, kIpAt = 14, kTtlAt = kIpAt + 8;
  const std::string_view octets = trace.octets(frame);
  const bool ip = frame.link_type == kEthernet && octets.size() > kTtlAt &&
                  octets.substr(kTypeAt, 2) == std::string_view("\x08\x00", 2);
  return ip ? fmt::format(" · TTL {}", static_cast<unsigned char>(octets[kTtlAt])) : "";
}

// The frames in which a packet crossed one link after the other; a click opens one.
void add_hops(const TraceIndex& index, Id first, std::string title, Inspector& out) {
  const Trace& trace = index.trace();
  if (trace.links.empty() || first >= trace.frames.size()) return;
  Section section{std::move(title), "", {}, {}};
  for (Id hop = first; hop != kNone && section.facts.size() < 12; hop = index.next_hop(hop)) {
    const trace::Frame& frame = trace.frames[hop];
    Fact fact;
    fact.label = frame.from < trace.hosts.size() ? index.host_name(frame.from) : "?";
    if (frame.to < trace.hosts.size()) fact.label += " → " + index.host_name(frame.to);
    fact.value = frame.fate == trace::Fate::Lost ? "lost"
                 : frame.received == kNever      ? "under way"
                                                 : span_text(frame.received - frame.sent);
    fact.value += ttl_text(trace, frame);
    fact.leads_to = {Selected::Frame, hop};
    if (frame.fate == trace::Fate::Lost) fact.role = Role::Bad;
    section.facts.push_back(std::move(fact));
  }
  if (section.facts.size() > 1 || section.facts.front().role == Role::Bad)
    out.sections.push_back(std::move(section));
}

void add_findings(const Trace& trace, Id pdu, Inspector& out) {
  Section section{"Findings", "", {}, {}};
  for (const Id id : trace.findings_by_time) {
    const trace::Finding& finding = trace.findings[id];
    if (finding.pdu != pdu || section.facts.size() >= kFactsMax) continue;
    section.facts.push_back({std::string(name(finding.severity)),
                             finding.text + (finding.rfc.empty() ? "" : " (" + finding.rfc + ")"),
                             false,
                             {},
                             role_of(finding.severity)});
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

// ---- a mail
// ------------------------------------------------------------------------------------------

void add_fact(Section& section, std::string label_text, std::string value, bool mono = false) {
  if (!value.empty())
    section.facts.push_back({std::move(label_text), std::move(value), mono, {}, Role::Text});
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

void add_mail(const TraceIndex& index, Id id, Inspector& out) {
  const trace::Mail& mail = index.trace().mails[id];
  if (mail.has_envelope) {
    Section envelope{"Envelope", "carries the mail", {}, {}};
    add_fact(envelope, "from", mail.from.empty() ? "<> (nobody)" : mail.from, true);
    add_fact(envelope, "to", join(mail.to), true);
    out.sections.push_back(std::move(envelope));
  }
  Section header{"Header", "for people, not for servers", {}, {}};
  add_fact(header, "From", printable_utf8(mail.header_from));
  add_fact(header, "To", printable_utf8(mail.header_to));
  add_fact(header, "Subject", printable_utf8(mail.subject));
  add_fact(header, "Date", printable_utf8(mail.date));
  add_fact(header, "Message-ID", printable_utf8(mail.message_id), true);
  if (!header.facts.empty()) out.sections.push_back(std::move(header));
  Section body{"Body", octets_text(mail.octets) + (mail.complete ? "" : ", incomplete"), {}, {}};
  for (const trace::MailPart& part : mail.parts) {
    if (body.facts.size() >= kFactsMax) break;
    std::string value = printable_utf8(part.type);
    if (!part.encoding.empty()) value += " · " + printable_utf8(part.encoding);
    if (!part.charset.empty()) value += " · " + printable_utf8(part.charset);
    if (!part.filename.empty()) value += " · " + printable_utf8(part.filename);
    value += " · " + octets_text(part.octets);
    add_fact(body, "part " + part.path, value);
  }
  out.sections.push_back(std::move(body));
  Section way{"Its way", "", {}, {}};
  for (const Id hop : index.journey(id)) {
    if (way.facts.size() >= kFactsMax) break;
    const trace::Mail& one = index.trace().mails[hop];
    const trace::Connection& connection = index.trace().connections[one.connection];
    const bool pulled = languages::of(one.protocol).card().pulls;
    Fact fact;
    fact.label = clock_text(one.at);
    fact.value = index.endpoint_name(pulled ? connection.server : connection.client) + " → " +
                 index.endpoint_name(pulled ? connection.client : connection.server) + " · " +
                 std::string(languages::title(one.protocol));
    fact.role = hop == id ? Role::Accent : Role::Text;
    if (one.data != kNone) fact.leads_to = {Selected::Pdu, one.data};
    way.facts.push_back(std::move(fact));
  }
  if (way.facts.size() > 1) out.sections.push_back(std::move(way));
}

void add_content(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.kind != PduKind::Data) return;
  Section section{
      "As it was sent", "first lines", {}, observe::display_lines(trace, pdu, false, 24, 200)};
  if (!section.text.empty()) out.sections.push_back(std::move(section));
}

Inspector inspect_pdu(const TraceIndex& index, Id id, Time at) {
  const Trace& trace = index.trace();
  const Pdu& pdu = trace.pdus[id];
  Inspector out;
  add_title(index, pdu, out);
  add_meaning(trace, pdu, out);
  add_facts(trace, pdu, out);
  if (pdu.frame < trace.frames.size()) {
    add_layers(trace, pdu.frame, out);
    add_own_layer(trace, pdu, out);
    add_characters(pdu, out);
  }
  add_machine(index, pdu, id, at, out);
  add_pieces(trace, pdu, out);
  add_lines(trace, pdu, out);
  add_findings(trace, id, out);
  if (const Id mail = index.mail_of_pdu(id); mail != kNone && pdu.kind != PduKind::Command)
    add_mail(index, mail, out);
  add_content(trace, pdu, out);
  add_exchange(trace, pdu, id, out);
  add_segments(trace, pdu, out);
  add_hops(index, pdu.frame, "Its first packet, link by link", out);
  return out;
}

// RFC 5598 §3-4 in a few words.
std::string_view job_of(trace::AgentKind kind) {
  using trace::AgentKind;
  switch (kind) {
    case AgentKind::UserAgent:
      return "writes and reads letters for its user";
    case AgentKind::MtaClient:
      return "pushes mail to the next server, with SMTP";
    case AgentKind::MtaServer:
      return "takes mail in, with SMTP";
    case AgentKind::Mda:
      return "puts what is for users here into their mailboxes";
    case AgentKind::MaaClient:
      return "fetches its user's mail";
    case AgentKind::MaaServer:
      return "hands mail out to those who fetch it";
    case AgentKind::Spool:
      return "mail that waits to be sent on";
    case AgentKind::Mailbox:
      return "mail that has arrived for one user";
    case AgentKind::DnsServer:
      return "tells which host takes mail for a domain";
    case AgentKind::Resolver:
      return "asks the DNS, and remembers the answers for a while";
    case AgentKind::Terminal:
      return "a person who types the commands by hand";
    case AgentKind::Other:
      break;
  }
  return "a process";
}

// ---- a host, an inside event
// -----------------------------------------------------------------------------

void add_variables(const TraceIndex& index, Id host, Time at, Inspector& out) {
  const Trace& trace = index.trace();
  Section stores{"Queue and mailboxes", "", {}, {}};
  Section sockets{"Sockets", "as the agents call them", {}, {}};
  Section other{"Inside", "", {}, {}};
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != host) continue;
    const std::string value = printable_utf8(text(trace.value_at(id, at)));
    if (value.empty()) continue;
    const bool store = variable.is(VariableKind::Spool) || variable.is(VariableKind::Mailbox);
    Section& section = store ? stores : variable.is(VariableKind::Socket) ? sockets : other;
    if (section.facts.size() >= kFactsMax) continue;
    std::string who = what(variable);
    if (variable.agent < trace.agents.size() && !store) {
      const std::string& agent = trace.agents[variable.agent].name;
      if (variable.is(VariableKind::Socket)) {
        who = agent;
      } else if (who.find(agent) == std::string::npos) {
        who = agent + ", " + who;
      }
    }
    add_fact(section, who, value, !store);
  }
  for (Section* section : {&stores, &sockets, &other})
    if (!section->facts.empty()) out.sections.push_back(std::move(*section));
}

void add_history(const TraceIndex& index, Id host, Time at, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"What happened inside", "latest first", {}, {}};
  const auto after =
      std::upper_bound(trace.changes.begin(), trace.changes.end(), at,
                       [](Time t, const trace::StateChange& change) { return t < change.at; });
  std::size_t looked = 0;
  for (auto it = after; it != trace.changes.begin() && section.facts.size() < 12 && looked < 20000;
       ++looked) {
    --it;
    if (trace.variables[it->variable].host != host || it->text.empty()) continue;
    Fact fact;
    fact.label = clock_text(it->at);
    fact.value = printable_utf8(it->text);
    fact.leads_to = {Selected::Change, static_cast<Id>(it - trace.changes.begin())};
    section.facts.push_back(std::move(fact));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

Inspector inspect_host(const TraceIndex& index, const Cursor& cursor, Id id) {
  const Trace& trace = index.trace();
  const trace::Host& host = trace.hosts[id];
  Inspector out;
  const bool router = host.kind == trace::HostKind::Router;
  out.chips.push_back({router ? "router" : "host", Role::Accent, true});
  const Power power = power_of(index, id, cursor.time);
  if (power == Power::Off) out.chips.push_back({"off", Role::Bad, true});
  if (power == Power::Crashed) out.chips.push_back({"crashed", Role::Bad, true});
  if (!host.addresses.empty()) out.chips.push_back({host.addresses.front(), Role::Dim, false});
  out.title = host.name.empty() ? index.host_name(id) : host.name;
  Section agents{"Agents", "", {}, {}};
  for (const trace::Agent& agent : trace.agents) {
    if (agent.host != id) continue;
    add_fact(agents, agent.name.empty() ? std::string(name(agent.kind)) : agent.name,
             std::string(job_of(agent.kind)) +
                 (agent.port ? fmt::format("; listens on port {}", agent.port) : ""));
  }
  if (router)
    out.meaning.push_back(
        "It passes packets on from one link to the next and looks no further into "
        "them than their IP addresses. It knows nothing of mail.");
  if (!agents.facts.empty()) out.sections.push_back(std::move(agents));
  add_variables(index, id, cursor.time, out);
  add_history(index, id, cursor.time, out);
  if (cursor.pdu != kNone) {
    const Pdu& pdu = trace.pdus[cursor.pdu];
    if (trace.connections[pdu.connection].server.host == id)
      add_machine(index, pdu, cursor.pdu, cursor.time, out);
  }
  return out;
}

Inspector inspect_change(const TraceIndex& index, const Cursor& cursor, Id id) {
  const Trace& trace = index.trace();
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  Inspector out;
  out.chips.push_back({"inside event", Role::Accent, true});
  if (variable.host < trace.hosts.size())
    out.chips.push_back({index.host_name(variable.host), Role::Dim, false});
  out.title = what(variable);
  out.title_role = is_refusal(change) ? Role::Refused : Role::Accent;
  out.meaning.push_back(printable_utf8(change.text));
  out.meaning.push_back("No wire shows this: it happens inside the host.");
  Section section{"Change", clock_text(change.at), {}, {}};
  if (variable.agent < trace.agents.size())
    add_fact(section, "agent", trace.agents[variable.agent].name);
  add_fact(section, "before",
           !has_value(change.before) ? "nothing yet" : printable_utf8(text(change.before)), true);
  add_fact(section, "after", printable_utf8(text(change.after)), true);
  out.sections.push_back(std::move(section));
  if (variable.host < trace.hosts.size()) add_history(index, variable.host, cursor.time, out);
  return out;
}

void say_frame(const TraceIndex& index, Id id, Inspector& out) {
  const trace::Frame& frame = index.trace().frames[id];
  out.title = fmt::format("frame {}", id + 1);
  if (frame.fate != trace::Fate::Lost) return;
  const bool known = frame.loss != trace::Loss::None && frame.loss != trace::Loss::Noise;
  out.chips.push_back(
      {known ? fmt::format("lost: {}", trace::name(frame.loss)) : std::string("lost on the line"),
       Role::Bad, true});
  if (frame.from >= index.trace().hosts.size() || frame.to >= index.trace().hosts.size()) return;
  out.meaning.push_back(fmt::format("{} sent it, {} never had it, and neither is told.",
                                    index.host_name(frame.from), index.host_name(frame.to)));
}

Inspector inspect_mail(const TraceIndex& index, Id id) {
  const trace::Mail& mail = index.trace().mails[id];
  Inspector out;
  out.chips.push_back({"mail", role_of(mail.protocol), true});
  out.title = mail.subject.empty() ? "a message" : printable_utf8(mail.subject);
  add_mail(index, id, out);
  return out;
}

// How long each connection took, and the letters, which a click opens.
void add_connections(const TraceIndex& index, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"Connections", "and how long they took", {}, {}};
  for (std::size_t i = 0; i < trace.connections.size() && section.facts.size() < kFactsMax; ++i) {
    const trace::Connection& one = trace.connections[i];
    if (one.opening == trace::Opening::Datagrams || one.closed == kNever) continue;
    add_fact(section, std::to_string(i + 1),
             fmt::format("{} → {}: {}", index.endpoint_name(one.client),
                         index.endpoint_name(one.server), span_text(one.closed - one.opened)));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

void add_letters(const TraceIndex& index, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"Messages", "a click opens one", {}, {}};
  for (Id id = 0; id < trace.mails.size() && section.facts.size() < kFactsMax; ++id) {
    const trace::Mail& mail = trace.mails[id];
    const trace::Connection& connection = trace.connections[mail.connection];
    Fact fact;
    fact.label = std::to_string(id + 1);
    fact.value = fmt::format(
        "{}, {}, {} → {}", mail.subject.empty() ? "a message" : printable_utf8(mail.subject),
        languages::title(mail.protocol), index.endpoint_name(connection.client),
        index.endpoint_name(connection.server));
    fact.leads_to = {Selected::Mail, id};
    section.facts.push_back(std::move(fact));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

Inspector inspect_nothing(const TraceIndex& index) {
  const Trace& trace = index.trace();
  Inspector out;
  out.chips.push_back({trace.source.kind == trace::SourceKind::Simulator ? "scenario"
                       : trace.source.kind == trace::SourceKind::File    ? "capture"
                                                                         : "live",
                       Role::Accent, true});
  out.title = trace.source.title.empty() ? trace.source.name : trace.source.title;
  if (!trace.source.summary.empty()) out.meaning.push_back(trace.source.summary);
  Section section{"What is in it", "", {}, {}};
  add_fact(section, "lasts", span_text(index.duration()));
  const auto [connections, queries] = trace::count_connections(trace);
  add_fact(section, "connections", std::to_string(connections));
  if (queries > 0) add_fact(section, "DNS queries", std::to_string(queries));
  add_fact(section, "PDUs", std::to_string(trace.pdus.size()));
  add_fact(section, "messages", std::to_string(trace.mails.size()));
  add_fact(section, "packets", std::to_string(trace.source.frames));
  add_fact(section, "findings", std::to_string(trace.findings.size()));
  out.sections.push_back(std::move(section));
  add_connections(index, out);
  add_letters(index, out);
  Section chapters{"Chapters", "keys 1–9", {}, {}};
  for (std::size_t i = 0; i < index.chapters().size() && i < kFactsMax; ++i)
    add_fact(chapters, std::to_string(i + 1), trace.notes[index.chapters()[i]].text);
  if (!chapters.facts.empty()) out.sections.push_back(std::move(chapters));
  return out;
}

}  // namespace

Inspector inspect(const TraceIndex& index, const Cursor& cursor) {
  const Selection selection = cursor.selection;
  const Trace& trace = index.trace();
  Inspector out;
  switch (selection.kind) {
    case Selected::Pdu:
      if (selection.id < trace.pdus.size()) out = inspect_pdu(index, selection.id, cursor.time);
      break;
    case Selected::Host:
      if (selection.id < trace.hosts.size()) out = inspect_host(index, cursor, selection.id);
      break;
    case Selected::Change:
      if (selection.id < trace.changes.size()) out = inspect_change(index, cursor, selection.id);
      break;
    case Selected::Mail:
      if (selection.id < trace.mails.size()) out = inspect_mail(index, selection.id);
      break;
    case Selected::Frame:
      if (selection.id < trace.frames.size()) {
        say_frame(index, selection.id, out);
        add_layers(trace, selection.id, out);
        const Id origin = trace.frames[selection.id].origin;
        add_hops(index, origin == kNone ? selection.id : origin, "The packet, link by link", out);
      }
      break;
    case Selected::Nothing:
      out = inspect_nothing(index);
      break;
  }
  out.selection = selection;
  return out;
}

}  // namespace mailscope::viz
