// Layers: between a program and the stream that it holds stands something that changes the octets.
//
// A Layer is the user of the stream below it and a Stream for the program above; this base passes
// everything on, both ways. TLS will be one: it overrides on_connected() and on_inserted() (a
// client's handshake begins), on_octets() (records become plain text), send() (text becomes
// records; what the program says before the handshake is over waits), on_eof() and close() (the
// close_notify of RFC 8446 §6.1). There are two ways to put one in:
//
// - from the first octet on, without the program's knowledge (the ports of RFC 8314 §3):
//   LayeredTransport::set_factory(), which is asked for each connection that is opened or accepted;
// - in the middle of a dialogue, by the program itself (STARTTLS, RFC 3207; STLS, RFC 2595): once
//   the last plain line is sent or has come, stream = &insert(*stream, *this, layer). The id stays.
//
// LayeredTransport owns the layers. One that is over (on_closed has returned, abort(), clear()) is
// destroyed by an event of its own, so that it may be ended from within any of its functions.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/simulator.hpp"
#include "sim/net/transport.hpp"

namespace mailscope::sim {

class Layer;
class LayeredTransport;

class Layer : public Stream, public StreamUser {
 public:
  Layer() = default;
  virtual ~Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  // For LayeredTransport, before anything else.
  void stand_between(Stream& below, StreamUser& above, LayeredTransport& owner);
  // It was put in while the dialogue is under way.
  virtual void on_inserted() {}

  // To the program above.
  void on_connected(Stream&) override { above_->on_connected(*this); }
  void on_accepted(Stream&) override { above_->on_accepted(*this); }
  void on_octets(Stream&, std::string_view octets) override { above_->on_octets(*this, octets); }
  void on_eof(Stream&) override { above_->on_eof(*this); }
  void on_closed(Stream&, CloseReason reason) final;
  void on_writable(Stream&) override { above_->on_writable(*this); }

  // To the stream below.
  SocketId id() const final { return below_->id(); }
  Endpoint local() const final { return below_->local(); }
  Endpoint remote() const final { return below_->remote(); }
  bool send(std::string octets) override { return below_->send(std::move(octets)); }
  void close() override { below_->close(); }
  void abort() final;
  void pause_reading() override { below_->pause_reading(); }
  void resume_reading() override { below_->resume_reading(); }
  std::uint64_t backlog() const override { return below_->backlog(); }
  void set_user(StreamUser& user) final { above_ = &user; }

 protected:
  Stream& below() { return *below_; }
  StreamUser& above() { return *above_; }

 private:
  Stream* below_ = nullptr;
  StreamUser* above_ = nullptr;
  LayeredTransport* owner_ = nullptr;
};

// What a layer is wanted for.
struct LayerPlace {
  bool accepted = false;   // the other side opened the connection
  std::uint16_t port = 0;  // of the side that listens
};
// Null: no layer there.
using LayerFactory = std::function<std::unique_ptr<Layer>(const LayerPlace&)>;

// A host's network with layers under its streams. Without a factory nothing stands between. The
// transport below and the simulator outlive it.
class LayeredTransport final : public Transport, private Handler {
 public:
  LayeredTransport(Transport& below, Simulator& simulator);
  ~LayeredTransport();

  // For connections from now on, also to ports that are listened on already.
  void set_factory(LayerFactory factory) { factory_ = std::move(factory); }
  // Under a stream that is open. The layer is the program's stream from now on.
  Stream& insert(Stream& below, StreamUser& above, std::unique_ptr<Layer> layer);
  void retire(Layer& layer);  // for layers
  void clear();               // the host's power is gone: nothing is told

  Stream* connect(const IpAddress& address, std::uint16_t port, StreamUser& user) override;
  bool listen(std::uint16_t port, StreamUser& user) override;
  void stop_listening(std::uint16_t port) override;
  std::uint16_t bind(std::uint16_t port, DatagramUser& user) override;
  void unbind(std::uint16_t port) override { below_.unbind(port); }
  bool send_to(std::uint16_t from_port, const IpAddress& address, std::uint16_t port,
               std::string_view octets) override;
  bool has_address(const IpAddress& address) const override { return below_.has_address(address); }
  bool speaks_ipv4() const override { return below_.speaks_ipv4(); }
  bool speaks_ipv6() const override { return below_.speaks_ipv6(); }

 private:
  // Listens below, and gives each connection its layer.
  struct Listener final : StreamUser {
    void on_accepted(Stream& stream) override;
    void on_octets(Stream&, std::string_view) override {}
    LayeredTransport* owner = nullptr;
    StreamUser* program = nullptr;
  };

  void on_event(std::uint64_t token) override;
  std::unique_ptr<Layer> made_for(const LayerPlace& place) const;
  Layer& own(std::unique_ptr<Layer> layer, Stream& below, StreamUser& above);

  Transport& below_;
  Simulator& simulator_;
  LayerFactory factory_;
  std::map<std::uint16_t, Listener> listeners_;  // by port
  std::map<const Layer*, std::unique_ptr<Layer>> layers_;
  std::vector<std::unique_ptr<Layer>> over_;  // to be destroyed by the next event
};

}  // namespace mailscope::sim
