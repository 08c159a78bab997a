#include "sim/live/live_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <map>
#include <utility>
#include <vector>

#include "sim/live/guest.hpp"

namespace mailscope::sim {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kSweep = std::chrono::seconds(1);
constexpr Time kAtOnce = 50 * kMicrosecond;
constexpr std::size_t kBufferOctets = 64 << 10;
// Guests beyond so many share a host of the picture.
constexpr std::size_t kPeersMax = 64;
// So many guests over a limit are given time to hear so; the others hear it and are gone.
constexpr std::size_t kTurnedAwayMax = 200;

asio::ip::address_v4 real(IpAddress address) {
  return asio::ip::address_v4(address.v4_value());
}

IpAddress ours(const asio::ip::address& address) {
  const std::uint32_t value = address.is_v4() ? address.to_v4().to_uint() : 0;
  return IpAddress::v4(value);
}

}  // namespace

struct LiveLoop::Impl final : GuestHost {
  struct Listener {
    LiveService service;
    tcp::acceptor acceptor;
    bool waiting = false;
  };

  Impl(Network& the_network, trace::Trace& the_trace, Tap& the_tap, const LiveLimits& the_limits)
      : network(the_network), trace(the_trace), tap(the_tap) {
    limits = the_limits;
    full = !limits.record;
  }

  void wait_for_signal() {
    signals.async_wait([this](const error_code& failed, int) {
      if (failed) return;
      (stopped ? in_haste : stopped) = true;
      io.stop();
      wait_for_signal();
    });
  }

  // ---- the clock ----

