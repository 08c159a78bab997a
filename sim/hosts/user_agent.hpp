// The user agent: a user's own mail program. It composes and reads; others carry. RFC 5598 §4.2.1.
//
// On a host with an MTA client it hands letters to the spool; on a host that keeps all recipients'
// mailboxes itself it adds them there, as anyone may. What the user has received is the inbox.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

struct Letter {
  std::vector<std::string> to{}, cc{}, bcc{};
  std::string subject{}, body{};
  std::string from{};            // another address in From and in the envelope; empty: the user's
  bool request_receipt = false;  // Disposition-Notification-To: please say that you read it
  bool eight_bit = false;        // the body goes as 8bit (BODY=8BITMIME), else quoted-printable
  Notify notify{};               // what the mail system is asked to report (RFC 3461 §4.1)
  bool return_full = false;      // RET=FULL: the whole letter comes back, not only its header
};

class UserAgent final : public Process {
 public:
  UserAgent(Machine& machine, Account user, std::string name);

  void start() override;
  void send(const Letter& letter);
  void read();                                // the user's own mailbox on this host
  void open_mailbox(std::string_view whose);  // somebody's mailbox on this host
  void receive(std::string content);          // from an MAA client
  const Account& user() const { return user_; }
  const std::vector<std::string>& inbox() const { return inbox_; }

 private:
  std::string compose(const Letter& letter);
  void deliver_here(const std::vector<std::string>& recipients, const std::string& content);

  Account user_;
  std::vector<std::string> inbox_;
  int letters_ = 0;
};

}  // namespace mailscope::sim
