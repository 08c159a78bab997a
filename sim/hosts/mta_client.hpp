// The MTA client: started by a spool that is not empty, it carries mail to other hosts. RFC 5321
// §4.5.4.
//
// One connection at a time; all mails for the same next host share it. A host that settles nothing
// is not called again in the same queue run, and does not hold up the mail for others. What was not
// taken stays in the spool and is tried again after kRetry, at most kAttemptsMax times; what was
// refused for good (5yz) is marked as failed and told.
#pragma once

#include <optional>
#include <vector>

#include "protocols/smtp/client.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class MtaClient final : public Process, private StreamUser, private Handler {
 public:
  static constexpr Time kRetry = 300 * kSecond;
  static constexpr int kAttemptsMax = 5;

  explicit MtaClient(Machine& machine, std::uint16_t port = 25);

  void start() override;
  void stop() override;
  void on_spooled() override;

 private:
  // A message of the connection, and which of the spooled mail's recipients it is for.
  struct Delivery {
    std::uint64_t mail = 0;               // SpooledMail::number
    std::vector<std::size_t> recipients;  // indices into SpooledMail::recipients
  };

  void on_connected(SocketId socket) override;
  void on_octets(SocketId socket, std::string_view octets) override;
  void on_eof(SocketId socket) override;
  void on_closed(SocketId socket, CloseReason reason) override;
  void on_event(std::uint64_t token) override;

  void work();  // the next host, or idle
  std::string next_host(std::string_view address) const;
  void connect(const std::string& host);
  void hand_over(SpooledMail& mail, const std::string& host);
  void run();
  void settle(const smtp::RecipientAnswered& answer);
  void settle(const smtp::MessageAnswered& answer);
  void fail(SpooledMail& mail, SpooledRecipient& recipient, const std::string& why);
  SpooledMail* find(std::uint64_t number);
  void finish();

  std::uint16_t port_;
  Timer timer_;
  SocketId socket_ = kNoSocket;
  std::optional<smtp::Client> engine_;
  std::vector<Delivery> deliveries_;  // by smtp::Client's message number
  std::vector<std::string> tried_;    // hosts called in this queue run that settled nothing
  bool settled_ = false;              // the host that was called last has settled something
};

}  // namespace mailscope::sim