  Time wall() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() -
                                                                begun)
        .count();
  }
  Time now() const override { return network.simulator().now(); }
  void catch_up() override { network.simulator().run_until(std::max(now(), wall())); }

  // Wakes up for the simulator's next event. One that comes at once is not worth a timer: the loop
  // goes round until it is there.
  void set_alarm() {
    const Time next = network.simulator().next_time();
    if (next >= alarm_at) return;
    if (next - now() < kAtOnce) return settle_soon();
    alarm_at = next;
    alarm.expires_at(begun + std::chrono::nanoseconds(next));
    alarm.async_wait([this](const error_code& failed) {
      if (failed) return;
      alarm_at = kNever;
      catch_up();
      settle_all();
    });
  }

  // ---- guests ----

  void touch(Guest& guest) override {
    if (!std::exchange(guest.touched, true)) touched.push_back(&guest);
  }

  // After the handlers that are waiting already, so that many guests' octets are answered in one
  // go.
  void settle_soon() override {
    if (std::exchange(settling, true)) return;
    asio::post(io, [this] {
      settling = false;
      settle_all();
    });
  }

  void settle_all() {
    catch_up();
    bool gone = false;
    for (std::size_t i = 0; i < touched.size(); ++i) {  // settling one may touch it again
      touched[i]->touched = false;
      touched[i]->settle();
      gone |= touched[i]->is_gone();
    }
    touched.clear();
    if (gone) bury();
    look_at_record();
    set_alarm();
  }

  void bury() {
    std::erase_if(guests, [&](const auto& guest) {
      if (!guest->is_gone()) return false;
      if (!guest->admitted()) return true;
      --admitted;
      const auto by_address = guests_of.find(guest->remote().address);
      if (--by_address->second == 0) guests_of.erase(by_address);
      return true;
    });
    counts.open = guests.size();
  }

  std::span<char> buffer() override { return octets; }

  // Once a second, while there are guests: who has been silent for too long?
  void start_sweep() {
    if (std::exchange(sweeping, true)) return;
    sweep.expires_after(kSweep);
    sweep.async_wait([this](const error_code& failed) {
      sweeping = false;
      if (failed) return;
      settle_all();  // what is due, and being said, comes first
      for (const auto& guest : guests) guest->look_at_clock(now());
      settle_all();
      for (auto& listener : listeners)
        if (!listener->waiting && listener->acceptor.is_open()) accept_next(*listener);
      if (!guests.empty()) start_sweep();
    });
  }

  void accept_next(Listener& listener) {
    listener.waiting = true;
    listener.acceptor.async_accept([this, &listener](const error_code& failed, tcp::socket socket) {
      listener.waiting = false;
      if (failed == asio::error::operation_aborted) return;
      start_sweep();
      // No descriptor left, or so: the sweep tries again.
      if (failed && failed != asio::error::connection_aborted) return;
      if (!failed) accept(listener.service, std::move(socket));
      accept_next(listener);
    });
  }

  // Why there is no room for one more from there; empty: there is.
  std::string over_limit(IpAddress address) const {
    constexpr const char* kLater = "please try again later";
    if (admitted >= limits.connections)
      return fmt::format("Too many connections ({} at a time), {}", limits.connections, kLater);
    const auto others = guests_of.find(address);
    if (others != guests_of.end() && others->second >= limits.connections_per_address)
      return fmt::format("Too many connections from your address ({} at a time), {}",
                         limits.connections_per_address, kLater);
    return {};
  }

  void accept(const LiveService& service, tcp::socket socket) {
    error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) return;
    const Endpoint remote{ours(peer.address()), peer.port()};
    const std::string over = over_limit(remote.address);
    if (!over.empty()) {
      ++counts.refused;
      if (guests.size() - admitted >= kTurnedAwayMax)
        return turn_away(std::move(socket), service.turned_away + over + "\r\n");
    }
    catch_up();
    guests.push_back(std::make_unique<Guest>(*this, service, std::move(socket), remote,
                                             scribe_for(service, remote)));
    counts.open = guests.size();
    Guest& guest = *guests.back();
    if (over.empty()) {
      ++counts.accepted;
      ++admitted;
      ++guests_of[remote.address];
      guest.admit();
    } else {
      guest.dismiss(service.turned_away + over);
    }
    settle_soon();
  }

  // There are too many even of those who are turned away. What they have said already is taken, or
  // the line would be lost in a reset.
  void turn_away(tcp::socket socket, const std::string& line) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.read_some(asio::buffer(octets), ignored);
    socket.write_some(asio::buffer(line), ignored);  // the first octets: there is room for them
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  // ---- the record ----

  std::uint64_t recorded() const {
    if (measure) return measure();
    return trace.store.memory_octets() + trace.frames.size() * sizeof(trace::Frame);
  }
  void look_at_record() override {
    if (full || recorded() < limits.record_octets) return;
    full = true;
    for (const auto& guest : guests) guest->record_no_more();
    if (on_full) on_full();
  }

  std::optional<FrameScribe> scribe_for(const LiveService& service, Endpoint remote) {
    look_at_record();
    if (full) {
      counts.unrecorded += limits.record ? 1 : 0;
      return std::nullopt;
    }
    const Interface& interface = service.node->interfaces().front();
    const Peer& peer = peer_of(remote.address, service.port);
    return FrameScribe(tap, link_to(peer.host, *service.node, remote.address),
                       {peer.host, peer.mac, remote},
                       {service.node->id(), interface.mac, {interface.address(), service.port}},
                       counts.accepted + counts.refused);
  }

  struct Peer {
    Id host = kNone;
    MacAddress mac;
    bool sends = false, fetches = false;  // its agents that are there
  };

  Peer& peer_of(IpAddress address, std::uint16_t port) {
    const bool one_of_many = peers.size() >= kPeersMax && !peers.contains(address);
    Peer& peer = peers[one_of_many ? IpAddress::v4(0) : address];
    if (peer.host == kNone) {
      peer.host = static_cast<Id>(trace.hosts.size());
      peer.mac = numbered_mac(static_cast<std::uint16_t>(0x8000 + peers.size()));
      trace::Host& host = trace.hosts.emplace_back();
      host.name = one_of_many ? "other computers" : address.text();
      host.kind = trace::HostKind::Computer;
      if (!one_of_many) host.addresses = {address.text()};
    }
    if (port == kPop3Port && !std::exchange(peer.fetches, true))
      trace.agents.push_back({peer.host, trace::AgentKind::MaaClient, "mail reader", 0});
    if (port != kPop3Port && !std::exchange(peer.sends, true))
      trace.agents.push_back({peer.host, trace::AgentKind::MtaClient, "mail sender", 0});
    return peer;
  }

  Id link_to(Id peer, const Node& node, IpAddress address) {
    const auto [place, added] = links.try_emplace({peer, node.id()}, kNone);
    if (!added) return place->second;
    place->second = static_cast<Id>(trace.links.size());
    trace::Link& link = trace.links.emplace_back();
    link.kind = address.v4_value() >> 24 == 127 ? "loopback" : "outside";
    link.name = fmt::format("{} ({} - {})", link.kind, trace.hosts[peer].name, node.name());
    link.hosts = {peer, node.id()};
    return place->second;
  }

  static constexpr std::uint16_t kPop3Port = 110;

  Network& network;
  trace::Trace& trace;
  Tap& tap;
  std::array<char, kBufferOctets> octets;
  std::map<IpAddress, Peer> peers;
  std::map<IpAddress, std::size_t> guests_of;
  std::map<std::pair<Id, Id>, Id> links;
  std::size_t admitted = 0;  // of the guests
  std::function<void()> on_full;
  std::function<std::uint64_t()> measure;
  bool full = false;  // nothing is recorded any more
  bool stopped = false, in_haste = false;
  bool started = false, sweeping = false, settling = false;
  std::chrono::steady_clock::time_point begun;
  Time alarm_at = kNever;
  std::vector<Guest*> touched;

  // Last: their handlers point into what stands above.
  asio::io_context io{1};
  asio::steady_timer alarm{io}, sweep{io};
  asio::signal_set signals{io};
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::unique_ptr<Guest>> guests;
};

