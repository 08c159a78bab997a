#include "sim/hosts/hosts_file.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {
namespace {

// RFC 1034 §3.1: a dot at the end may stand or not.
std::string_view without_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

bool HostsFile::NoCase::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(without_dot(a), without_dot(b), {}, to_lower,
                                              to_lower);
}

void HostsFile::add(std::string_view name, const IpAddress& address) {
  auto found = names_.find(std::string(name));
  if (found == names_.end()) found = names_.try_emplace(std::string(name)).first;
  std::vector<IpAddress>& addresses = found->second;
  if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
}

std::vector<IpAddress> HostsFile::all(std::string_view name) const {
  const auto found = names_.find(std::string(name));
  return found == names_.end() ? std::vector<IpAddress>() : found->second;
}

std::vector<IpAddress> HostsFile::to_try(std::string_view name, const Transport& network) const {
  const std::vector<IpAddress> known = all(name);
  std::vector<IpAddress> spoken;
  for (const bool v6 : {true, false})
    for (const IpAddress& address : known)
      if (address.v6 == v6 && (v6 ? network.speaks_ipv6() : network.speaks_ipv4()))
        spoken.push_back(address);
  return spoken.empty() ? known : spoken;
}

std::string HostsFile::spelling(std::string_view name) const {
  const auto found = names_.find(std::string(name));
  return found == names_.end() ? std::string() : found->first;
}

}  // namespace mailscope::sim
