#include "scenarios/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "captures/observe/road.hpp"
#include "scenarios/stage.hpp"
#include "scenarios/take_road.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;

constexpr std::size_t kMuch = 2000;  // frames in one turn

struct ServiceKind {
  std::string_view name;
  std::uint16_t port;  // where the simulated program listens
  std::uint16_t LiveOptions::*first;
  bool says_421;
};
constexpr ServiceKind kServices[] = {
    {"smtp", 25, &LiveOptions::smtp, true},
    {"pop3", 110, &LiveOptions::pop3, false},
    {"submission", 587, &LiveOptions::submission, true},
};

std::int64_t unix_nanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// The scenario as it is served: now, with a submission port, open to its own domains and no other,
// on disks that make nobody wait (but are written after the message has come). Who takes mail for
// others has an MTA client, too, also where the lesson does without: a user may answer a letter.
Scenario prepared(const Scenario& scenario, const LiveOptions& options, std::int64_t begin) {
  Scenario served = scenario;
  served.begin = begin / sim::kSecond;
  for (HostSpec& host : served.hosts) {
    sim::MailConfig& mail = host.mail;
    for (const HostSpec& other : scenario.hosts)
      if (!other.domain.empty()) mail.relay_domains.push_back(other.domain);
    mail.submission = !host.domain.empty();
    if (!host.domain.empty() && host.has(AgentKind::MtaServer) && !host.has(AgentKind::MtaClient))
      host.agents.push_back(AgentKind::MtaClient);
    mail.message_octets_max = std::min(mail.message_octets_max, options.message_octets_max);
    mail.idle_timeout = std::min(mail.idle_timeout, options.limits.idle);
    mail.disk_write = sim::kMicrosecond;
    if (mail.disk_octets_max == 0) mail.disk_octets_max = options.disk_octets_max;
  }
  return served;
}

// Which programs speak on each connection.
void name_the_speakers(Trace& trace) {
  for (trace::Connection& connection : trace.connections) {
    const auto [client, server] = trace::speakers(connection.protocol);
    connection.client.agent = find_agent(trace, connection.client.host, client);
    connection.server.agent = find_agent(trace, connection.server.host, server);
  }
}

// From frames and inside events to everything else.
void read_whole(Trace& trace, const sim::Recorder& recorder) {
  trace.source.kind = trace::SourceKind::Scenario;  // its agents are known
  trace.source.frames = trace.source.octets = 0;
  take_the_road(trace, recorder);
  name_the_speakers(trace);
  trace.source.kind = trace::SourceKind::Live;
  trace.source.duration = last_moment(trace);
}

}  // namespace

struct Live::Impl {
  Impl(const Scenario& given, const LiveOptions& the_options)
      : options(the_options),
        begin(unix_nanoseconds()),
        scenario(prepared(given, the_options, begin)),
        stage(scenario, scenario.seed, {}, record, {.people = false}),
        loop(stage.network(), record, stage.recorder(), options.limits) {
    trace::Source& source = record.source;
    source.kind = trace::SourceKind::Live;
    source.name = scenario.name;
    source.title = scenario.title;
    source.seed = scenario.seed;
    source.begin = begin;
    // The scout's reading, too, is of hosts whose agents are known.
    scout.source.kind = trace::SourceKind::Scenario;
    loop.on_full([this] {
      stage.network().set_tap(nullptr);
      for (const auto& [name, machine] : stage.machines()) machine->recorded = false;
      if (on_full) on_full();
    });
  }

  tl::expected<void, std::string> listen(const IpAddress& address) {
    for (const ServiceKind& kind : kServices) {
      std::uint16_t port = options.*kind.first;
      for (const HostSpec& host : scenario.hosts) {
        sim::Node& node = stage.machine(host.name).node();
        if (!listens(node, kind.port)) continue;
        const std::string farewell =
            kind.says_421 ? fmt::format("421 {} ", stage.machine(host.name).mail_name()) : "";
        const bool codes = kind.says_421 && !host.mail.classic && host.mail.enhanced_status_codes;
        const auto given =
            loop.listen({&node, kind.port, farewell, codes, !kind.says_421}, address, port);
        if (!given) return tl::unexpected(given.error());
        ports.push_back({std::string(kind.name), host.name, address.text(), *given});
        if (port == 65535) return tl::unexpected(fmt::format("there is no port above {}", port));
        if (port != 0) ++port;
      }
    }
    if (ports.empty())
      return tl::unexpected(
          fmt::format("{}: this scenario has no mail server to serve", scenario.file));
    record.source.summary = invitation();
    return {};
  }

  std::string invitation() const {
    std::string text =
        "Its mail servers stand on ports of this machine, for real mail programs. Users have their "
        "own name as password.";
    for (const LivePort& one : ports)
      text += fmt::format(" {} {}: {}:{}.", one.host, one.protocol, one.address, one.port);
    return text;
  }