LiveLoop::LiveLoop(Network& network, trace::Trace& trace, Tap& tap, const LiveLimits& limits)
    : impl_(std::make_unique<Impl>(network, trace, tap, limits)) {}

LiveLoop::~LiveLoop() = default;

tl::expected<std::uint16_t, std::string> LiveLoop::listen(const LiveService& service,
                                                          IpAddress address, std::uint16_t port) {
  const tcp::endpoint endpoint(real(address), port);
  error_code failed;
  tcp::acceptor acceptor(impl_->io);
  acceptor.open(tcp::v4(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  if (failed)
    return tl::unexpected(
        fmt::format("cannot listen on {}:{}: {}", address.text(), port, failed.message()));
  const std::uint16_t given = acceptor.local_endpoint(failed).port();
  impl_->listeners.push_back(
      std::make_unique<Impl::Listener>(Impl::Listener{service, std::move(acceptor)}));
  return given;
}

void LiveLoop::catch_signals() {
  error_code ignored;
  impl_->signals.add(SIGINT, ignored);
  impl_->signals.add(SIGTERM, ignored);
  impl_->wait_for_signal();
}

void LiveLoop::release_signals() {
  error_code ignored;
  impl_->signals.clear(ignored);
}

bool LiveLoop::stopped() const {
  return impl_->stopped;
}

void LiveLoop::serve_for(Time wall) {
  if (impl_->stopped) return;
  if (!std::exchange(impl_->started, true)) {
    impl_->begun = std::chrono::steady_clock::now();
    for (auto& listener : impl_->listeners) impl_->accept_next(*listener);
  }
  impl_->settle_all();
  impl_->io.restart();
  impl_->io.run_for(std::chrono::nanoseconds(wall));
}

void LiveLoop::shut_down() {
  Impl& impl = *impl_;
  impl.stopped = true;
  error_code ignored;
  for (auto& listener : impl.listeners) listener->acceptor.close(ignored);
  if (!impl.started) return;
  impl.catch_up();
  for (const auto& guest : impl.guests) guest->dismiss(guest->service().shut_down);
  impl.settle_all();
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::nanoseconds(impl.limits.linger);
  impl.settling = false;
  impl.io.restart();
  while (!impl.guests.empty() && !impl.in_haste && impl.io.run_one_until(deadline) > 0) {
  }
  impl.touched.clear();
  impl.guests.clear();
}

const LiveCounts& LiveLoop::counts() const {
  return impl_->counts;
}
bool LiveLoop::recording() const {
  return !impl_->full;
}
void LiveLoop::on_full(std::function<void()> call) {
  impl_->on_full = std::move(call);
}
void LiveLoop::measure_with(std::function<std::uint64_t()> call) {
  impl_->measure = std::move(call);
}

}  // namespace mailscope::sim
