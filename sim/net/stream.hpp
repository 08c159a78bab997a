// What a program on a host holds of a connection: a stream of octets each way.
//
// Event-driven. Everything that is asked of a stream returns at once and calls nobody back; the
// callbacks come later from the event loop. Inside a callback every call is allowed, also closing
// that stream, opening others, and powering the host off.
//
// The life of a stream:  Transport::connect() -> on_connected, or listen() -> on_accepted; then any
// number of on_octets and on_writable; on_eof when the peer has ended its half (octets may still be
// sent); last of all on_closed, exactly once. After abort() and after a power failure nothing more
// comes. A Stream is good until on_closed has returned, abort() was called, or its host lost power;
// then its place may be another's, so nobody keeps it. An id is never used again.
//
// TCP's socket is one kind (tcp.cpp), a connection from outside the simulated network another
// (external.hpp). Streams come in layers: a *layer* (layer.hpp) is the user of the stream below it
// and a stream for the program above.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/net/address.hpp"

namespace mailscope::sim {

// Of a stream or a listener: unique within its host, counted up from 1, also over a crash.
using SocketId = std::uint32_t;
inline constexpr SocketId kNoSocket = 0;

enum class CloseReason : std::uint8_t {
  Finished,     // FIN both ways (in TIME-WAIT it counts as finished)
  Reset,        // the peer sent RST
  TimedOut,     // retransmissions were given up, or nobody answered the SYN
  Refused,      // RST to our SYN
  Unreachable,  // no route, or nobody answered ARP for the next hop
};
std::string_view name(CloseReason reason);  // "finished", ...

struct StreamUser;

class Stream {
 public:
  // The same in all layers of a connection.
  virtual SocketId id() const = 0;
  virtual Endpoint local() const = 0;
  virtual Endpoint remote() const = 0;
  // Takes any amount, also before on_connected. Over TCP the octets' last segment carries PSH.
  // False when the stream is closed for sending; then nothing is taken.
  virtual bool send(std::string octets) = 0;
  // The end, behind everything sent so far (TCP: FIN); receiving goes on. Before the connection is
  // made it is the same as abort().
  virtual void close() = 0;
  // Breaks off (TCP: RST); no callback follows.
  virtual void abort() = 0;
  // While paused nothing is delivered; what comes is held and the offered window shrinks.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  virtual std::uint64_t backlog() const = 0;  // octets not yet acknowledged or not yet sent
  // Another user for the same stream: a server hands it to a session, a layer comes between.
  virtual void set_user(StreamUser& user) = 0;

 protected:
  ~Stream() = default;
};

// Who is called back. It must live as long as its streams.
struct StreamUser {
  virtual void on_connected(Stream&) {}
  // A new stream at a port that this user listens on: stream.local().port.
  virtual void on_accepted(Stream&) {}
  // The view is valid during the call only.
  virtual void on_octets(Stream&, std::string_view octets) = 0;
  virtual void on_eof(Stream&) {}
  virtual void on_closed(Stream&, CloseReason) {}
  // The backlog fell below TcpOptions::send_low_octets after it had been at least that.
  virtual void on_writable(Stream&) {}

 protected:
  ~StreamUser() = default;
};

}  // namespace mailscope::sim
