// What a host keeps when its power fails: the spool and the mailboxes. RFC 5321 §4.5.4 (queues),
// RFC 5598 §4.
//
// Values without I/O and without journal; Machine wraps every change of them with one. What is done
// within one event of the simulator is one change of the disk: a crash falls before or behind it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mailbox/account.hpp"
#include "sim/kernel/time.hpp"

namespace mailscope::sim {

enum class Fate : std::uint8_t { Pending, Done, Failed };

// What the sender wants to be told about a recipient. RFC 3461 §4.1.
struct Notify {
  bool stated = false;  // there was a NOTIFY; without one, failures and delays
                        // are reported
  bool success = false;
  bool failure = false;
  bool delay = false;  // all three false: NEVER

  bool on_failure() const { return !stated || failure; }
  bool on_delay() const { return !stated || delay; }
  friend bool operator==(const Notify&, const Notify&) = default;
};

struct SpooledRecipient {
  std::string address{};  // without brackets
  std::string words{};    // for the sender: why nothing more is tried; may be empty
  Fate fate = Fate::Pending;
  Notify notify{};
  std::string original{};         // ORCPT, decoded: "rfc822;bob@beta.example"; empty: none
  std::string remote{};           // the host that said `reply`, empty: this one
  std::string reply{};            // the last one about it: "550 5.1.1 No such user"
  std::string status{};           // of the failure or delay: "5.1.1"
  Time last_attempt = kNever;     // kNever: none yet
  bool reported = false;          // its failure is in a report, or wants none
  bool may_be_duplicate = false;  // a connection broke between its final dot and the reply
};

// A mail in the spool: its envelope, its content with the Received lines so far, and who has it.
struct SpooledMail {
  std::uint64_t number = 0;
  std::string reverse_path{};  // without brackets; empty for the null path
  std::vector<SpooledRecipient> recipients{};
  std::string content{};  // lines end in CRLF
  int attempts = 0;
  Time arrived = 0;
  Time next_attempt = 0;
  bool warned = false;             // the sender knows that it is late
  bool internationalized = false;  // came with SMTPUTF8 (RFC 6531)
  std::string envelope_id{};       // ENVID, decoded
  bool return_full = false;        // RET=FULL
  bool return_stated = false;      // RET came at all
  std::string origin{};            // the host that it came from, empty: written here

  bool settled() const;
  std::string id() const;  // "Q0001", as the Received line names it
};

// The mails that wait, by number, that is oldest first. References stay good until the mail is
// taken out.
class Spool {
 public:
  // Gives it the next number.
  SpooledMail& add(SpooledMail mail);
  SpooledMail* find(std::uint64_t number);
  const SpooledMail* find(std::uint64_t number) const;
  void take_out(std::uint64_t number);

  std::size_t size() const { return mails_.size(); }
  bool empty() const { return mails_.empty(); }
  std::uint64_t octets() const { return octets_; }
  std::uint64_t next_number() const { return next_number_; }
  void count_from(std::uint64_t number) { next_number_ = number; }
  const std::map<std::uint64_t, SpooledMail>& mails() const { return mails_; }

 private:
  std::map<std::uint64_t, SpooledMail> mails_;
  std::uint64_t next_number_ = 1;
  std::uint64_t octets_ = 0;
};

struct Disk {
  Spool spool;
  // By user: INBOX, and Junk for what the spam filter sets apart.
  std::map<std::string, std::unique_ptr<mailbox::Account>, std::less<>> accounts;
  // Whose account is on a real disk: it outlives the program, and takes no room here.
  std::set<std::string, std::less<>> outside;
  std::map<std::string, Time, std::less<>> greylist;  // when a triple was seen first
};

}  // namespace mailscope::sim
