#include "sim/net/layer.hpp"

#include <utility>

namespace mailscope::sim {

// ---- a layer ----

void Layer::stand_between(Stream& below, StreamUser& above, LayeredTransport& owner) {
  below_ = &below;
  above_ = &above;
  owner_ = &owner;
}

void Layer::on_closed(Stream&, CloseReason reason) {
  owner_->retire(*this);
  above_->on_closed(*this, reason);
}

void Layer::abort() {
  owner_->retire(*this);
  below_->abort();
}

// ---- all of a host ----

LayeredTransport::LayeredTransport(Transport& below, Simulator& simulator)
    : below_(below), simulator_(simulator) {}

LayeredTransport::~LayeredTransport() = default;

Stream* LayeredTransport::connect(const IpAddress& address, std::uint16_t port, StreamUser& user) {
  std::unique_ptr<Layer> layer = made_for({false, port});
  if (!layer) return below_.connect(address, port, user);
  Stream* stream = below_.connect(address, port, *layer);
  return stream ? &own(std::move(layer), *stream, user) : nullptr;
}

bool LayeredTransport::listen(std::uint16_t port, StreamUser& user) {
  const auto [listener, fresh] = listeners_.try_emplace(port);
  if (!below_.listen(port, listener->second)) {
    if (fresh) listeners_.erase(listener);
    return false;
  }
  listener->second.owner = this;
  listener->second.program = &user;
  return true;
}

void LayeredTransport::stop_listening(std::uint16_t port) {
  below_.stop_listening(port);
  listeners_.erase(port);
}

void LayeredTransport::Listener::on_accepted(Stream& stream) {
  std::unique_ptr<Layer> layer = owner->made_for({true, stream.local().port});
  if (!layer) {
    stream.set_user(*program);
    return program->on_accepted(stream);
  }
  Layer& between = owner->own(std::move(layer), stream, *program);
  stream.set_user(between);
  between.on_accepted(stream);
}

Stream& LayeredTransport::insert(Stream& below, StreamUser& above, std::unique_ptr<Layer> layer) {
  Layer& between = own(std::move(layer), below, above);
  below.set_user(between);
  between.on_inserted();
  return between;
}

std::unique_ptr<Layer> LayeredTransport::made_for(const LayerPlace& place) const {
  return factory_ ? factory_(place) : nullptr;
}

Layer& LayeredTransport::own(std::unique_ptr<Layer> layer, Stream& below, StreamUser& above) {
  Layer& owned = *layer;
  owned.stand_between(below, above, *this);
  layers_.emplace(&owned, std::move(layer));
  return owned;
}

void LayeredTransport::retire(Layer& layer) {
  auto found = layers_.extract(&layer);
  if (found.empty()) return;
  if (over_.empty()) simulator_.schedule_after(0, *this);
  over_.push_back(std::move(found.mapped()));
}

void LayeredTransport::clear() {
  listeners_.clear();
  while (!layers_.empty()) retire(*layers_.begin()->second);
}

void LayeredTransport::on_event(std::uint64_t) {
  over_.clear();
}

std::uint16_t LayeredTransport::bind(std::uint16_t port, DatagramUser& user) {
  return below_.bind(port, user);
}

bool LayeredTransport::send_to(std::uint16_t from_port, const IpAddress& address,
                               std::uint16_t port, std::string_view octets) {
  return below_.send_to(from_port, address, port, octets);
}

}  // namespace mailscope::sim
