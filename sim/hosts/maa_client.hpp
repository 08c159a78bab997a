// The MAA client: started by its user or a timer, it fetches the user's mail from the MAA server.
// RFC 1939.
//
// The addresses of the host are tried one after the other, IPv6 first, until one takes the
// connection. There is no race as in the MTA client: who does not answer is waited for.
#pragma once

#include <optional>
#include <vector>

#include "protocols/pop3/client.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/hosts/user_agent.hpp"

namespace mailscope::sim {

class MaaClient final : public Process, private StreamUser {
 public:
  explicit MaaClient(Machine& machine, std::uint16_t port = 110);

  void start() override;
  void stop() override;
  // Fetches for the user agent's user from a host. Keep mode leaves the messages there. A fetch
  // that is under way is not disturbed: the new one is passed over and told.
  void fetch(UserAgent& user_agent, const std::string& host, bool keep);

 private:
  void on_connected(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void call();
  void run();
  void finish(std::string text);

  std::uint16_t port_;
  Stream* stream_ = nullptr;
  UserAgent* user_agent_ = nullptr;
  std::optional<pop3::Client> engine_;
  std::vector<IpAddress> addresses_;  // of the host, while none has answered
  std::size_t next_ = 0;              // of them
};

}  // namespace mailscope::sim
