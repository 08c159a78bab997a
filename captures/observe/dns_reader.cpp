#include "captures/observe/dns_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "captures/observe/session.hpp"

namespace mailscope::observe {

using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Severity;
using trace::Time;

namespace {

// QR: the header's 17th bit. Ports say as much, unless both are 53.
bool says_response(std::string_view message) {
  return message.size() > 2 && (static_cast<unsigned char>(message[2]) & 0x80) != 0;
}

bool same(const dns::Question& a, const dns::Question& b) {
  return a.type == b.type && dns::equal_names(a.name, b.name);
}

std::string times(std::uint32_t count) {
  return count == 1 ? "" : fmt::format(", asked {} times,", count);
}

}  // namespace

void DnsReader::add(const tcp::Decoded& decoded, std::string_view octets,
                    const tcp::FrameRef& frame) {
  const std::string_view message = octets.substr(decoded.payload_at, decoded.payload_octets);
  const bool to_server = decoded.destination_port == dns::kPort &&
                         (decoded.source_port != dns::kPort || !says_response(message));
  Key key{decoded.source, decoded.destination, decoded.source_port};
  if (!to_server)
    key = {decoded.destination, decoded.source, decoded.destination_port};
  Flow& flow = flow_of(key, frame.at);
  Datagram datagram{to_server ? Direction::ToServer : Direction::ToClient, frame, {}};
  datagram.frame.payload_at = decoded.payload_at;
  attach_frame(context_.trace, frame.frame, flow.id, datagram.direction);
  const int d = static_cast<int>(datagram.direction);
  datagram.pdu.direction = datagram.direction;
  datagram.pdu.begin = flow.octets[d];
  datagram.pdu.end = flow.octets[d] += message.size();
  trace::Connection& connection = context_.trace.connections[flow.id];
  connection.octets[d] += message.size();
  connection.missing[d] += decoded.payload_wire_octets - decoded.payload_octets;
  connection.closed = flow.last = frame.at;
  if (!message.empty())
    flow.pdus.add_segment(datagram.direction, datagram.pdu.begin, message.size(), datagram.frame);
  const auto read = dns::decode(message);
  if (!read)
    damage(flow, datagram, read.error(), decoded.payload_octets < decoded.payload_wire_octets);
  else if (to_server)
    question(flow, datagram, *read);
  else
    answer(flow, datagram, *read);
  trace::Connection& now = context_.trace.connections[flow.id];
  now.complete = !flow.waits() && !flow.damaged && now.commands > 0;
}

void DnsReader::question(Flow& flow, Datagram datagram, const dns::Message& message) {
  ++context_.trace.connections[flow.id].commands;
  const dns::Question question =
      message.questions.empty() ? dns::Question{} : message.questions.front();
  datagram.pdu.kind = PduKind::Command;
  datagram.pdu.word = static_cast<std::uint16_t>(question.type);
  if (message.response || message.questions.empty()) datagram.pdu.flags |= Pdu::kOutOfPlace;
  auto entry = std::find_if(flow.asked.begin(), flow.asked.end(), [&](const Asked& one) {
    return one.id == message.id && same(one.question, question);
  });
  if (entry != flow.asked.end()) datagram.pdu.flags |= Pdu::kRetransmitted;
  const Id pdu = flow.pdus.add(datagram.pdu);
  if (entry == flow.asked.end()) {
    if (flow.asked.size() >= kQuestionsMax) flow.asked.pop_front();
    flow.asked.push_back({});
    entry = std::prev(flow.asked.end());
    entry->id = message.id;
    entry->question = question;
  }
  ++entry->times;
  entry->at = datagram.frame.at;
  entry->pdu = pdu;
  entry->exchange = add_exchange(flow, pdu);
  entry->answered = false;
}

void DnsReader::answer(Flow& flow, Datagram datagram, const dns::Message& message) {
  ++context_.trace.connections[flow.id].replies;
  datagram.pdu.kind = PduKind::Reply;
  datagram.pdu.word = static_cast<std::uint16_t>(message.rcode);
  if (!message.questions.empty())
    datagram.pdu.answers = static_cast<std::uint16_t>(message.questions.front().type);
  // A server that could not read the question may not be able to repeat it.
  const auto entry = std::find_if(flow.asked.begin(), flow.asked.end(), [&](const Asked& one) {
    return one.id == message.id &&
           (message.questions.empty() || same(one.question, message.questions.front()));
  });
  const bool fits = entry != flow.asked.end() && message.response;
  if (!fits) datagram.pdu.flags |= Pdu::kOutOfPlace;
  if (fits && entry->answered) datagram.pdu.flags |= Pdu::kRetransmitted;
  const Id pdu = flow.pdus.add(datagram.pdu);
  add_reply(fits ? entry->exchange : add_exchange(flow, kNone), pdu);
  if (fits)
    entry->answered = true;
  else
    report(flow, Severity::Note, "dns.unasked", datagram.frame.at, pdu,
           "an answer to no question that was captured", "RFC 5452 §4");
}

void DnsReader::add_reply(Id exchange, Id pdu) {
  if (exchange == kNone || pdu == kNone) return;
  trace::Exchange& entry = context_.trace.exchanges[exchange];
  context_.trace.pdus[pdu].exchange = exchange;
  if (entry.first_reply == kNone)
    entry.first_reply = pdu;
  else
    context_.trace.pdus[entry.last_reply].next_reply = pdu;
  entry.last_reply = pdu;
}

void DnsReader::damage(Flow& flow, Datagram datagram, const std::string& why, bool cut) {
  flow.damaged = true;
  Id pdu = kNone;
  if (datagram.pdu.end > datagram.pdu.begin) {
    datagram.pdu.kind = PduKind::Opaque;
    datagram.pdu.flags = Pdu::kIncomplete;
    pdu = flow.pdus.add(datagram.pdu);
  }
  if (cut)
    report(flow, Severity::Note, "dns.cut", datagram.frame.at, pdu,
           "the capture holds less of a DNS message than was sent", "");
  else
    report(flow, Severity::Warning, "dns.malformed", datagram.frame.at, pdu,
           fmt::format("a datagram on port 53 is no DNS message: {}", why), "RFC 1035 §4.1");
}

bool DnsReader::Flow::waits() const {
  return std::any_of(asked.begin(), asked.end(), [](const Asked& one) { return !one.answered; });
}

// ---- connections --------------------------------------------------------------------------------

DnsReader::Flow& DnsReader::flow_of(const Key& key, Time at) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    const Flows::iterator flow = found->second;
    if (at - flow->last <= kIdleMax) {
      flows_.splice(flows_.end(), flows_, flow);
      return *flow;
    }
    end(flow);
  }
  if (flows_.size() >= kFlowsMax) end(flows_.begin());
  return begin(key, at);
}

