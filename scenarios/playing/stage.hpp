// The stage: a scenario's hosts, links, processes and people, built in the simulator and run to the
// end.
//
// It writes frames, inside events and interventions into the trace; what the frames mean it does
// not say. Scenario and trace must outlive the stage. Who runs the simulator himself (real time)
// calls watch_changes() after each step, so that actions and faults which wait for an inside event
// get their turn.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "captures/trace/trace.hpp"
#include "scenarios/reading/intervention.hpp"
#include "scenarios/reading/scenario.hpp"
#include "sim/hosts/maa_client.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/resolver.hpp"
#include "sim/hosts/terminal.hpp"
#include "sim/hosts/user_agent.hpp"
#include "sim/kernel/simulator.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::scenarios {

struct StageOptions {
  bool people = true;  // false: nobody acts, and no fault of the scenario happens by itself
};

class Stage final : private sim::Handler {
 public:
  using Machines = std::map<std::string, std::unique_ptr<sim::Machine>, std::less<>>;

  Stage(const Scenario& scenario, std::uint64_t seed, std::vector<Intervention> interventions,
        trace::Trace& trace, const StageOptions& options = {});
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Until nothing more happens. False when it did not end within a virtual week or kEventsMax
  // events.
  static constexpr std::uint64_t kEventsMax = 200'000'000;
  static constexpr sim::Time kTimeMax = 7 * 24 * 3600 * sim::kSecond;
  bool run();
  void watch_changes();
  // Does it now, whatever its `at` says, and records it.
  void intervene(const Intervention& intervention);

  sim::Simulator& simulator() { return simulator_; }
  sim::Network& network() { return network_; }
  sim::Recorder& recorder() { return recorder_; }
  const Machines& machines() const { return machines_; }
  sim::Machine& machine(std::string_view host) { return *machines_.find(host)->second; }
  // Null when the user has no user agent.
  const sim::UserAgent* user_agent(std::string_view user) const;

 private:
  // Visitors with a function for each kind of action and of intervention (acting.cpp).
  struct Acting;
  struct Intervening;

  // An action or fault that waits for an inside event.
  struct Pending {
    std::uint64_t token = 0;
    const InsideEvent* after = nullptr;  // the scenario's
    int left = 1;                        // happenings still to come; 0: scheduled
    sim::Time delay = 0;
  };

  void build_network();
  void build_routes();
  static void set_ipv6_gateway(sim::Node& node, const sim::Interface& own,
                               const sim::Interface& router);
  void build_machine(const HostSpec& spec);
  void build_users(const HostSpec& spec, sim::Machine& machine);
  void build_terminals(const HostSpec& spec, sim::Machine& machine);
  sim::Resolver* build_resolver(const HostSpec& spec, sim::Machine& machine);
  void allow_relaying(const HostSpec& spec, sim::Machine& machine);
  void allow_turning(const HostSpec& spec, sim::Machine& machine);
  void hand_in(const UserSpec& user, sim::Machine& machine);
  void plan(std::uint64_t token, const std::optional<InsideEvent>& after, sim::Time at);
  void on_event(std::uint64_t token) override;
  void act(const ActionSpec& spec);

  const Scenario& scenario_;
  std::uint64_t seed_;
  StageOptions options_;
  std::vector<Intervention> interventions_;
  trace::Trace& trace_;
  sim::Simulator simulator_;
  sim::Recorder recorder_;
  sim::Network network_;
  Machines machines_;
  std::map<std::string, sim::UserAgent*, std::less<>> user_agents_;
  std::map<std::string, sim::Terminal*, std::less<>> terminals_;     // by user
  std::map<std::string, sim::MtaClient*, std::less<>> mta_clients_;  // by host
  std::map<std::string, sim::MaaClient*, std::less<>> maa_clients_;  // by host
  std::vector<Pending> pending_;
  std::size_t changes_seen_ = 0;
};

}  // namespace mailscope::scenarios