  static bool listens(const sim::Node& node, std::uint16_t port) {
    const auto sockets = node.sockets();
    return std::ranges::any_of(sockets, [&](const sim::SocketInfo& socket) {
      return socket.listening && socket.local.port == port;
    });
  }

  // Reads what is new, for the lines and the counts; keeps connections and mails only. While there
  // is much to do it can wait.
  void look_out(std::size_t frames_max) {
    const std::size_t end = std::min(record.frames.size(), scouted + frames_max);
    for (; scouted < end; ++scouted) {
      const trace::Frame frame = record.frames[scouted];
      const Id id = static_cast<Id>(scouted);
      if (!is_first_hop(frame, id)) continue;
      road.add(record.octets(frame), kEthernet, frame.wire_octets, frame.sent, id);
    }
    for (; mails_seen < scout.mails.size(); ++mails_seen) open_mails.push_back(mails_seen);
    std::erase_if(open_mails, [&](Id id) {
      const trace::Mail& mail = scout.mails[id];
      const trace::Connection& connection = scout.connections[mail.connection];
      if (mail.accepted && on_mail) on_mail(mail, connection);
      return mail.accepted || connection.closed != trace::kNever;
    });
  }

  LiveOptions options;
  std::int64_t begin;
  Scenario scenario;
  Trace record, scout;
  Stage stage;
  sim::LiveLoop loop;
  observe::Road road{scout, {.keep = observe::Keep::Summary, .parts = false}};
  std::size_t scouted = 0;  // frames
  Id mails_seen = 0;
  std::vector<Id> open_mails;  // not accepted yet
  std::vector<LivePort> ports;
  std::function<void(const trace::Mail&, const trace::Connection&)> on_mail;
  std::function<void()> on_full;
};

Live::Live(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Live::~Live() = default;

tl::expected<std::unique_ptr<Live>, std::string> Live::open(const Scenario& scenario,
                                                            const LiveOptions& options) {
  const auto address = IpAddress::parse(options.address);
  if (!address || address->v6)
    return tl::unexpected(
        fmt::format("\"{}\" is not an IPv4 address; write 127.0.0.1", options.address));
  auto impl = std::make_unique<Impl>(scenario, options);
  if (const auto listening = impl->listen(*address); !listening)
    return tl::unexpected(listening.error());
  return std::unique_ptr<Live>(new Live(std::move(impl)));
}

const std::vector<LivePort>& Live::ports() const {
  return impl_->ports;
}
void Live::catch_signals() {
  impl_->loop.catch_signals();
}
bool Live::stopped() const {
  return impl_->loop.stopped();
}

void Live::serve_for(sim::Time wall) {
  const std::size_t before = impl_->record.frames.size();
  impl_->loop.serve_for(wall);
  if (impl_->record.frames.size() - before < kMuch) impl_->look_out(10 * kMuch);
}

void Live::shut_down() {
  impl_->loop.shut_down();
  impl_->look_out(SIZE_MAX - impl_->scouted);
}

void Live::on_mail(std::function<void(const trace::Mail&, const trace::Connection&)> call) {
  impl_->on_mail = std::move(call);
}
void Live::on_full(std::function<void()> call) {
  impl_->on_full = std::move(call);
}

const sim::LiveCounts& Live::counts() const {
  return impl_->loop.counts();
}
std::uint64_t Live::grown() const {
  return impl_->record.frames.size() + impl_->record.changes.size();
}

void Live::refresh(Trace& copy) const {
  const Trace& record = impl_->record;
  copy.source = record.source;
  copy.hosts = record.hosts;
  copy.agents = record.agents;
  copy.links = record.links;
  copy.interventions = record.interventions;
  // Their octets stay where they were copied to; what became of a frame may be new.
  for (Id id = 0; id < record.frames.size(); ++id) {
    trace::Frame frame = record.frames[id];
    frame.at = id < copy.frames.size() ? copy.frames[id].at
                                       : copy.store.append(record.octets(record.frames[id]));
    if (id < copy.frames.size())
      copy.frames[id] = frame;
    else
      copy.frames.push_back(frame);
  }
  for (auto id = static_cast<Id>(copy.variables.size()); id < record.variables.size(); ++id) {
    const trace::Variable& variable = record.variables[id];
    copy.variable(variable.host, variable.agent, variable.what);
  }
  for (auto id = static_cast<Id>(copy.changes.size()); id < record.changes.size(); ++id) {
    const trace::StateChange& change = record.changes[id];
    copy.change(change.at, change.variable, change.after, change.text);
  }
  copy.connections.clear();
  copy.segments.clear();
  copy.pdus.clear();
  copy.exchanges.clear();
  copy.mails.clear();
  copy.findings.clear();
  read_whole(copy, impl_->stage.recorder());
}

Trace& Live::finish() {
  read_whole(impl_->record, impl_->stage.recorder());
  return impl_->record;
}

}  // namespace mailscope::scenarios
