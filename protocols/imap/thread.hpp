// Messages put together as conversations, for THREAD. RFC 5256 §3.
//
// ORDEREDSUBJECT: messages with the same base subject are a thread, its first message the parent of
// the others. REFERENCES: a message is the child of the one that its References (else In-Reply-To)
// names last; messages that are named and not there hold their children together; then threads of
// one subject are joined.
//
// Messages are added one by one in the mailbox's order; of each its id, references, base subject
// and sent date are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/response.hpp"

namespace mailscope::imap {

enum class ThreadAlgorithm : std::uint8_t { OrderedSubject, References };

class Threads {
 public:
  // References of one message beyond so many, the oldest, are not followed.
  static constexpr std::size_t kReferencesMax = 200;

  explicit Threads(ThreadAlgorithm algorithm);
  ~Threads();
  Threads(Threads&&) noexcept;
  Threads& operator=(Threads&&) noexcept;

  // `arrival`: the internal date, which counts where there is no Date field.
  void add(std::uint32_t number, std::string_view header, std::int64_t arrival);
  // Once, behind the last: parents before their children, threads by the date of their first
  // message.
  std::vector<ThreadMember> finish();

 private:
  class OrderedSubject;
  class References;

  std::unique_ptr<OrderedSubject> by_subject_;
  std::unique_ptr<References> by_references_;
};

// The msg-ids in a field, each without white space and quoting: "<a@b>". What is none is
// passed over. RFC 5322 §3.6.4.
std::vector<std::string> read_message_ids(std::string_view body);

}  // namespace mailscope::imap
