#include "sim/net/network.hpp"

#include <algorithm>

namespace mailscope::sim {

Network::Network(Simulator& simulator, std::uint64_t seed, Tap* tap)
    : simulator_(simulator), seed_(seed), tap_(tap) {}

Network::~Network() = default;

Node& Network::add_node(std::string name) {
  assert(!find_node(name));
  const auto id = static_cast<Id>(nodes_.size());
  nodes_.push_back(std::make_unique<Node>(*this, id, std::move(name), seed_));
  return *nodes_.back();
}

Link& Network::add_link(std::string name, LinkOptions options) {
  assert(!find_link(name));
  const auto id = static_cast<Id>(links_.size());
  links_.push_back(std::make_unique<Link>(*this, id, std::move(name), std::move(options), seed_));
  return *links_.back();
}

void Network::attach(Node& node, Link& link, IpAddress address, int prefix) {
  const auto& interfaces = node.interfaces();
  const auto there = std::ranges::find(interfaces, &link, &Interface::link);
  auto number = static_cast<int>(there - interfaces.begin());
  if (there == interfaces.end()) {
    const MacAddress mac = numbered_mac(++interfaces_);
    number = node.ip().add_interface(link, link.attach(node, number, mac), mac);
  }
  node.ip().add_address(number, address, prefix);
}

Node* Network::find_node(std::string_view name) {
  const auto found = std::ranges::find(nodes_, name, &Node::name);
  return found == nodes_.end() ? nullptr : found->get();
}

Link* Network::find_link(std::string_view name) {
  const auto found = std::ranges::find(links_, name, &Link::name);
  return found == links_.end() ? nullptr : found->get();
}

bool Network::drop(Id frame) {
  FrameBuffer* found = frames_.find(frame);
  if (!found) return false;
  found->doom = Loss::Dropped;
  return true;
}

}  // namespace mailscope::sim
