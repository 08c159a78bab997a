#include "captures/observe/stream/connection_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "captures/languages/languages.hpp"

namespace mailscope::observe {
namespace {

using tcp::Anomaly;
using trace::Closing;
using trace::kNone;
using trace::Opening;
using trace::Severity;

std::string_view sender(Direction direction) {
  return direction == Direction::ToServer ? "the client" : "the server";
}

std::string times(std::uint32_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

}  // namespace

void attach_frame(trace::Trace& trace, trace::Id id, trace::Id connection, Direction direction) {
  if (id >= trace.frames.size()) return;
  trace.revise_frame(id);
  trace::Frame& frame = trace.frames[id];
  frame.connection = connection;
  const bool from_client = direction == Direction::ToServer;
  const trace::Connection& ends = trace.connections[connection];
  if (frame.from == kNone) frame.from = from_client ? ends.client.host : ends.server.host;
  if (frame.to == kNone) frame.to = from_client ? ends.server.host : ends.client.host;
}

ConnectionReader::ConnectionReader(Context& context, const tcp::Flow& flow,
                                   const tcp::FrameRef& frame)
    : context_(context),
      id_(static_cast<trace::Id>(context.trace.connections.size())),
      pdus_(context, id_) {
  trace::Connection connection;
  connection.opening = flow.opening;
  connection.client.address = flow.client_address;
  connection.client.port = flow.client_port;
  connection.client.host = context.host(flow.client_address);
  connection.server.address = flow.server_address;
  connection.server.port = flow.server_port;
  connection.server.host = context.host(flow.server_address);
  connection.opened = frame.at;
  // Until its first octets have told: what its port says.
  connection.protocol = languages::service_at(flow.server_port).protocol;
  if (context.trace.source.simulated()) context.set_agents(connection);
  context.trace.connections.push_back(std::move(connection));
  open_reader();
}

void ConnectionReader::open_reader() {
  const ReaderPlace place{context_, id_, pdus_, findings_};
  std::unique_ptr<Layer> layer;
  if (context_.options.layer)
    layer = context_.options.layer(connection(), LayerBegins::WithConnection);
  const auto listen = [this](const ReaderPlace& at, std::function<void()> swap) {
    auto listener = std::make_unique<Listener>(at, std::move(swap));
    listener_ = listener.get();
    return listener;
  };
  if (!layer) {
    reader_ = listen(place, [this] { swap_sides(); });
    return;
  }
  reader_ = std::make_unique<LayeredReader>(
      place, std::move(layer), [&](const ReaderPlace& above) { return listen(above, {}); });
}

void ConnectionReader::on_frame(Direction direction, const tcp::FrameRef& frame) {
  attach_frame(context_.trace, frame.frame, id_, oriented(direction));
}

void ConnectionReader::on_handshake(Direction from, bool complete, const tcp::FrameRef& frame) {
  if (open_pdu_ == kNone && connection().opening != Opening::Midstream)
    open_pdu_ = pdus_.add_event(trace::PduKind::Open, oriented(from), frame);
  if (open_pdu_ != kNone) {
    trace::Pdu& open = context_.trace.pdus[open_pdu_];
    open.last = open.received = frame.at;
    context_.trace.revise_pdu(open_pdu_);
  }
  if (!complete) return;
  connection().opening = Opening::Handshake;
  if (context_.everything()) context_.handshakes.push_back({open_pdu_, frame.frame});
}

void ConnectionReader::on_octets(Direction from, std::uint64_t begin, std::string_view octets,
                                 const tcp::FrameRef& frame) {
  const Direction direction = oriented(from);
  connection().octets[static_cast<int>(direction)] += octets.size();
  pdus_.add_segment(direction, begin, octets.size(), frame);
  reader_->octets(direction, begin, octets, frame.at);
}

void ConnectionReader::on_gap(Direction from, std::uint64_t begin, std::uint64_t octets,
                              trace::Time at) {
  const Direction direction = oriented(from);
  connection().missing[static_cast<int>(direction)] += octets;
  report(Severity::Warning, "tcp.gap", at, kNone,
         fmt::format("{} octets from {} were never captured", octets, sender(direction)),
         "RFC 9293 §3.4");
  reader_->gap(direction, begin, octets, at);
}

void ConnectionReader::on_anomaly(Direction from, Anomaly anomaly, std::uint64_t begin,
                                  std::uint64_t end, const tcp::FrameRef& frame) {
  const bool bare = anomaly == Anomaly::Retransmission && begin == end;
  Tally& tally = !bare                                   ? tallies_[static_cast<int>(anomaly)]
                 : fin_seen_[static_cast<int>(from)]     ? fins_
                 : oriented(from) == Direction::ToServer ? syns_
                                                         : syn_acks_;
  if (tally.count++ == 0) {
    tally.at = frame.at;
    tally.frame = frame.frame;
  }
  tally.octets += end - begin;
  if (anomaly == Anomaly::Retransmission && context_.everything() && end > begin)
    context_.repeats.push_back({id_, oriented(from), begin, end, frame.frame});
}

void ConnectionReader::on_fin(Direction from, const tcp::FrameRef& frame) {
  last_fin_ = frame.at;
  reader_->eof(oriented(from), frame.at);
  // The sides may have been swapped just now.
  const trace::Id pdu = pdus_.add_event(trace::PduKind::Close, oriented(from), frame);
  fin_seen_[static_cast<int>(from)] = true;
  if (fin_seen_[0] && fin_seen_[1]) mark_closed(pdu);
}

void ConnectionReader::on_reset(Direction from, const tcp::FrameRef& frame) {
  last_fin_ = frame.at;
  mark_closed(pdus_.add_event(trace::PduKind::Reset, oriented(from), frame));
}

// With the connection the session is over, whatever it had come to.
void ConnectionReader::mark_closed(trace::Id pdu) {
  if (pdu == kNone || !listener_->decided()) return;
  if (const auto state = languages::of(connection().protocol).closed_state())
    context_.trace.pdus[pdu].state = *state;
}

void ConnectionReader::on_end(Closing closing, trace::Time at) {
  reader_->end(at);
  trace::Connection& ended = connection();
  ended.closing = closing;
  if (closing == Closing::Fin || closing == Closing::Rst)
    ended.closed = last_fin_;
  else if (closing == Closing::Timeout)
    ended.closed = at;
  const bool closed = closing == Closing::Fin || closing == Closing::Rst;
  ended.complete = ended.opening == Opening::Handshake && closed && ended.missing[0] == 0 &&
                   ended.missing[1] == 0;
  report_tallies();
  findings_.finish(context_.trace, id_, at);
}

void ConnectionReader::swap_sides() {
  swapped_ = true;
  trace::Connection& ends = connection();
  std::swap(ends.client, ends.server);
  std::swap(ends.octets[0], ends.octets[1]);
  std::swap(ends.missing[0], ends.missing[1]);
  pdus_.swap_sides();
  for (Repeat& repeat : context_.repeats)
    if (repeat.connection == id_) repeat.direction = other(repeat.direction);
}

void ConnectionReader::report_tallies() {
  const auto tally = [&](Anomaly anomaly) -> const Tally& {
    return tallies_[static_cast<int>(anomaly)];
  };
  const auto repeated = [&](const Tally& t, std::string_view flag, bool in_vain) {
    if (t.count > 0)
      report(Severity::Note, "tcp.retransmission", t.at, t.frame,
             fmt::format("the {} was repeated {}{}", flag, times(t.count),
                         in_vain ? ", no answer came" : ""),
             in_vain ? "RFC 9293 §3.8.3" : "RFC 9293 §3.8.1");
  };
  repeated(syns_, "SYN", connection().opening == trace::Opening::SynOnly);
  repeated(syn_acks_, "SYN ACK", false);
  repeated(fins_, "FIN", false);
  if (const Tally& t = tally(Anomaly::Retransmission); t.count > 0)
    report(Severity::Note, "tcp.retransmission", t.at, t.frame,
           fmt::format("octets were sent again {} ({} octets)", times(t.count), t.octets),
           "RFC 9293 §3.8.1");
  if (const Tally& t = tally(Anomaly::ConflictingOverlap); t.count > 0)
    report(Severity::Warning, "tcp.overlap-conflict", t.at, t.frame,
           fmt::format("octets came again and were not the same {}; the first copy is shown",
                       times(t.count)),
           "RFC 9293 §3.10.7.4");
  if (const Tally& t = tally(Anomaly::OutOfOrder); t.count > 0)
    report(Severity::Note, "tcp.out-of-order", t.at, t.frame,
           fmt::format("a segment came before one in front of it {}", times(t.count)),
           "RFC 9293 §3.4");
  if (const Tally& t = tally(Anomaly::CutBySnapLength); t.count > 0)
    report(Severity::Warning, "tcp.cut", t.at, t.frame,
           fmt::format("the capture holds less of a frame than was sent {}", times(t.count)), "");
  if (const Tally& t = tally(Anomaly::PortReused); t.count > 0)
    report(Severity::Note, "tcp.port-reused", t.at, t.frame,
           "the same two ports began a new connection", "RFC 9293 §3.4");
}

void ConnectionReader::report(Severity severity, std::string_view code, trace::Time at,
                              trace::Id frame, std::string text, std::string_view rfc) {
  trace::Finding finding;
  finding.severity = severity;
  finding.code = code;
  finding.at = at;
  finding.connection = id_;
  finding.frame = frame;
  finding.text = std::move(text);
  finding.rfc = rfc;
  findings_.add(context_.trace, std::move(finding));
}

}  // namespace mailscope::observe
