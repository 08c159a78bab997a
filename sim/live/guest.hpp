// One real connection: the socket of this machine on one side, a program of a simulated host on the
// other, a scribe beside it. Internal to sim/live.
//
// Octets are read when there are some and given to the program at once; what the program says is
// gathered and written once, in settle(). Nothing is read while the guest's backlog is over the
// limit or the program does not want to read. A guest is alone with its socket: the loop owns it
// and buries it when is_gone().
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/live/frame_scribe.hpp"
#include "sim/live/live_loop.hpp"
#include "sim/net/external.hpp"

namespace mailscope::sim {

class Guest;

// What a guest wants of the loop.
struct GuestHost {
  // At the beginning of a handler: the virtual clock goes up to the wall clock, what is due is
  // done. Never within a call of a program or of the simulator.
  virtual void catch_up() = 0;
  virtual Time now() const = 0;
  // The guest has something to write, to read again, or is gone: settle() it at the end.
  virtual void touch(Guest& guest) = 0;
  // The end of every handler.
  virtual void settle_soon() = 0;
  virtual std::span<char> buffer() = 0;
  // Before each stretch of octets. When the record is full every guest is told so.
  virtual void look_at_record() = 0;

  LiveLimits limits;
  LiveCounts counts;
  std::uint64_t backlog = 0;  // of all guests

 protected:
  ~GuestHost() = default;
};

class Guest final : private ExternalPeer {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Guest(GuestHost& host, const LiveService& service, Socket socket, Endpoint remote,
        std::optional<FrameScribe> scribe);

  // The program gets its stream.
  void admit();
  // Closes for a reason of ours. `line` says it; empty: nothing is said.
  void dismiss(std::string line);
  // Closes if it has been silent, or closing, for too long.
  void look_at_clock(Time now);
  // Writes, ends, reads on.
  void settle();
  void cut();  // now, with a reset
  void record_no_more() { scribe_.reset(); }

  const Endpoint& remote() const { return remote_; }
  const LiveService& service() const { return service_; }
  bool touched = false;
  bool admitted() const { return admitted_; }
  bool is_gone() const { return over_ && waits_ == 0; }

 private:
  void external_send(std::string octets) override;
  void external_close() override;
  void external_abort() override;
  void external_read(bool on) override;
  std::uint64_t external_backlog() const override { return out_.size() - out_at_; }

  void wait_to_read();
  void wait_to_write();
  void on_readable();
  void take(std::string_view octets);
  void hand_over_lines();
  void on_eof();
  bool write();
  bool may_read() const;
  void lose(CloseReason reason);  // the connection is no more
  void leave_program(CloseReason reason);
  void record(Direction direction, Time at, std::string_view octets);

  GuestHost& host_;
  const LiveService& service_;
  Socket socket_;
  Endpoint remote_;
  std::optional<FrameScribe> scribe_;
  ExternalStream* program_ = nullptr;  // the program's stream, while it has one
  std::string out_;
  std::size_t out_at_ = 0;
  std::string lines_;  // read and not yet handed over (LiveService::by_lines)
  std::size_t lines_at_ = 0;
  Time active_ = 0, fin_at_ = 0;
  int waits_ = 0;  // handlers that Asio still has
  bool reading_ = false, writing_ = false;
  bool admitted_ = false, read_on_ = true, high_ = false;
  bool closing_ = false, fin_sent_ = false, eof_seen_ = false, eof_told_ = false, over_ = false;
};

}  // namespace mailscope::sim
