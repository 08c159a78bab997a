#include "sim/net/tcp.hpp"

#include <algorithm>
#include <cassert>

#include "protocols/inet/checksum.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr std::uint16_t kEphemeralFirst = 49152;  // RFC 6335 §6
constexpr unsigned kEphemeralPorts = 65536 - kEphemeralFirst;

// Tokens of a socket's events: a TcpTimer, or kOwed and its id above.
constexpr std::uint64_t kOwed = kTcpTimers;
constexpr int kTokenBits = 2;

}  // namespace

// A block is pooled and used again for another connection, under another id; so after each callback
// the code checks that it still works for the same one.
struct TcpLayer::Socket final : Handler, Stream {
  explicit Socket(TcpLayer& owner)
      : layer(owner),
        timers{{owner.ip_.simulator(), *this, 0},
               {owner.ip_.simulator(), *this, 1},
               {owner.ip_.simulator(), *this, 2}} {}

  void on_event(std::uint64_t token) override {
    const std::uint64_t kind = token & ((1 << kTokenBits) - 1);
    if (kind != kOwed) return layer.on_timer(*this, static_cast<TcpTimer>(kind));
    if (number == static_cast<SocketId>(token >> kTokenBits)) layer.on_owed(*this);
  }
  // Calls on_owed() later, from the event loop.
  void owe() {
    layer.ip_.simulator().schedule_after(0, *this, kOwed | std::uint64_t{number} << kTokenBits);
  }

  // The program's side.
  SocketId id() const override { return number; }
  Endpoint local() const override { return {key.local, key.local_port}; }
  Endpoint remote() const override { return {key.remote, key.remote_port}; }
  bool send(std::string octets) override {
    if (!tcp.send(std::move(octets))) return false;
    layer.send_waiting(*this);
    return true;
  }
  void close() override { layer.close(*this); }
  void abort() override { layer.abort(*this); }
  void pause_reading() override { tcp.pause(); }
  void resume_reading() override {
    if (tcp.unpause()) owe();
  }
  std::uint64_t backlog() const override { return tcp.backlog(); }
  void set_user(StreamUser& program) override { user = &program; }

  TcpLayer& layer;
  SocketId number = kNoSocket;    // its id
  SocketId listener = kNoSocket;  // while a passive connection is not yet accepted
  TcpKey key;
  StreamUser* user = nullptr;
  TcpConnection tcp;
  TcpState told = TcpState::Closed;
  Timer timers[kTcpTimers];
};

// ---- sockets ----

TcpLayer::TcpLayer(IpLayer& ip, const TcpOptions& options, std::uint64_t secret,
                   SocketWatcher& watcher)
    : ip_(ip), options_(options), secret_(secret), watcher_(watcher), by_id_(1) {}

TcpLayer::~TcpLayer() = default;

TcpLayer::Listener* TcpLayer::listener_on(std::uint16_t port) {
  const auto found = std::ranges::find(listeners_, port, &Listener::port);
  return found == listeners_.end() ? nullptr : &*found;
}

TcpLayer::Listener* TcpLayer::listener_of(SocketId id) {
  const auto found = std::ranges::find(listeners_, id, &Listener::id);
  return found == listeners_.end() ? nullptr : &*found;
}

TcpLayer::Socket* TcpLayer::socket_of(SocketId id) const {
  return id < by_id_.size() ? by_id_[id] : nullptr;
}

bool TcpLayer::listen(std::uint16_t port, StreamUser& user) {
  if (port == 0 || listener_on(port)) return false;
  listeners_.push_back({new_id(), port, &user});
  return true;
}

void TcpLayer::stop_listening(std::uint16_t port) {
  std::erase_if(listeners_, [port](const Listener& each) { return each.port == port; });
}

StreamUser* TcpLayer::listening(std::uint16_t port) {
  const Listener* listener = listener_on(port);
  return listener ? listener->user : nullptr;
}

SocketId TcpLayer::new_id() {
  by_id_.push_back(nullptr);
  return static_cast<SocketId>(by_id_.size() - 1);
}

std::uint32_t TcpLayer::initial_sequence(const TcpKey& key) const {
  if (options_.fixed_isn) return options_.isn;
  // RFC 6528: a clock of 4 microseconds, and a number that nobody else can know.
  const auto clock = static_cast<std::uint32_t>(now() / (4 * kMicrosecond));
  std::uint64_t state = key.hash() ^ secret_;
  return clock + static_cast<std::uint32_t>(split_mix(state));
}

TcpLayer::Socket& TcpLayer::open(const TcpKey& key, StreamUser* user) {
  if (free_.empty()) {
    blocks_.push_back(std::make_unique<Socket>(*this));
    free_.push_back(blocks_.back().get());
  }
  Socket& socket = *free_.back();
  free_.pop_back();
  socket.number = new_id();
  by_id_[socket.number] = &socket;
  socket.listener = kNoSocket;
  socket.key = key;
  socket.user = user;
  const std::uint32_t mtu = ip_.mtu_to(key.remote);
  const std::uint32_t headers = IpLayer::header_octets(key.remote) + Tcp::kOctets;
  socket.tcp =
      TcpConnection(options_, initial_sequence(key), mtu > headers ? mtu - headers : options_.mss);
  table_.insert(socket);
  return socket;
}

