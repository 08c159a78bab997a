#include "scenarios/reading/hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "protocols/base/ascii.hpp"
#include "sim/hosts/words.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;

class Hints {
 public:
  explicit Hints(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Hint> find() {
    for (const ActionSpec& action : scenario_.actions) look_at(action);
    for (const HostSpec& host : scenario_.hosts) look_at(host);
    std::stable_sort(hints_.begin(), hints_.end(),
                     [](const Hint& a, const Hint& b) { return a.line < b.line; });
    return std::move(hints_);
  }

 private:
  // ---- actions ----

  void look_at(const ActionSpec& spec) {
    std::visit([&](const auto& action) { look_at(action, spec.line); }, spec.action);
  }

  void look_at(const action::Send& send, int line) {
    const UserSpec& user = *scenario_.user(send.user);
    need_user_agent(user);
    for (const auto* list : {&send.letter.to, &send.letter.cc, &send.letter.bcc})
      for (const std::string& address : *list) look_at_letter(address, user, line);
  }

  void look_at(const action::Fetch& fetch, int line) {
    const UserSpec& user = *scenario_.user(fetch.user);
    need_user_agent(user);
    const std::string nothing = fmt::format("{} fetches nothing", user.name);
    need(*scenario_.host(user.computer), AgentKind::MaaClient, nothing);
    need(*scenario_.host(user.server), AgentKind::MaaServer, nothing);
    need_way(line, user.computer, user.server);
  }

  void look_at(const action::Read& read, int) { need_user_agent(*scenario_.user(read.user)); }
  void look_at(const action::OpenMailbox& open, int) {
    need_user_agent(*scenario_.user(open.user));
  }

  // What these need was looked at when they were read.
  void look_at(const action::Type&, int) {}
  void look_at(const action::Turn&, int) {}
  void look_at(const action::Etrn&, int) {}

  void need_user_agent(const UserSpec& user) {
    need(*scenario_.host(user.computer), AgentKind::UserAgent,
         fmt::format("{} does nothing there", user.name));
  }

  // ---- a letter's way ----

  // From the sender's computer to the own server.
  void look_at_letter(const std::string& address, const UserSpec& user, int line) {
    const HostSpec& computer = *scenario_.host(user.computer);
    const HostSpec* home = home_of(address);
    if (home == &computer && !home->has(AgentKind::MtaServer)) return;  // put there directly
    if (home != &computer)
      need(computer, AgentKind::MtaClient, fmt::format("the letter to {} stays there", address));
    const HostSpec& server = *scenario_.host(user.server);
    if (&server != &computer) {
      need(server, AgentKind::MtaServer, fmt::format("{} can hand in no mail", user.name));
      need_way(line, computer.name, server.name);
    }
    if (home) look_at_home(line, address, server, *home);
  }

  // From the sender's server to the host that has the recipient's domain.
  void look_at_home(int line, const std::string& address, const HostSpec& server,
                    const HostSpec& home) {
    if (&home != &server) {
      need(server, AgentKind::MtaClient, fmt::format("the letter to {} stays there", address));
      need(home, AgentKind::MtaServer, fmt::format("mail for {} finds nobody there", address));
      need_way(line, server.name, home.name);
    }
    look_at_name(home, std::string_view(address).substr(0, address.find('@')));
    const bool is_user =
        std::any_of(scenario_.users.begin(), scenario_.users.end(), [&](const UserSpec& user) {
          return equal_no_case(user.address, address) && user.server == home.name;
        });
    if (is_user)
      need(home, AgentKind::Mda, fmt::format("mail for {} stays in the spool there", address));
  }

  // A name there that stands for addresses elsewhere.
  void look_at_name(const HostSpec& home, std::string_view name) {
    const auto carries_on = [&](const std::string& stands, const std::string& address) {
      if (equal_no_case(stands, name) && home_of(address) != &home)
        need(home, AgentKind::MtaClient,
             fmt::format("what comes for {} is not carried on to {}", stands, address));
    };
    for (const sim::Alias& alias : home.mail.names.aliases)
      for (const std::string& address : alias.to) carries_on(alias.name, address);
    for (const sim::MailingList& list : home.mail.names.lists)
      for (const std::string& address : list.members) carries_on(list.name, address);
    for (const sim::MovedUser& moved : home.mail.names.moved)
      if (moved.forward) carries_on(moved.name, moved.to);
  }

  void look_at(const HostSpec& host) {
    for (const std::string& domain : host.mail.routing.held_domains)
      need(host, AgentKind::MtaClient, fmt::format("what waits for {} never leaves", domain));
    if (!host.mail.routing.smart_host.empty())
      need_way(host.line, host.name, host.mail.routing.smart_host);
  }

  const HostSpec* home_of(std::string_view address) const {
    const std::string_view domain = sim::domain_of(address);
    for (const HostSpec& host : scenario_.hosts) {
      const auto& others = host.mail.names.other_domains;
      if (equal_no_case(host.domain, domain) ||
          std::any_of(others.begin(), others.end(),
                      [&](const std::string& other) { return equal_no_case(other, domain); }))
        return &host;
    }
    return nullptr;
  }

  void need(const HostSpec& host, AgentKind kind, const std::string& consequence) {
    if (host.has(kind)) return;
    add(host.line, fmt::format("{0} has no {1}, so {2}; put \"{1}\" into its agents", host.name,
                               trace::name(kind), consequence));
  }

  void need_way(int line, const std::string& from, const std::string& to) {
    if (!reaches(from, to))
      add(line, fmt::format("no way leads from {} to {}; join them by [[link]]s, with hosts of the "
                            "kind \"router\" or mail servers between them",
                            from, to));
  }

  // Over links; routers pass packets on, mail servers mail.
  bool reaches(const std::string& from, const std::string& to) const {
    std::set<std::string> seen = {from};
    std::vector<std::string> open = {from};
    while (!open.empty() && !seen.contains(to)) {
      const std::string at = std::move(open.back());
      open.pop_back();
      const HostSpec& host = *scenario_.host(at);
      const bool passes =
          at == from || host.kind == trace::HostKind::Router || host.has(AgentKind::MtaServer);
      for (const LinkSpec& link : scenario_.links)
        if (passes && std::count(link.hosts.begin(), link.hosts.end(), at) > 0)
          for (const std::string& next : link.hosts)
            if (seen.insert(next).second) open.push_back(next);
    }
    return seen.contains(to);
  }

  void add(int line, std::string text) {
    const bool known = std::any_of(hints_.begin(), hints_.end(),
                                   [&](const Hint& hint) { return hint.text == text; });
    if (!known) hints_.push_back({line, std::move(text)});
  }

  const Scenario& scenario_;
  std::vector<Hint> hints_;
};

}  // namespace

std::vector<Hint> find_hints(const Scenario& scenario) {
  return Hints(scenario).find();
}

}  // namespace mailscope::scenarios