DnsReader::Flow& DnsReader::begin(const Key& key, Time at) {
  trace::Connection connection;
  connection.protocol = trace::Protocol::Dns;
  connection.opening = trace::Opening::Datagrams;
  connection.client = {context_.host(key.client), kNone, key.client, key.client_port};
  connection.server = {context_.host(key.server), kNone, key.server, dns::kPort};
  connection.opened = at;
  context_.set_agents(connection);
  const Id id = static_cast<Id>(context_.trace.connections.size());
  context_.trace.connections.push_back(std::move(connection));
  flows_.emplace_back(context_, key, id);
  by_key_[key] = std::prev(flows_.end());
  return flows_.back();
}

void DnsReader::end(Flows::iterator flow) {
  for (const Asked& one : flow->asked)
    if (!one.answered)
      report(*flow, Severity::Warning, "dns.no-answer", one.at, one.pdu,
             fmt::format("the question {}{} was not answered", dns::text(one.question),
                         times(one.times)),
             "RFC 1035 §7.2");
  if (flow->waits()) context_.trace.connections[flow->id].closing = trace::Closing::Timeout;
  flow->findings.finish(context_.trace, flow->id, flow->last);
  by_key_.erase(flow->key);
  flows_.erase(flow);
}

void DnsReader::finish() {
  while (!flows_.empty()) end(flows_.begin());
}

Id DnsReader::add_exchange(const Flow& flow, Id command) {
  if (!context_.everything()) return kNone;
  const Id id = static_cast<Id>(context_.trace.exchanges.size());
  context_.trace.exchanges.push_back({flow.id, command, kNone, kNone, kNone});
  if (command != kNone) context_.trace.pdus[command].exchange = id;
  return id;
}

void DnsReader::report(Flow& flow, Severity severity, std::string_view code, Time at, Id pdu,
                       std::string text, std::string_view rfc) {
  trace::Finding finding;
  finding.severity = severity;
  finding.code = code;
  finding.at = at;
  finding.connection = flow.id;
  finding.pdu = pdu;
  finding.text = std::move(text);
  finding.rfc = rfc;
  flow.findings.add(context_.trace, std::move(finding));
}

std::optional<dns::Message> dns_message(const trace::Trace& trace, const Pdu& pdu) {
  const bool line = pdu.kind == PduKind::Command || pdu.kind == PduKind::Reply;
  if (!line || trace.connections[pdu.connection].protocol != trace::Protocol::Dns) return {};
  auto message = dns::decode(trace.pdu_octets(pdu, dns::kMessageOctetsMax));
  if (!message) return {};
  return std::move(*message);
}

}  // namespace mailscope::observe