// Without a word to the program, and nothing sent.
void TcpLayer::release(Socket& socket) {
  forget(socket);
  give_back(socket);
}

void TcpLayer::forget(Socket& socket) {
  table_.erase(socket);
  by_id_[socket.number] = nullptr;
  socket.tcp = TcpConnection();
  tell_state(socket);
  set_timers(socket);
  socket.user = nullptr;
}

void TcpLayer::give_back(Socket& socket) {
  socket.number = kNoSocket;
  free_.push_back(&socket);
}

std::uint16_t TcpLayer::free_port(const IpAddress& local, const IpAddress& remote,
                                  std::uint16_t remote_port) {
  for (unsigned tries = 0; tries < kEphemeralPorts; ++tries) {
    const std::uint16_t port = next_port_;
    next_port_ = port == 65535 ? kEphemeralFirst : static_cast<std::uint16_t>(port + 1);
    if (!listener_on(port) && !table_.find({port, remote_port, local, remote})) return port;
  }
  return 0;
}

Stream* TcpLayer::connect(const IpAddress& address, std::uint16_t port, StreamUser& user) {
  const std::optional<IpAddress> local = ip_.source_for(address);
  const IpAddress from = local.value_or(IpAddress());
  const std::uint16_t local_port = free_port(from, address, port);
  if (local_port == 0) return nullptr;
  Socket& socket = open({local_port, port, from, address}, &user);
  if (local) {
    auto syn = socket.tcp.connect(now());
    tell_state(socket);
    emit(socket, *syn);
    set_timers(socket);
  } else {
    socket.tcp.fail(CloseReason::Unreachable);  // on_closed comes later
    tell_state(socket);
    socket.owe();
  }
  return &socket;
}

void TcpLayer::close(Socket& socket) {
  if (!socket_of(socket.number)) return;
  if (socket.tcp.is_opening()) return abort(socket);
  socket.tcp.close();
  send_waiting(socket);
}

void TcpLayer::abort(Socket& socket) {
  if (!socket_of(socket.number) || socket.tcp.state() == TcpState::TimeWait) return;
  if (auto reset = socket.tcp.abort()) emit(socket, *reset);
  release(socket);
}

std::optional<SocketInfo> TcpLayer::info(SocketId id) const {
  SocketInfo info;
  info.id = id;
  if (const Socket* socket = socket_of(id)) {
    info.local = socket->local();
    info.remote = socket->remote();
    socket->tcp.describe(info);
    return info;
  }
  for (const Listener& listener : listeners_) {
    if (listener.id != id) continue;
    info.listening = true;
    info.state = TcpState::Listen;
    info.local.port = listener.port;
    return info;
  }
  return std::nullopt;
}

std::vector<SocketInfo> TcpLayer::infos() const {
  std::vector<SocketId> ids;
  for (const Listener& listener : listeners_) ids.push_back(listener.id);
  for (const auto& block : blocks_)
    if (block->number != kNoSocket) ids.push_back(block->number);
  std::ranges::sort(ids);
  std::vector<SocketInfo> list;
  for (const SocketId id : ids)
    if (const auto found = info(id)) list.push_back(*found);
  return list;
}

void TcpLayer::clear() {
  listeners_.clear();
  for (const auto& block : blocks_)
    if (socket_of(block->number)) release(*block);
}

void TcpLayer::on_unreachable(int interface, const IpAddress& next_hop) {
  std::vector<SocketId> waiting;  // callbacks may open others
  for (const auto& block : blocks_)
    if (block->tcp.state() == TcpState::SynSent &&
        ip_.goes_by(block->key.remote, interface, next_hop))
      waiting.push_back(block->number);
  std::ranges::sort(waiting);
  for (const SocketId id : waiting)
    if (Socket* socket = socket_of(id)) {
      socket->tcp.fail(CloseReason::Unreachable);
      work(*socket, std::nullopt);
    }
}

// ---- between a connection and the world ----

void TcpLayer::on_packet(const IpPacket& packet) {
  if (Tcp::check({packet.payload, packet.octets})) return;
  TcpSegment segment;
  segment.header = Tcp::read(packet.payload);
  const std::uint32_t header = segment.header.header_octets;
  if (header > packet.octets) return;
  if (!is_good_transport(packet.source, packet.destination, kTcp, packet.payload, packet.octets))
    return;
  if (header > Tcp::kOctets)
    segment.options =
        TcpOptionList::parse(Tcp::options_at(packet.payload, segment.header.header_octets));
  segment.text = {reinterpret_cast<const char*>(packet.payload) + header, packet.octets - header};

  const TcpKey key{segment.header.destination_port, segment.header.source_port, packet.destination,
                   packet.source};
  Socket* socket = table_.find(key);
  if (socket && socket->tcp.gives_way_to(segment)) {
    release(*socket);
    socket = nullptr;
  }
  if (socket) return work(*socket, socket->tcp.process(segment, now()));
  const Listener* listener = listener_on(key.local_port);
  const bool opening = segment.has(kSyn) && !segment.has(kAck) && !segment.has(kRst);
  if (listener && opening) {
    const SocketId id = listener->id;
    Socket& accepting = open(key, listener->user);
    accepting.listener = id;
    work(accepting, accepting.tcp.accept(segment, now()));
  } else if (auto refusal = refusal_of(segment)) {
    emit(key, *refusal, nullptr);
  }
}

