#include "captures/observe/datagram/datagram_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "captures/observe/exchanges.hpp"
#include "captures/observe/stream/connection_reader.hpp"

namespace mailscope::observe {

using languages::Datagram;
using languages::Language;
using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Severity;
using trace::Time;

namespace {

std::string times(std::uint32_t count) {
  return count == 1 ? "" : fmt::format(", asked {} times,", count);
}

}  // namespace

bool DatagramReader::add(const tcp::Decoded& decoded, std::string_view octets,
                         const tcp::FrameRef& frame) {
  if (!decoded.is_udp()) return false;
  const trace::Protocol protocol =
      languages::datagrams_at(decoded.source_port, decoded.destination_port);
  if (protocol == languages::kUnknown) return false;
  const Language& language = languages::of(protocol);
  const std::string_view message = octets.substr(decoded.payload_at, decoded.payload_octets);
  const auto read = language.read_datagram(message);
  Flow& flow = flow_of(key_of(decoded, protocol, read && read->response), frame.at);
  const bool to_server = flow.key.server == decoded.destination &&
                         flow.key.server_port == decoded.destination_port &&
                         flow.key.client_port == decoded.source_port;
  Arrival arrival{to_server ? Direction::ToServer : Direction::ToClient, frame, {}};
  arrival.frame.payload_at = decoded.payload_at;
  attach_frame(context_.trace, frame.frame, flow.id, arrival.direction);
  const int d = static_cast<int>(arrival.direction);
  arrival.pdu.direction = arrival.direction;
  arrival.pdu.begin = flow.octets[d];
  arrival.pdu.end = flow.octets[d] += message.size();
  trace::Connection& connection = context_.trace.connections[flow.id];
  connection.octets[d] += message.size();
  connection.missing[d] += decoded.payload_wire_octets - decoded.payload_octets;
  connection.closed = flow.last = frame.at;
  if (!message.empty())
    flow.pdus.add_segment(arrival.direction, arrival.pdu.begin, message.size(), arrival.frame);
  if (!read)
    damage(flow, arrival, read.error(), decoded.payload_octets < decoded.payload_wire_octets);
  else if (to_server)
    question(flow, arrival, *read);
  else
    answer(flow, arrival, *read);
  trace::Connection& now = context_.trace.connections[flow.id];
  now.complete = !flow.waits() && !flow.damaged && now.commands > 0;
  return true;
}

// The server is at the language's port; where both are, a response comes from it.
DatagramReader::Key DatagramReader::key_of(const tcp::Decoded& decoded, trace::Protocol protocol,
                                           bool response) {
  const auto is_servers = [&](std::uint16_t port) {
    return languages::service_at(port).protocol == protocol;
  };
  const bool to_server =
      is_servers(decoded.destination_port) && (!is_servers(decoded.source_port) || !response);
  if (to_server)
    return {protocol, decoded.source, decoded.destination, decoded.source_port,
            decoded.destination_port};
  return {protocol, decoded.destination, decoded.source, decoded.destination_port,
          decoded.source_port};
}

void DatagramReader::question(Flow& flow, Arrival arrival, const Datagram& message) {
  ++context_.trace.connections[flow.id].commands;
  arrival.pdu.kind = PduKind::Command;
  arrival.pdu.word = message.word;
  if (message.response || message.about.empty()) arrival.pdu.flags |= Pdu::kOutOfPlace;
  auto entry = std::find_if(flow.asked.begin(), flow.asked.end(), [&](const Asked& question) {
    return question.id == message.id && question.about == message.about;
  });
  if (entry != flow.asked.end()) arrival.pdu.flags |= Pdu::kRetransmitted;
  const Id pdu = flow.pdus.add(arrival.pdu);
  if (entry == flow.asked.end()) {
    if (flow.asked.size() >= kQuestionsMax) flow.asked.pop_front();
    flow.asked.push_back({});
    entry = std::prev(flow.asked.end());
    entry->id = message.id;
    entry->about = message.about;
    entry->question = message.question;
  }
  ++entry->times;
  entry->at = arrival.frame.at;
  entry->pdu = pdu;
  entry->exchange = add_exchange(context_, flow.id, pdu);
  entry->answered = false;
}

void DatagramReader::answer(Flow& flow, Arrival arrival, const Datagram& message) {
  ++context_.trace.connections[flow.id].replies;
  arrival.pdu.kind = PduKind::Reply;
  arrival.pdu.word = message.word;
  arrival.pdu.answers = message.answers;
  // A server that could not read the question may not be able to repeat it.
  const auto entry = std::find_if(flow.asked.begin(), flow.asked.end(), [&](const Asked& question) {
    return question.id == message.id && (message.about.empty() || question.about == message.about);
  });
  const bool fits = entry != flow.asked.end() && message.response;
  if (!fits) arrival.pdu.flags |= Pdu::kOutOfPlace;
  if (fits && entry->answered) arrival.pdu.flags |= Pdu::kRetransmitted;
  const Id pdu = flow.pdus.add(arrival.pdu);
  add_reply(context_.trace, fits ? entry->exchange : add_exchange(context_, flow.id, kNone), pdu);
  if (fits)
    entry->answered = true;
  else
    report(flow, Severity::Note, card(flow).findings.unasked, arrival.frame.at, pdu,
           "an answer to no question that was captured");
}

void DatagramReader::damage(Flow& flow, Arrival arrival, const std::string& why, bool cut) {
  flow.damaged = true;
  Id pdu = kNone;
  if (arrival.pdu.end > arrival.pdu.begin) {
    arrival.pdu.kind = PduKind::Opaque;
    arrival.pdu.flags = Pdu::kIncomplete;
    pdu = flow.pdus.add(arrival.pdu);
  }
  if (cut)
    report(flow, Severity::Note, card(flow).findings.cut, arrival.frame.at, pdu,
           fmt::format("the capture holds less of a {} message than was sent", card(flow).title));
  else
    report(flow, Severity::Warning, card(flow).findings.malformed, arrival.frame.at, pdu,
           fmt::format("a datagram on port {} is no {} message: {}", flow.key.server_port,
                       card(flow).title, why));
}

const Language::Card& DatagramReader::card(const Flow& flow) {
  return languages::of(flow.key.protocol).card();
}

bool DatagramReader::Flow::waits() const {
  return std::any_of(asked.begin(), asked.end(),
                     [](const Asked& question) { return !question.answered; });
}

// ---- connections --------------------------------------------------------------------------------

DatagramReader::Flow& DatagramReader::flow_of(const Key& key, Time at) {
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

DatagramReader::Flow& DatagramReader::begin(const Key& key, Time at) {
  trace::Connection connection;
  connection.protocol = key.protocol;
  connection.opening = trace::Opening::Datagrams;
  connection.client = {context_.host(key.client), kNone, key.client, key.client_port};
  connection.server = {context_.host(key.server), kNone, key.server, key.server_port};
  connection.opened = at;
  context_.set_agents(connection);
  const Id id = static_cast<Id>(context_.trace.connections.size());
  context_.trace.connections.push_back(std::move(connection));
  flows_.emplace_back(context_, key, id);
  by_key_[key] = std::prev(flows_.end());
  return flows_.back();
}

void DatagramReader::end(Flows::iterator flow) {
  for (const Asked& question : flow->asked)
    if (!question.answered)
      report(*flow, Severity::Warning, card(*flow).findings.unanswered, question.at, question.pdu,
             fmt::format("the question {}{} was not answered", question.question,
                         times(question.times)));
  if (flow->waits()) context_.trace.connections[flow->id].closing = trace::Closing::Timeout;
  flow->findings.finish(context_.trace, flow->id, flow->last);
  by_key_.erase(flow->key);
  flows_.erase(flow);
}

void DatagramReader::finish() {
  while (!flows_.empty()) end(flows_.begin());
}

void DatagramReader::report(Flow& flow, Severity severity, std::string_view code, Time at, Id pdu,
                            std::string text) {
  trace::Finding finding;
  finding.severity = severity;
  finding.code = code;
  finding.at = at;
  finding.connection = flow.id;
  finding.pdu = pdu;
  finding.text = std::move(text);
  if (const trace::FindingKind* kind = languages::find_finding_kind(code))
    finding.rfc = kind->section;
  flow.findings.add(context_.trace, std::move(finding));
}

}  // namespace mailscope::observe
