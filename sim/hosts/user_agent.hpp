// The user agent: a user's own mail program. It composes and reads; others carry. RFC 5598 §4.2.1;
// RFC 8098 (receipts), RFC 3461 §4 (what the mail system is asked to report).
//
// On a host with an MTA client it hands letters to the spool; on a host that keeps all recipients'
// mailboxes itself it adds them there, as anyone may. What the user has received is the inbox.
//
// A letter that asks for a receipt gets one when the user reads it and `send_receipts` is on: once,
// from <>, and only to the address that the letter came from (RFC 8098 §2.1). Reports that come
// back are told in words.
#pragma once

#include <functional>
#include <map>
#include <set>
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
  // From an MAA client: a message, or the header of one that is larger than the user wants.
  void receive(std::string content);
  void show_header(std::string_view header, std::uint64_t octets);
  const Account& user() const { return user_; }
  const std::vector<std::string>& inbox() const { return inbox_; }
  // The server's names (UIDL) of the messages that were fetched from a host: on the disk, where
  // they outlive a crash as the inbox does.
  const std::set<std::string, std::less<>>& fetched_from(const std::string& host) {
    return fetched_[host];
  }
  void remember(const std::string& host, std::string unique_id) {
    fetched_[host].insert(std::move(unique_id));
  }

  bool send_receipts = false;  // what the user has answered to "send a receipt?"

 private:
  std::string compose(const Letter& letter);
  std::string new_message_id();
  void post(SpooledMail mail, std::string text);
  void deliver_here(const SpooledMail& mail);
  void tell_report(std::string_view content);
  void answer_receipt(std::string_view content);

  Account user_;
  std::vector<std::string> inbox_;
  std::map<std::string, std::set<std::string, std::less<>>> fetched_;  // by host
  std::set<std::string> receipted_;                                    // Message-IDs
  int letters_ = 0;
};

}  // namespace mailscope::sim