void TcpLayer::on_timer(Socket& socket, TcpTimer timer) {
  if (timer == TcpTimer::TimeWait) return release(socket);
  work(socket, socket.tcp.on_timer(timer, now()));
}

// Reading goes on, or a connection without a route fails.
void TcpLayer::on_owed(Socket& socket) {
  socket.tcp.resume();
  work(socket, std::nullopt);
}

// Sends `first`, tells the program what has happened, and sends what there is to send.
void TcpLayer::work(Socket& socket, std::optional<TcpSending> first) {
  const SocketId id = socket.number;
  tell_state(socket);
  if (first) emit(socket, *first);
  for (;;) {
    if (const auto event = socket.tcp.next_event()) {
      tell(socket, *event);
      if (socket.number != id) return;
    } else if (auto sending = socket.tcp.dispatch(now())) {
      tell_state(socket);
      emit(socket, *sending);
    } else {
      break;
    }
  }
  tell_state(socket);
  set_timers(socket);
}

// After the program did something: it is told nothing meanwhile.
void TcpLayer::send_waiting(Socket& socket) {
  while (auto sending = socket.tcp.dispatch(now())) {
    tell_state(socket);
    emit(socket, *sending);
  }
  set_timers(socket);
}

void TcpLayer::tell(Socket& socket, const TcpEvent& event) {
  if (event.what == TcpEvent::What::Closed) return tell_closed(socket, event.reason);
  tell_state(socket);
  StreamUser* user = socket.user;
  if (!user) return;
  switch (event.what) {
    case TcpEvent::What::Connected:
      return user->on_connected(socket);
    case TcpEvent::What::Accepted:
      return accepted(socket);
    case TcpEvent::What::Octets:
      return user->on_octets(socket, event.octets());
    case TcpEvent::What::Eof:
      return user->on_eof(socket);
    case TcpEvent::What::Writable:
      return user->on_writable(socket);
    case TcpEvent::What::Closed:
      break;
  }
}

void TcpLayer::accepted(Socket& socket) {
  const SocketId listener = std::exchange(socket.listener, kNoSocket);
  if (!listener_of(listener)) return abort(socket);  // nobody listens any more
  socket.user->on_accepted(socket);
}

// The program is told last, when nothing of the connection is left. The block is its stream until
// it has returned.
void TcpLayer::tell_closed(Socket& socket, CloseReason reason) {
  const bool known = socket.listener == kNoSocket;  // one that never opened is nobody's
  const bool waits = socket.tcp.state() == TcpState::TimeWait;
  StreamUser* user = std::exchange(socket.user, nullptr);
  if (!waits) forget(socket);
  if (user && known) user->on_closed(socket, reason);
  if (!waits) give_back(socket);
}

void TcpLayer::tell_state(Socket& socket) {
  const TcpState before = std::exchange(socket.told, socket.tcp.state());
  if (before != socket.told) watcher_.on_socket_state(socket.number, before, socket.told);
}

void TcpLayer::set_timers(Socket& socket) {
  for (std::size_t i = 0; i < kTcpTimers; ++i) {
    Timer& timer = socket.timers[i];
    const Time deadline = socket.tcp.deadline(static_cast<TcpTimer>(i));
    if (timer.deadline() == deadline) continue;
    if (deadline == kNever)
      timer.cancel();
    else if (static_cast<TcpTimer>(i) == TcpTimer::TimeWait)
      timer.arm_background_after(deadline - now());
    else
      timer.arm_at(deadline);
  }
}

void TcpLayer::emit(Socket& socket, TcpSending& sending) {
  emit(socket.key, sending, &socket.tcp);
}

void TcpLayer::emit(const TcpKey& key, TcpSending& sending, TcpConnection* text) {
  FrameBuffer* frame = ip_.blank();
  std::uint8_t* at = IpLayer::payload_of(*frame, key.remote);
  Tcp& header = sending.header;
  header.source_port = key.local_port;
  header.destination_port = key.remote_port;
  header.header_octets = static_cast<std::uint8_t>(Tcp::kOctets + sending.options.octets());
  if (header.header_octets > Tcp::kOctets) sending.options.emit(at + Tcp::kOctets);
  const std::uint32_t octets = header.header_octets + sending.octets;
  std::uint64_t covered = pseudo_sum(key.local, key.remote, kTcp, octets);
  if (sending.octets > 0) covered += text->copy_text(sending, at + header.header_octets);
  header.emit(at, covered);
  ip_.send(frame, {key.local, key.remote, kTcp}, octets);
}

}  // namespace mailscope::sim
