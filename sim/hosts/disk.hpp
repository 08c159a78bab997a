// What a host keeps when its power fails: the spool and the mailboxes. RFC 5321 §4.5.4 (queues),
// RFC 5598 §4.
//
// Values without I/O and without journal; Machine wraps every change of them with one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::sim {

enum class Fate : std::uint8_t { Pending, Done, Failed };

// What the sender wants to be told about a recipient. RFC 3461 §4.1.
struct Notify {
  bool stated = false;  // there was a NOTIFY; without one, failures and delays are reported
  bool success = false;
  bool failure = false;
  bool delay = false;  // all three false: NEVER

  bool on_failure() const { return !stated || failure; }
  bool on_delay() const { return !stated || delay; }
  friend bool operator==(const Notify&, const Notify&) = default;
};

struct SpooledRecipient {
  std::string address;  // without brackets
  Fate fate = Fate::Pending;
};

// A mail in the spool: its envelope, its content with the Received lines so far, and who has it.
struct SpooledMail {
  std::uint64_t number = 0;
  std::string reverse_path;  // without brackets; empty for the null path
  std::vector<SpooledRecipient> recipients;
  std::string content;  // lines end in CRLF
  int attempts = 0;

  bool settled() const;
  std::string id() const;  // "Q0001", as the Received line names it
};

struct StoredMessage {
  std::uint64_t uid = 0;  // unique in its mailbox, never used again
  std::string content;
};

// One user's mailbox. Anyone may append; only its owner may open it.
class Mailbox {
 public:
  Mailbox() = default;
  explicit Mailbox(std::string owner) : owner_(std::move(owner)) {}

  void append(std::string content);
  // The messages, or null when `user` is not the owner: permission refused.
  std::vector<StoredMessage>* open(std::string_view user);
  std::size_t size() const { return messages_.size(); }
  const std::string& owner() const { return owner_; }

  // The exclusive lock of a session (RFC 1939 §4). It is memory, not disk: a crash frees it.
  bool lock();
  void unlock() { locked_ = false; }

 private:
  std::string owner_;
  std::vector<StoredMessage> messages_;
  std::uint64_t next_uid_ = 1;
  bool locked_ = false;
};

struct Disk {
  std::deque<SpooledMail> spool;  // oldest first
  std::uint64_t next_number = 1;
  std::map<std::string, Mailbox, std::less<>> mailboxes;  // by user
};

}  // namespace mailscope::sim
