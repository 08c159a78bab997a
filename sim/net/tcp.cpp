#include "sim/net/tcp.hpp"

#include <algorithm>
#include <cassert>

#include "sim/net/network.hpp"
#include "sim/net/tcp_connection.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

namespace {

constexpr std::uint16_t kEphemeralFirst = 49152;  // RFC 6335 §6
constexpr unsigned kEphemeralPorts = 65536 - kEphemeralFirst;

std::uint64_t mixed(std::uint64_t value) {
  return split_mix(value);
}

// RFC 9293 §3.2: end of list, no operation, or kind and length.
void read_options(TcpSegment& segment, const std::uint8_t* at, const std::uint8_t* end) {
  while (at < end && *at != 0) {
    if (*at == 1) {
      ++at;
      continue;
    }
    if (end - at < 2 || at[1] < 2 || at[1] > end - at) return;
    if (*at == 2 && at[1] == 4) segment.mss = get16(at + 2);
    if (*at == 3 && at[1] == 3) segment.scale = std::min<int>(at[2], 14);
    at += at[1];
  }
}

}  // namespace

// ---- the table ----

std::uint64_t TcpKey::hash() const {
  const std::uint64_t ports = std::uint64_t{local_port} << 16 | remote_port;
  const std::uint64_t addresses = std::uint64_t{local_address} << 32 | remote_address;
  const std::uint64_t product = (addresses ^ ports * 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9;
  return product ^ product >> 32;
}

TcpConnection* TcpTable::find(const TcpKey& key) const {
  for (std::size_t i = home(key); slots_[i]; i = (i + 1) & (slots_.size() - 1))
    if (slots_[i]->key() == key) return slots_[i];
  return nullptr;
}

void TcpTable::insert(TcpConnection& connection) {
  if (++used_ * 2 > slots_.size()) {
    std::vector<TcpConnection*> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 1;
    for (TcpConnection* moved : old)
      if (moved) insert(*moved);
  }
  std::size_t i = home(connection.key());
  while (slots_[i]) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = &connection;
}

// The ones behind it move up, so that no probe stops at the hole.
void TcpTable::erase(const TcpConnection& connection) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = home(connection.key());
  while (slots_[hole] != &connection) {
    if (!slots_[hole]) return;
    hole = (hole + 1) & mask;
  }
  for (std::size_t i = (hole + 1) & mask; slots_[i]; i = (i + 1) & mask) {
    const std::size_t wanted = home(slots_[i]->key());
    if (((i - wanted) & mask) < ((i - hole) & mask)) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = nullptr;
  --used_;
}

void TcpTable::clear() {
  std::ranges::fill(slots_, nullptr);
  used_ = 0;
}

// ---- sockets ----

TcpLayer::TcpLayer(Node& node, std::uint64_t secret) : node_(node), secret_(secret), by_id_(1) {}

TcpLayer::~TcpLayer() = default;

TcpLayer::Listener* TcpLayer::listener_on(std::uint16_t port) {
  const auto found = std::ranges::find(listeners_, port, &Listener::port);
  return found == listeners_.end() ? nullptr : &*found;
}

TcpLayer::Listener* TcpLayer::listener_of(SocketId id) {
  const auto found = std::ranges::find(listeners_, id, &Listener::id);
  return found == listeners_.end() ? nullptr : &*found;
}

TcpConnection* TcpLayer::connection_of(SocketId id) const {
  return id < by_id_.size() ? by_id_[id] : nullptr;
}

SocketId TcpLayer::listen(std::uint16_t port, StreamUser& user) {
  if (port == 0 || listener_on(port)) return kNoSocket;
  const SocketId id = new_id();
  listeners_.push_back({id, port, &user});
  return id;
}

std::optional<std::pair<SocketId, StreamUser*>> TcpLayer::listening(std::uint16_t port) {
  const Listener* listener = listener_on(port);
  if (!listener) return std::nullopt;
  return std::pair{listener->id, listener->user};
}

SocketId TcpLayer::new_id() {
  by_id_.push_back(nullptr);
  return static_cast<SocketId>(by_id_.size() - 1);
}

std::uint32_t TcpLayer::initial_sequence(const TcpKey& key) const {
  if (node_.tcp_options_.fixed_isn) return node_.tcp_options_.isn;
  // RFC 6528: a clock of 4 microseconds, and a number that nobody else can know.
  const auto clock = static_cast<std::uint32_t>(node_.simulator_.now() / (4 * kMicrosecond));
  return clock + static_cast<std::uint32_t>(mixed(key.hash() ^ secret_));
}

TcpConnection& TcpLayer::open(const TcpKey& key, StreamUser* user) {
  if (free_.empty()) {
    blocks_.push_back(std::make_unique<TcpConnection>(*this));
    free_.push_back(blocks_.back().get());
  }
  TcpConnection& connection = *free_.back();
  free_.pop_back();
  const auto id = static_cast<SocketId>(by_id_.size());
  by_id_.push_back(&connection);
  connection.begin(id, key, user, node_.tcp_options_, initial_sequence(key),
                   node_.mtu_to(key.remote_address));
  table_.insert(connection);
  return connection;
}

void TcpLayer::release(TcpConnection& connection) {
  table_.erase(connection);
  by_id_[connection.id()] = nullptr;
  free_.push_back(&connection);
}

std::uint16_t TcpLayer::free_port(std::uint32_t local, std::uint32_t remote,
                                  std::uint16_t remote_port) {
  for (unsigned tries = 0; tries < kEphemeralPorts; ++tries) {
    const std::uint16_t port = next_port_;
    next_port_ = port == 65535 ? kEphemeralFirst : static_cast<std::uint16_t>(port + 1);
    if (!listener_on(port) && !table_.find({local, remote, port, remote_port})) return port;
  }
  return 0;
}

SocketId TcpLayer::connect(std::uint32_t address, std::uint16_t port, StreamUser& user) {
  const std::uint32_t local = node_.source_for(address);
  const std::uint16_t local_port = free_port(local, address, port);
  if (local_port == 0) return kNoSocket;
  TcpConnection& connection = open({local, address, local_port, port}, &user);
  const SocketId id = connection.id();
  if (local == 0)
    connection.connect_fails();
  else
    connection.connect();
  return id;
}

bool TcpLayer::send(SocketId socket, std::string octets) {
  TcpConnection* connection = connection_of(socket);
  return connection && connection->send(std::move(octets));
}

void TcpLayer::close(SocketId socket) {
  if (TcpConnection* connection = connection_of(socket)) return connection->close();
  if (listener_of(socket))
    std::erase_if(listeners_, [socket](const Listener& each) { return each.id == socket; });
}

void TcpLayer::abort(SocketId socket) {
  if (TcpConnection* connection = connection_of(socket)) return connection->abort();
  close(socket);
}

void TcpLayer::pause_reading(SocketId socket) {
  if (TcpConnection* connection = connection_of(socket)) connection->pause_reading();
}

void TcpLayer::resume_reading(SocketId socket) {
  if (TcpConnection* connection = connection_of(socket)) connection->resume_reading();
}

void TcpLayer::set_user(SocketId socket, StreamUser& user) {
  if (TcpConnection* connection = connection_of(socket)) connection->set_user(user);
  if (Listener* listener = listener_of(socket)) listener->user = &user;
}

std::uint64_t TcpLayer::backlog(SocketId socket) const {
  const TcpConnection* connection = connection_of(socket);
  return connection ? connection->backlog() : 0;
}

std::optional<SocketInfo> TcpLayer::info(SocketId socket) const {
  if (const TcpConnection* connection = connection_of(socket)) return connection->info();
  for (const Listener& listener : listeners_) {
    if (listener.id != socket) continue;
    SocketInfo info;
    info.id = socket;
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
    if (block->id() != kNoSocket) ids.push_back(block->id());
  std::ranges::sort(ids);
  std::vector<SocketInfo> list;
  for (const SocketId id : ids)
    if (const auto found = info(id)) list.push_back(*found);
  return list;
}

void TcpLayer::clear() {
  table_.clear();
  listeners_.clear();
  for (const auto& block : blocks_) {
    if (block->id() == kNoSocket) continue;
    by_id_[block->id()] = nullptr;
    free_.push_back(block.get());
    block->forget();
  }
}

void TcpLayer::on_unreachable(std::uint32_t next_hop) {
  std::vector<SocketId> waiting;  // callbacks may open others
  for (const auto& block : blocks_)
    if (block->state() == TcpState::SynSent &&
        node_.next_hop_to(block->key().remote_address) == next_hop)
      waiting.push_back(block->id());
  std::ranges::sort(waiting);
  for (const SocketId id : waiting)
    if (TcpConnection* connection = connection_of(id)) connection->finish(CloseReason::Unreachable);
}

// ---- segments ----

void TcpLayer::receive(FrameBuffer& frame, std::uint32_t at, std::uint32_t octets) {
  const std::uint8_t* tcp = frame.data + at;
  if (octets < kTcpHeader) return;
  const std::uint32_t header = (tcp[12] >> 4) * 4u;
  if (header < kTcpHeader || header > octets) return;
  const std::uint8_t* ip = frame.data + kIpAt;
  if (fold(sum(tcp, octets) + pseudo_sum(ip, kProtocolTcp, octets)) != 0xffff) return;

  const TcpKey key{get32(ip + 16), get32(ip + 12), get16(tcp + 2), get16(tcp)};
  TcpSegment segment;
  segment.sequence = get32(tcp + 4);
  segment.acknowledgment = get32(tcp + 8);
  segment.flags = tcp[13];
  segment.window = get16(tcp + 14);
  segment.payload = tcp + header;
  segment.octets = octets - header;
  segment.frame = &frame;
  if (header > kTcpHeader) read_options(segment, tcp + kTcpHeader, tcp + header);

  TcpConnection* connection = table_.find(key);
  if (connection && connection->gives_way_to(segment)) {
    connection->finish(CloseReason::Finished);
    connection = nullptr;
  }
  if (connection) return connection->receive(segment);
  const Listener* listener = listener_on(key.local_port);
  const bool opening = segment.has(kSyn) && !segment.has(kAck) && !segment.has(kRst);
  if (listener && opening)
    accept(key, segment, *listener);
  else
    refuse(key, segment);
}

void TcpLayer::accept(const TcpKey& key, const TcpSegment& segment, const Listener& listener) {
  const SocketId id = listener.id;
  open(key, listener.user).accept(id, segment);
}

// RFC 9293 §3.10.7.1: RST to a segment of no connection.
void TcpLayer::refuse(const TcpKey& key, const TcpSegment& segment) {
  if (segment.has(kRst)) return;
  if (segment.has(kAck))
    finish(blank(), key, segment.acknowledgment, 0, kRst, 0, kTcpHeader, 0, 0);
  else
    finish(blank(), key, 0, segment.sequence + segment.length(), kRst | kAck, 0, kTcpHeader, 0, 0);
}

FrameBuffer* TcpLayer::blank() {
  return node_.network_.frames().take();
}

void TcpLayer::finish(FrameBuffer* frame, const TcpKey& key, std::uint32_t sequence,
                      std::uint32_t acknowledgment, std::uint8_t flags, std::uint16_t window,
                      std::uint32_t header, std::uint32_t payload, std::uint64_t payload_sum) {
  std::uint8_t* ip = frame->data + kIpAt;
  std::uint8_t* tcp = frame->data + kTransportAt;
  const std::uint32_t length = header + payload;
  frame->octets = kTransportAt + length;
  put_ip_header(ip, kIpHeader + length, node_.ip_id_++, kProtocolTcp, key.local_address,
                key.remote_address);
  put16(tcp, key.local_port);
  put16(tcp + 2, key.remote_port);
  put32(tcp + 4, sequence);
  put32(tcp + 8, acknowledgment);
  tcp[12] = static_cast<std::uint8_t>(header / 4 << 4);
  tcp[13] = flags;
  put16(tcp + 14, window);
  put32(tcp + 16, 0);  // checksum, urgent pointer
  put_checksum(tcp + 16, payload_sum + sum(tcp, header) + pseudo_sum(ip, kProtocolTcp, length));
  node_.send_ip(frame, key.remote_address);
}

}  // namespace mailscope::sim
