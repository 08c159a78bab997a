// The simulated network: owns nodes, links and frame buffers, and hands out ids and MAC addresses.
//
// A node's id is its host Id in the trace and a link's id its link Id: both count from 0 in order
// of creation. Node and Link references stay good for the network's life. The Simulator must
// outlive the network, and be run no more once the network is gone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/simulator.hpp"
#include "sim/net/frame_pool.hpp"
#include "sim/net/link.hpp"
#include "sim/net/node.hpp"
#include "sim/net/tap.hpp"

namespace mailscope::sim {

class Network {
 public:
  Network(Simulator& simulator, std::uint64_t seed, Tap* tap = nullptr);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Names are unique: they also name the component's random stream.
  Node& add_node(std::string name);
  Link& add_link(std::string name, LinkOptions options);
  // An address of the link's network for the node, on its interface there, which is made if there
  // is none yet.
  void attach(Node& node, Link& link, IpAddress address, int prefix);

  Simulator& simulator() { return simulator_; }
  FramePool& frames() { return frames_; }
  Tap* tap() { return tap_; }
  void set_tap(Tap* tap) { tap_ = tap; }

  Node& node(Id id) { return *nodes_[id]; }
  const Node& node(Id id) const { return *nodes_[id]; }
  Link& link(Id id) { return *links_[id]; }
  const Link& link(Id id) const { return *links_[id]; }
  std::size_t node_count() const { return nodes_.size(); }
  std::size_t link_count() const { return links_.size(); }
  Node* find_node(std::string_view name);
  Link* find_link(std::string_view name);

  // A person drops the frame with this tap number while it is in flight. False when it is not.
  bool drop(Id frame);

 private:
  Simulator& simulator_;
  std::uint64_t seed_;
  Tap* tap_;
  FramePool frames_;
  std::uint16_t interfaces_ = 0;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace mailscope::sim
