// What people do and what goes wrong on the stage: a function for each kind of action and of
// intervention.
#include <algorithm>

#include "scenarios/playing/stage.hpp"

namespace mailscope::scenarios {

// ---- actions ----

// Nobody does anything at a computer that is off, or by a program that is not there.
struct Stage::Acting {
  Stage& stage;

  void operator()(const action::Send& send) {
    if (sim::UserAgent* agent = agent_of(send.user)) agent->send(send.letter);
  }

  void operator()(const action::Fetch& fetch) {
    sim::UserAgent* agent = agent_of(fetch.user);
    const UserSpec& user = *stage.scenario_.user(fetch.user);
    const auto client = stage.maa_clients_.find(user.computer);
    if (agent && client != stage.maa_clients_.end())
      client->second->fetch(*agent, user.server, fetch.options);
  }

  void operator()(const action::Read& read) {
    if (sim::UserAgent* agent = agent_of(read.user)) agent->read();
  }

  void operator()(const action::OpenMailbox& open) {
    if (sim::UserAgent* agent = agent_of(open.user)) agent->open_mailbox(open.whose);
  }

  void operator()(const action::Type& type) {
    if (!is_on(stage.scenario_.user(type.user)->computer)) return;
    sim::Terminal& terminal = *stage.terminals_.find(type.user)->second;
    terminal.talk(type.host, type.port, type.lines, type.pause);
  }

  void operator()(const action::Turn& turn) {
    if (is_on(turn.client)) client_of(turn.client).fetch_with_turn(turn.server);
  }

  void operator()(const action::Etrn& etrn) {
    if (is_on(etrn.client)) client_of(etrn.client).fetch_with_etrn(etrn.server, etrn.domain);
  }

 private:
  bool is_on(const std::string& host) const { return stage.machine(host).node().powered(); }

  // Null when there is none, or the computer is off.
  sim::UserAgent* agent_of(const std::string& user) const {
    const auto agent = stage.user_agents_.find(user);
    if (agent == stage.user_agents_.end() || !is_on(stage.scenario_.user(user)->computer))
      return nullptr;
    return agent->second;
  }

  sim::MtaClient& client_of(const std::string& host) const {
    return *stage.mta_clients_.find(host)->second;
  }
};

void Stage::act(const ActionSpec& spec) {
  std::visit(Acting{*this}, spec.action);
}

// ---- interventions ----

struct Stage::Intervening {
  Stage& stage;

  void operator()(const intervention::Drop& drop) {
    link_of(drop).drop_next(1, stage.machine(drop.host).host());
  }
  void operator()(const intervention::Cut& cut) { link_of(cut).set_up(false); }
  void operator()(const intervention::Mend& mend) { link_of(mend).set_up(true); }

  void operator()(const intervention::Slow& slow) {
    sim::LinkOptions options = link_of(slow).options();
    options.rate_bps = slow.rate_bps;
    link_of(slow).set_options(options);
  }

  void operator()(const intervention::Lose& lose) {
    sim::LinkOptions options = link_of(lose).options();
    options.loss = lose.share;
    link_of(lose).set_options(options);
  }

  void operator()(const intervention::Off& off) {
    sim::Machine& machine = stage.machine(off.host);
    if (machine.node().powered()) machine.power_off(sim::State::Off);
  }
  void operator()(const intervention::Crash& crash) {
    sim::Machine& machine = stage.machine(crash.host);
    if (machine.node().powered()) machine.crash();
  }
  void operator()(const intervention::On& on) { stage.machine(on.host).restart(); }
  void operator()(const intervention::Restart& restart) { stage.machine(restart.host).restart(); }

  void operator()(const intervention::Refuse& refuse) { faults_of(refuse).refuse = true; }
  void operator()(const intervention::Accept& accept) { faults_of(accept).refuse = false; }
  void operator()(const intervention::Overload& overload) {
    faults_of(overload).greeting_delay = overload.delay;
  }
  void operator()(const intervention::Relieve& relieve) { faults_of(relieve).greeting_delay = 0; }
  void operator()(const intervention::Full& full) { faults_of(full).disk_full = true; }
  void operator()(const intervention::Empty& empty) { faults_of(empty).disk_full = false; }

  void operator()(const intervention::Greylist& greylist) {
    stage.machine(greylist.host).config.server.greylist = greylist.delay;
  }

  void operator()(const intervention::Forget& forget) {
    std::vector<std::string>& forgotten = faults_of(forget).forgotten_users;
    std::erase(forgotten, forget.user);
    forgotten.push_back(forget.user);
  }
  void operator()(const intervention::Remember& remember) {
    std::erase(faults_of(remember).forgotten_users, remember.user);
  }

  void operator()(const intervention::Fault& fault) {
    faults_of(fault).at_command.push_back(fault.fault);
  }

 private:
  sim::Link& link_of(const intervention::OnLink& place) const {
    const auto link = std::find_if(
        stage.scenario_.links.begin(), stage.scenario_.links.end(), [&](const LinkSpec& spec) {
          return std::count(spec.hosts.begin(), spec.hosts.end(), place.host) > 0 &&
                 std::count(spec.hosts.begin(), spec.hosts.end(), place.other) > 0;
        });
    return *stage.network_.find_link(link->name);
  }

  sim::Faults& faults_of(const intervention::OnServer& place) const {
    return stage.machine(place.host).faults;
  }
};

void Stage::intervene(const Intervention& intervention) {
  trace_.interventions.push_back({simulator_.now(), intervention.text});
  std::visit(Intervening{*this}, intervention.action);
}

}  // namespace mailscope::scenarios
