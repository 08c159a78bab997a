#include "scenarios/reading/scenario.hpp"

#include <algorithm>

namespace mailscope::scenarios {

Scenario::Scenario() = default;
Scenario::Scenario(const Scenario&) = default;
Scenario::Scenario(Scenario&&) noexcept = default;
Scenario& Scenario::operator=(const Scenario&) = default;
Scenario& Scenario::operator=(Scenario&&) noexcept = default;
Scenario::~Scenario() = default;

bool HostSpec::has(trace::AgentKind wanted) const {
  return std::find(agents.begin(), agents.end(), wanted) != agents.end();
}

bool Scenario::has_dns() const {
  return std::any_of(hosts.begin(), hosts.end(),
                     [](const HostSpec& spec) { return spec.has(trace::AgentKind::DnsServer); });
}

const HostSpec* Scenario::host(std::string_view host_name) const {
  const auto found = std::find_if(hosts.begin(), hosts.end(),
                                  [&](const HostSpec& spec) { return spec.name == host_name; });
  return found == hosts.end() ? nullptr : &*found;
}

const UserSpec* Scenario::user(std::string_view user_name) const {
  const auto found = std::find_if(users.begin(), users.end(),
                                  [&](const UserSpec& spec) { return spec.name == user_name; });
  return found == users.end() ? nullptr : &*found;
}

}  // namespace mailscope::scenarios
