#include "scenarios/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "sim/hosts/maa_server.hpp"
#include "sim/hosts/mda.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/mta_server.hpp"

namespace mailscope::scenarios {
namespace {

using sim::Machine;
using trace::AgentKind;
using trace::Id;

constexpr int kPrefix = 24;

// Tokens: an action's index, or kInterventions + an intervention's.
constexpr std::uint64_t kInterventions = std::uint64_t{1} << 32;

bool has_agent(const HostSpec& spec, AgentKind kind) {
  return std::find(spec.agents.begin(), spec.agents.end(), kind) != spec.agents.end();
}

std::uint32_t network_of(IpAddress address) {
  return address.v4_value() & 0xffffff00u;
}

}  // namespace

Stage::Stage(const Scenario& scenario, std::uint64_t seed, std::vector<Intervention> interventions,
             trace::Trace& trace, const StageOptions& options)
    : scenario_(scenario),
      options_(options),
      interventions_(std::move(interventions)),
      trace_(trace),
      recorder_(trace),
      network_(simulator_, seed, &recorder_) {
  build_network();
  build_routes();
  for (const HostSpec& spec : scenario_.hosts) build_machine(spec);
  for (auto& [name, machine] : machines_)
    for (const UserSpec& user : scenario_.users)
      if (user.server == name && user.computer != name)
        for (const sim::Interface& interface : network_.find_node(user.computer)->interfaces())
          machine->config.relay_clients.push_back(interface.address);
  for (const HostSpec& spec : scenario_.hosts) machine(spec.name).boot();
  for (std::size_t i = 0; i < scenario_.actions.size(); ++i) {
    const ActionSpec& action = scenario_.actions[i];
    waits_for_.push_back(action.after && options_.people ? action.after->nth : 0);
    if (!action.after && options_.people) simulator_.schedule_at(action.at, *this, i);
  }
  for (std::size_t i = 0; i < interventions_.size(); ++i)
    simulator_.schedule_at(interventions_[i].at, *this, kInterventions + i);
}

void Stage::build_network() {
  for (const HostSpec& spec : scenario_.hosts)
    network_.add_node(spec.name).set_forwarding(spec.kind == trace::HostKind::Router);
  std::uint8_t number = 0;
  for (const LinkSpec& spec : scenario_.links) {
    sim::Link& link = network_.add_link(spec.name, spec.options);
    ++number;
    for (std::size_t i = 0; i < spec.hosts.size(); ++i) {
      const IpAddress address = spec.addresses.empty()
                                    ? IpAddress::v4(10, 0, number, static_cast<std::uint8_t>(i + 1))
                                    : *IpAddress::parse(spec.addresses[i]);
      network_.attach(*network_.find_node(spec.hosts[i]), link, address, kPrefix);
    }
  }
  recorder_.describe(network_);
  for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) {
    trace_.hosts[i].kind = scenario_.hosts[i].kind;
    trace_.hosts[i].x = scenario_.hosts[i].x;
    trace_.hosts[i].y = scenario_.hosts[i].y;
  }
}

// Breadth first from every host over the links; only routers pass packets on. On the way each host
// learns a route to every link's network, and by which address it reaches every other host.
void Stage::build_routes() {
  struct Step {
    sim::Node* node;
    IpAddress gateway;  // the first router on the way; all zero while none was passed
    bool direct;
  };
  for (const HostSpec& spec : scenario_.hosts) {
    sim::Node* from = network_.find_node(spec.name);
    auto made = std::make_unique<Machine>(*from, trace_, spec.domain, scenario_.begin);
    std::vector<sim::Node*> seen = {from};
    std::deque<Step> open = {{from, {}, true}};
    while (!open.empty()) {
      const Step step = open.front();
      open.pop_front();
      for (const sim::Interface& interface : step.node->interfaces()) {
        if (!step.direct)
          from->add_route(IpAddress::v4(network_of(interface.address)), kPrefix, step.gateway);
        for (Id neighbor : interface.link->hosts()) {
          sim::Node* node = &network_.node(neighbor);
          if (std::find(seen.begin(), seen.end(), node) != seen.end()) continue;
          seen.push_back(node);
          const auto there =
              std::find_if(node->interfaces().begin(), node->interfaces().end(),
                           [&](const sim::Interface& one) { return one.link == interface.link; });
          made->hosts[node->name()] = there->address;
          if (node->forwarding())
            open.push_back({node, step.direct ? there->address : step.gateway, false});
        }
      }
    }
    machines_.emplace(spec.name, std::move(made));
  }
}

