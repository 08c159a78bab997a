#include "scenarios/playing/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>

#include "scenarios/playing/find_event.hpp"
#include "scenarios/playing/zone.hpp"
#include "sim/hosts/dns_server.hpp"
#include "sim/hosts/maa_server.hpp"
#include "sim/hosts/mda.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/mta_server.hpp"
#include "sim/hosts/resolver.hpp"
#include "sim/hosts/words.hpp"

namespace mailscope::scenarios {
namespace {

using sim::Machine;
using trace::AgentKind;
using trace::Id;

// Tokens: an action's index, kInterventions + an intervention's, kFaults + a fault's.
constexpr std::uint64_t kInterventions = std::uint64_t{1} << 32;
constexpr std::uint64_t kFaults = std::uint64_t{2} << 32;

sim::Account account_of(const UserSpec& user) {
  return {user.name, user.full_name, user.address, user.name};
}

// RFC 5321 §2.3.5, §4.1.1.1: a host says its full name; one that has none says its address.
std::string mail_name_of(const Scenario& scenario, const HostSpec& host, const sim::Node& node) {
  std::string name = full_name_of(scenario, host);
  if (!name.empty()) return name;
  if (node.interfaces().empty()) return host.name;
  return (node.address().v6 ? "[IPv6:" : "[") + node.address().text() + "]";  // RFC 5321 §4.1.3
}

}  // namespace

Stage::Stage(const Scenario& scenario, std::uint64_t seed, std::vector<Intervention> interventions,
             trace::Trace& trace, const StageOptions& options)
    : scenario_(scenario),
      seed_(seed),
      options_(options),
      interventions_(std::move(interventions)),
      trace_(trace),
      recorder_(trace),
      network_(simulator_, seed, &recorder_) {
  build_network();
  build_routes();
  for (const HostSpec& spec : scenario_.hosts) build_machine(spec);
  for (const HostSpec& spec : scenario_.hosts) machine(spec.name).boot();
  if (options_.people) {
    for (std::size_t i = 0; i < scenario_.actions.size(); ++i)
      plan(i, scenario_.actions[i].after, scenario_.actions[i].at);
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i)
      plan(kFaults + i, scenario_.faults[i].after, scenario_.faults[i].intervention.at);
  }
  for (std::size_t i = 0; i < interventions_.size(); ++i)
    simulator_.schedule_at(interventions_[i].at, *this, kInterventions + i);
}

Stage::~Stage() = default;

void Stage::plan(std::uint64_t token, const std::optional<InsideEvent>& after, sim::Time at) {
  if (after)
    pending_.push_back({token, &*after, after->nth, at});
  else
    simulator_.schedule_at(at, *this, token);
}

void Stage::build_network() {
  for (const HostSpec& spec : scenario_.hosts)
    network_.add_node(spec.name).set_forwarding(spec.kind == trace::HostKind::Router);
  std::uint8_t number = 0;
  for (const LinkSpec& spec : scenario_.links) {
    sim::Link& link = network_.add_link(spec.name, spec.options);
    ++number;
    for (std::size_t i = 0; i < spec.hosts.size(); ++i) {
      LinkAddress own{IpAddress::v4(10, 0, number, static_cast<std::uint8_t>(i + 1))};
      if (!spec.addresses.empty()) own = spec.addresses[i];
      sim::Node& node = *network_.find_node(spec.hosts[i]);
      network_.attach(node, link, own.address, own.prefix);
      if (!spec.ipv6.empty() && spec.ipv6[i]) network_.attach(node, link, *spec.ipv6[i], 64);
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
          from->add_route(interface.address(), interface.addresses.front().prefix, step.gateway);
        for (Id neighbor : interface.link->hosts()) {
          sim::Node* node = &network_.node(neighbor);
          if (std::find(seen.begin(), seen.end(), node) != seen.end()) continue;
          seen.push_back(node);
          const auto there =
              std::find_if(node->interfaces().begin(), node->interfaces().end(),
                           [&](const sim::Interface& its) { return its.link == interface.link; });
          made->hosts.add(node->name(), there->address());
          if (const auto* ipv6 = there->first(true)) made->hosts.add(node->name(), ipv6->address);
          if (step.direct && node->forwarding()) set_ipv6_gateway(*from, interface, *there);
          if (node->forwarding())
            open.push_back({node, step.direct ? there->address() : step.gateway, false});
        }
      }
    }
    machines_.emplace(spec.name, std::move(made));
  }
}

// The first router with an IPv6 address on a link of the host's has all packets for elsewhere, by
// its link-local address, as router advertisements would tell (RFC 4861 §4.2).
void Stage::set_ipv6_gateway(sim::Node& node, const sim::Interface& own,
                             const sim::Interface& router) {
  if (!own.first(true) || !router.first(true) || node.ip().goes_anywhere(IpAddress{{}, true}))
    return;
  const auto number = static_cast<int>(&own - node.interfaces().data());
  node.add_route(IpAddress{{}, true}, 0, inet::link_local(router.mac), number);
}

