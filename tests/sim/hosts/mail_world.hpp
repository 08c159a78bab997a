// Whole mail hosts on one line, for tests: alpha.example, beta.example, and a computer whose person
// types by hand.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/hosts/mda.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/mta_server.hpp"
#include "sim/hosts/terminal.hpp"
#include "sim/hosts/user_agent.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"
#include "tests/sim/hosts/filed.hpp"

namespace mailscope::sim::test {

struct MailHostUnderTest {
  std::unique_ptr<Machine> machine;
  MtaServer* server = nullptr;
  MtaClient* client = nullptr;
  Mda* mda = nullptr;
};

// The addresses that every host of a world has.
struct Versions {
  bool ipv4 = true, ipv6 = false;
};

struct MailWorld {
  Versions versions;
  trace::Trace trace;
  Simulator simulator;
  Recorder recorder{trace};
  Network network{simulator, 1, &recorder};
  Link& link = network.add_link("line", *link_preset("lan"));
  std::deque<MailHostUnderTest> made;
  Machine& alpha = add_mail_host("mail.alpha.example", "alpha.example", 1);
  Machine& beta;
  std::unique_ptr<Machine> pc = add_machine("pc", "", 9);
  Terminal& terminal = pc->add<Terminal>(Account{"carol", "Carol", "", ""});
  UserAgent& alice;
  UserAgent& bob;

  // Without: beta has no MTA client.
  explicit MailWorld(bool beta_sends = true, Versions which = {})
      : versions(which),
        beta(add_mail_host("mail.beta.example", "beta.example", 2, beta_sends)),
        alice(user(alpha, "alice", "Alice Adams")),
        bob(user(beta, "bob", "Bob Brown")) {}

  std::unique_ptr<Machine> add_machine(const std::string& name, const std::string& domain,
                                       std::uint8_t number) {
    Node& node = network.add_node(name);
    if (versions.ipv4) network.attach(node, link, IpAddress::v4(10, 0, 0, number), 24);
    if (versions.ipv6) network.attach(node, link, ipv6(number), 64);
    return std::make_unique<Machine>(node, trace, domain, 1'772'442'000);
  }
  static IpAddress ipv6(int number) {
    return IpAddress::parse("2001:db8::" + std::to_string(number)).value();
  }
  Machine& add_mail_host(const std::string& name, const std::string& domain, std::uint8_t number,
                         bool sends = true) {
    MailHostUnderTest& host = made.emplace_back();
    host.machine = add_machine(name, domain, number);
    host.server = &host.machine->add<MtaServer>();
    host.machine->store().add_spool();
    if (sends) host.client = &host.machine->add<MtaClient>();
    host.mda = &host.machine->add<Mda>();
    return *host.machine;
  }
  UserAgent& user(Machine& machine, const std::string& name, const std::string& full_name) {
    const Account account{name, full_name, name + "@" + machine.domain(), name};
    machine.add_user(account);
    return machine.add<UserAgent>(account, name + "'s user agent");
  }
  // Configuration comes before it.
  void boot() {
    for (Machine* machine : all()) {
      for (Machine* other : all()) {
        for (const InterfaceAddress& own : other->node().interfaces().front().addresses)
          machine->hosts.add(other->name(), own.address);
        if (!other->domain().empty())
          machine->exchangers.try_emplace(other->domain(), other->name());
      }
    }
    for (Machine* machine : all()) machine->boot();
  }
  std::vector<Machine*> all() {
    std::vector<Machine*> list;
    for (MailHostUnderTest& host : made) list.push_back(host.machine.get());
    list.push_back(pc.get());
    return list;
  }
  void run() { simulator.run(20'000'000); }
  void run_for(Time time) { simulator.run_until(simulator.now() + time); }

  // What beta's server (or another) answers to lines typed by hand.
  std::string say(std::vector<std::string> lines, std::uint16_t port = 25,
                  const std::string& host = "mail.beta.example") {
    const std::size_t before = terminal.heard().size();
    terminal.talk(host, port, std::move(lines), kMillisecond);
    run();
    return terminal.heard().substr(before);
  }
  // What a user's INBOX holds now.
  const std::vector<Filed>& box(Machine& machine, std::string_view user) {
    return boxes_[machine.name() + " " + std::string(user)] =
               filed_in(*machine.store().inbox(user));
  }
  // How often an inside event's text has this in it.
  std::ptrdiff_t told(std::string_view text) const {
    return std::count_if(trace.changes.begin(), trace.changes.end(), [&](const auto& change) {
      return change.text.find(text) != std::string::npos;
    });
  }
  Time told_at(std::string_view text) const {
    for (const auto& change : trace.changes)
      if (change.text.find(text) != std::string::npos) return change.at;
    return kNever;
  }

 private:
  std::map<std::string, std::vector<Filed>> boxes_;  // what box() has shown
};

// The addresses that were called, in order.
inline std::vector<std::string> called(const MailWorld& world) {
  std::vector<std::string> list;
  for (const trace::StateChange& change : world.trace.changes)
    if (const auto* call = std::get_if<trace::SocketCall>(&change.after))
      if (call->name == trace::SocketCall::Name::Connect) list.push_back(call->address.text());
  return list;
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline Letter letter(std::vector<std::string> to, std::string subject = "Hi",
                     std::string body = "Hello\n") {
  Letter one;
  one.to = std::move(to);
  one.subject = std::move(subject);
  one.body = std::move(body);
  return one;
}

}  // namespace mailscope::sim::test