void Stage::build_machine(const HostSpec& spec) {
  Machine& machine = this->machine(spec.name);
  machine.config.classic = scenario_.classic;
  for (const HostSpec& other : scenario_.hosts)
    if (!other.domain.empty() && has_agent(other, AgentKind::MtaServer))
      machine.exchangers[other.domain] = other.name;
  for (AgentKind kind : spec.agents) {
    if (kind == AgentKind::UserAgent) build_users(spec, machine);
    if (kind == AgentKind::MtaServer) machine.add<sim::MtaServer>();
    // The spool stands between the server that fills it and the client and MDA that empty it.
    if (kind == AgentKind::MtaServer || kind == AgentKind::MtaClient) machine.add_spool();
    if (kind == AgentKind::MtaClient) machine.add<sim::MtaClient>();
    if (kind == AgentKind::Mda) machine.add<sim::Mda>();
    if (kind == AgentKind::MaaServer) machine.add<sim::MaaServer>();
    if (kind == AgentKind::MaaClient) maa_clients_[spec.name] = &machine.add<sim::MaaClient>();
  }
  for (const UserSpec& user : scenario_.users) {
    if (user.server == spec.name)
      machine.add_mailbox({user.name, user.full_name, user.address, user.name});
    if (user.computer == spec.name && user.server != spec.name) machine.config.smart_host = user.server;
  }
}

void Stage::build_users(const HostSpec& spec, Machine& machine) {
  const auto users_here =
      std::count_if(scenario_.users.begin(), scenario_.users.end(),
                    [&](const UserSpec& user) { return user.computer == spec.name; });
  for (const UserSpec& user : scenario_.users)
    if (user.computer == spec.name)
      user_agents_[user.name] = &machine.add<sim::UserAgent>(
          sim::Account{user.name, user.full_name, user.address, user.name},
          users_here > 1 ? user.name + "'s user agent" : std::string("user agent"));
}

bool Stage::run() {
  watch_changes();
  while (!simulator_.idle()) {
    if (simulator_.next_time() > kTimeMax || simulator_.events_handled() > kEventsMax) return false;
    simulator_.step();
    watch_changes();
  }
  return true;
}

// Schedules the actions that wait for what has just changed.
void Stage::watch_changes() {
  for (; changes_seen_ < trace_.changes.size(); ++changes_seen_) {
    const trace::StateChange& change = trace_.changes[changes_seen_];
    const trace::Variable& variable = trace_.variables[change.variable];
    for (std::size_t i = 0; i < scenario_.actions.size(); ++i) {
      if (waits_for_[i] == 0) continue;
      const EventPattern& after = *scenario_.actions[i].after;
      if (variable.what != after.word || trace_.hosts[variable.host].name != after.host) continue;
      if (!after.any_value && change.after != after.value) continue;
      if (--waits_for_[i] == 0) simulator_.schedule_after(scenario_.actions[i].at, *this, i);
    }
  }
}

void Stage::on_event(std::uint64_t token) {
  if (token >= kInterventions)
    intervene(interventions_[token - kInterventions]);
  else
    act(scenario_.actions[token]);
}

void Stage::act(const ActionSpec& action) {
  const auto agent = user_agents_.find(action.who);
  const UserSpec& user = *scenario_.user(action.who);
  Machine& machine = this->machine(user.computer);
  if (agent == user_agents_.end() || !machine.node().powered()) return;
  switch (action.deed) {
    case Deed::Send:
      agent->second->send({action.to, action.cc, action.bcc, action.subject, action.body});
      break;
    case Deed::Read:
      agent->second->read();
      break;
    case Deed::OpenMailbox:
      agent->second->open_mailbox(action.whose);
      break;
    case Deed::Fetch:
      if (const auto client = maa_clients_.find(user.computer); client != maa_clients_.end())
        client->second->fetch(*agent->second, user.server, action.keep);
      break;
  }
}

void Stage::intervene(const Intervention& what) {
  trace_.interventions.push_back({simulator_.now(), what.text});
  using Kind = Intervention::Kind;
  Machine& machine = this->machine(what.host);
  switch (what.kind) {
    case Kind::Drop:
      link_between(what.host, what.other)->drop_next(1, machine.host());
      break;
    case Kind::Cut:
      link_between(what.host, what.other)->set_up(false);
      break;
    case Kind::Mend:
      link_between(what.host, what.other)->set_up(true);
      break;
    case Kind::Off:
      if (machine.node().powered()) machine.power_off("off");
      break;
    case Kind::On:
      if (!machine.node().powered()) machine.power_on();
      break;
  }
}

sim::Link* Stage::link_between(const std::string& a, const std::string& b) {
  for (const LinkSpec& link : scenario_.links)
    if (std::count(link.hosts.begin(), link.hosts.end(), a) > 0 &&
        std::count(link.hosts.begin(), link.hosts.end(), b) > 0)
      return network_.find_link(link.name);
  return nullptr;
}

const sim::UserAgent* Stage::user_agent(std::string_view user) const {
  const auto found = user_agents_.find(user);
  return found == user_agents_.end() ? nullptr : found->second;
}

}  // namespace mailscope::scenarios
