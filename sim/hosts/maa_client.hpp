// The MAA client: started by its user or a timer, it fetches the user's mail from the MAA server.
// RFC 1939.
//
// A fetch that comes to nothing is told and not tried again by itself. A connection that breaks
// before QUIT was answered deletes nothing on the server; a server that says nothing for
// ClientConfig::reply_timeout is hung up on.
//
// The addresses of the host are tried one after the other, IPv6 first, until one takes the
// connection. There is no race as in the MTA client: who does not answer is waited for.
#pragma once

#include <optional>
#include <vector>

#include "protocols/pop3/client.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/hosts/user_agent.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

struct FetchOptions {
  bool keep = false;  // keep mode: the messages stay on the server
  // The server's names for the messages are asked for, and remembered on the user's disk: what was
  // fetched once is not fetched again.
  bool uidl = false;
  pop3::LogIn log_in = pop3::LogIn::Password;
  // Of a larger message only the header is looked at, and it stays on the server.
  std::optional<std::uint64_t> octets_max{};
};

class MaaClient final : public Process, private StreamUser, private Handler {
 public:
  explicit MaaClient(Machine& machine, std::uint16_t port = 110);

  void start() override;
  void stop() override;
  // Fetches for the user agent's user from a host. A fetch that is under way is not disturbed: the
  // new one is passed over and told.
  void fetch(UserAgent& user_agent, const std::string& host, const FetchOptions& options);

 private:
  void on_connected(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_event(std::uint64_t token) override;
  void call();
  void run();
  void take(pop3::ClientEvent& event);
  void tell_failed(std::string text);
  void finish(std::string text);

  std::uint16_t port_;
  Stream* stream_ = nullptr;
  UserAgent* user_agent_ = nullptr;
  std::string host_;  // fetched from
  std::optional<pop3::Client> engine_;
  std::vector<IpAddress> addresses_;  // of the host, while none has answered
  std::size_t next_ = 0;              // of them
  std::uint64_t fetches_ = 0;
  Timer patience_;
};

}  // namespace mailscope::sim