void Stage::build_machine(const HostSpec& spec) {
  Machine& machine = this->machine(spec.name);
  machine.config = spec.mail;
  machine.config.name = mail_name_of(scenario_, spec, machine.node());
  for (const HostSpec& other : scenario_.hosts)
    if (!other.domain.empty() && other.has(AgentKind::MtaServer))
      machine.exchangers[other.domain] = other.name;
  allow_relaying(spec, machine);
  allow_turning(spec, machine);
  sim::Resolver* resolver = build_resolver(spec, machine);
  for (AgentKind kind : spec.agents) {
    if (kind == AgentKind::DnsServer) machine.add<sim::DnsServer>(zone_of(scenario_, machine));
    if (kind == AgentKind::Terminal) build_terminals(spec, machine);
    if (kind == AgentKind::UserAgent) build_users(spec, machine);
    if (kind == AgentKind::MtaServer) machine.add<sim::MtaServer>();
    // The spool stands between the server that fills it and the client and MDA that empty it.
    if (kind == AgentKind::MtaServer || kind == AgentKind::MtaClient) machine.store().add_spool();
    if (kind == AgentKind::MtaClient)
      mta_clients_[spec.name] = &machine.add<sim::MtaClient>(resolver);
    if (kind == AgentKind::Mda) machine.add<sim::Mda>();
    if (kind == AgentKind::MaaServer) machine.add<sim::MaaServer>();
    if (kind == AgentKind::MaaClient) maa_clients_[spec.name] = &machine.add<sim::MaaClient>();
  }
  for (const UserSpec& user : scenario_.users) {
    if (user.server == spec.name) machine.add_user(account_of(user));
    if (user.computer == spec.name && user.server != spec.name &&
        machine.config.routing.smart_host.empty())
      hand_in(user, machine);
  }
}

// Where there is a DNS server, the hosts that send mail ask it, if they can reach it.
sim::Resolver* Stage::build_resolver(const HostSpec& spec, Machine& machine) {
  if (!spec.has(AgentKind::MtaClient)) return nullptr;
  sim::ResolverOptions options;
  options.seed = seed_;
  for (const HostSpec& server : scenario_.hosts)
    if (server.has(AgentKind::DnsServer))
      std::ranges::copy(machine.hosts.to_try(server.name, machine.network()),
                        std::back_inserter(options.servers));
  if (options.servers.empty()) return nullptr;
  machine.config.routing.dns = true;
  options.ask_ipv6 = machine.node().speaks_ipv6();
  return &machine.add<sim::Resolver>(std::move(options));
}

// A user's computer gives its mail to the user's server: at the submission port, with log-in, where
// the server has one.
void Stage::hand_in(const UserSpec& user, Machine& machine) {
  machine.config.routing.smart_host = user.server;
  if (!scenario_.host(user.server)->mail.server.submission) return;
  machine.config.routing.smart_port = 587;
  machine.config.routing.smart_user = user.name;
  machine.config.routing.smart_password = user.name;
}

// Who may send through this host to any domain: the hosts that the file names, and its own users'
// computers, unless they have to log in.
void Stage::allow_relaying(const HostSpec& spec, Machine& machine) {
  std::vector<std::string> clients = spec.relay_from;
  for (const UserSpec& user : scenario_.users)
    if (user.server == spec.name && user.computer != spec.name && !spec.mail.server.submission)
      clients.push_back(user.computer);
  for (const std::string& client : clients)
    for (const sim::Interface& interface : network_.find_node(client)->interfaces())
      for (const sim::InterfaceAddress& own : interface.addresses)
        machine.config.server.relay_clients.push_back(own.address);
}

// Whom this host turns for, by the name that each says in HELO.
void Stage::allow_turning(const HostSpec& spec, Machine& machine) {
  for (const auto& [client, domain] : spec.turn_for) {
    const std::string name =
        mail_name_of(scenario_, *scenario_.host(client), *network_.find_node(client));
    machine.config.server.turn_clients[sim::lower_case(name)] = domain;
  }
}

void Stage::build_users(const HostSpec& spec, Machine& machine) {
  const auto users_here =
      std::count_if(scenario_.users.begin(), scenario_.users.end(),
                    [&](const UserSpec& user) { return user.computer == spec.name; });
  for (const UserSpec& user : scenario_.users)
    if (user.computer == spec.name) {
      auto& agent =
          machine.add<sim::UserAgent>(account_of(user), users_here > 1 ? user.name + "'s user agent"
                                                                       : std::string("user agent"));
      agent.send_receipts = user.receipts;
      user_agents_[user.name] = &agent;
    }
}

void Stage::build_terminals(const HostSpec& spec, Machine& machine) {
  for (const UserSpec& user : scenario_.users)
    if (user.computer == spec.name)
      terminals_[user.name] = &machine.add<sim::Terminal>(account_of(user));
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

// Schedules the actions and faults that wait for what has just changed.
void Stage::watch_changes() {
  for (; changes_seen_ < trace_.changes.size(); ++changes_seen_) {
    const trace::StateChange& change = trace_.changes[changes_seen_];
    for (Pending& pending : pending_)
      if (pending.left > 0 && is_change(trace_, change, pending.after->change) &&
          --pending.left == 0)
        simulator_.schedule_after(pending.delay, *this, pending.token);
  }
}

void Stage::on_event(std::uint64_t token) {
  if (token >= kFaults)
    intervene(scenario_.faults[token - kFaults].intervention);
  else if (token >= kInterventions)
    intervene(interventions_[token - kInterventions]);
  else
    act(scenario_.actions[token]);
}

const sim::UserAgent* Stage::user_agent(std::string_view user) const {
  const auto found = user_agents_.find(user);
  return found == user_agents_.end() ? nullptr : found->second;
}

}  // namespace mailscope::scenarios
