#include "captures/observe/context.hpp"

#include <utility>

#include "captures/languages/languages.hpp"

namespace mailscope::observe {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;

constexpr std::size_t kIdleReadersMax = 16;

std::string agent_name(AgentKind kind) {
  return std::string(trace::name(kind));
}

}  // namespace

Context::Context(trace::Trace& shared_trace, RoadOptions road_options)
    : trace(shared_trace),
      options(road_options),
      hasher([this](Hasher::Tag tag, std::string hex) { set_digest(trace, tag, std::move(hex)); }) {
  for (Id id = 0; id < trace.hosts.size(); ++id)
    for (const std::string& text : trace.hosts[id].addresses)
      if (const auto address = IpAddress::parse(text)) hosts_.emplace(*address, id);
}

Id Context::host(const IpAddress& address) {
  // A record that grows gets hosts while it is read; a capture's hosts are all made here.
  if (trace.source.simulated() && !hosts_.contains(address)) {
    const std::string text = address.text();
    for (Id id = 0; id < trace.hosts.size(); ++id)
      for (const std::string& known : trace.hosts[id].addresses)
        if (known == text) return hosts_.emplace(address, id).first->second;
  }
  const auto [place, added] = hosts_.try_emplace(address, static_cast<Id>(trace.hosts.size()));
  if (added) {
    trace::Host host;
    host.name = address.text();
    host.addresses.push_back(host.name);
    trace.hosts.push_back(std::move(host));
  }
  return place->second;
}

// Of a simulated host: the one that listens there, else the first of that kind.
Id Context::known_agent(Id host, AgentKind kind, std::uint16_t port) const {
  Id first = kNone;
  for (Id id = 0; id < trace.agents.size(); ++id) {
    const trace::Agent& known = trace.agents[id];
    if (known.host != host || known.kind != kind) continue;
    if (port == 0 || known.port == port) return id;
    if (first == kNone) first = id;
  }
  return first;
}

Id Context::agent(Id host, AgentKind kind, std::uint16_t port) {
  if (trace.source.simulated()) return known_agent(host, kind, port);
  const std::uint32_t key = static_cast<std::uint32_t>(kind) << 16 | port;
  const auto [place, added] =
      agents_.try_emplace({host, key}, static_cast<Id>(trace.agents.size()));
  if (added) trace.agents.push_back({host, kind, agent_name(kind), port});
  return place->second;
}

void Context::set_agents(trace::Connection& connection) {
  const languages::Language::Card& card = languages::of(connection.protocol).card();
  if (card.server == AgentKind::Other) return;
  trace::Endpoint& client = connection.client;
  trace::Endpoint& server = connection.server;
  server.agent = agent(server.host, card.server, server.port);
  trace::Host& machine = trace.hosts[server.host];
  if (machine.kind == trace::HostKind::Unknown) machine.kind = trace::HostKind::Server;
  client.agent = agent(client.host, card.client, 0);
  if (client.agent == kNone) client.agent = agent(client.host, AgentKind::UserAgent, 0);
}

std::unique_ptr<MailReader> Context::take_reader() {
  if (readers_.empty()) return std::make_unique<MailReader>(hasher);
  std::unique_ptr<MailReader> reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void Context::give_back(std::unique_ptr<MailReader> reader) {
  if (readers_.size() < kIdleReadersMax) readers_.push_back(std::move(reader));
}

}  // namespace mailscope::observe
