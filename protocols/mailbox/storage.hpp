// What keeps mailboxes: the interface of a back end. In memory (memory.hpp), or files of some kind
// outside of here.
//
// A back end keeps what it is told and thinks nothing up: UIDs, modification sequences and names
// come from Mailbox and Account. Each call is done for good when it returns: after a crash of the
// program the next load has it. A call that fails has changed nothing, or has left what the next
// refresh() will tell about. Single thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "protocols/mailbox/failure.hpp"
#include "protocols/mailbox/message.hpp"

namespace mailscope::mailbox {

template <class T>
using Result = tl::expected<T, Failure>;

struct Expunged {
  UidRange uids{};
  ModSeq modseq = 0;
};

// A mailbox without the contents of its messages.
struct MailboxState {
  std::uint32_t uid_validity = 1;
  Uid uid_next = 1;
  Uid recent_from = 1;  // from here on messages are \Recent to whom takes them first
  ModSeq highest_modseq = 1;
  std::vector<Message> messages{};  // ascending by UID
  std::vector<std::string> keywords{};
  std::vector<Expunged> expunged{};  // ascending by modseq
  ModSeq expunged_after = 0;         // what was expunged up to then is forgotten
};

// What other programs did to a mailbox since the last look.
struct Outside {
  struct Arrived {
    std::uint32_t octets = 0;
    InternalDate date{};
    FlagSet flags{};
  };
  std::vector<Arrived> arrived{};  // in the order in which they are to get UIDs
  std::vector<FlagChange> flags{};
  std::vector<Uid> gone{};  // ascending
  bool empty() const { return arrived.empty() && flags.empty() && gone.empty(); }
};

// One mailbox in a back end. UIDs ascend in all spans.
class Folder {
 public:
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  virtual ~Folder() = default;

  virtual Result<MailboxState> load() = 0;

  // The octets of a message. The view is good until the next call of the folder and as long as
  // `buffer`, which it may be in.
  virtual Result<std::string_view> content(Uid uid, std::string& buffer) = 0;

  // All or nothing. `messages` and `contents` are as many.
  virtual Result<void> append(std::span<const Message> messages,
                              std::span<NewMessage> contents) = 0;
  // The same from another folder of the same back end: `uids` there become `messages` here.
  virtual Result<void> copy(Folder& from, std::span<const Uid> uids,
                            std::span<const Message> messages) = 0;
  // The new flags and modification sequences of these.
  virtual Result<void> set_flags(std::span<const Message> messages) = 0;
  virtual Result<void> expunge(std::span<const Uid> uids, ModSeq modseq) = 0;
  virtual Result<void> add_keyword(std::string_view name) = 0;  // gets the next bit
  // What is below `recent_from` is \Recent no more.
  virtual Result<void> take_recent(Uid recent_from) = 0;

  // What others did. The caller then tells by adopt(), set_flags() and expunge() what became of it.
  virtual Result<Outside> look() { return Outside{}; }
  // The messages that the last look() found arrived, in that order, with their UIDs.
  virtual Result<void> adopt(std::span<const Message>) { return {}; }
};

struct CatalogEntry {
  std::string name{};
  bool selectable = true;  // false: \Noselect, a name without messages
  std::uint8_t uses = 0;   // of SpecialUse
};

// An account's names.
struct Catalog {
  std::vector<CatalogEntry> mailboxes{};
  std::vector<std::string> subscriptions{};
  std::uint32_t uid_validity_next = 1;
};

using Renaming = std::pair<std::string, std::string>;  // from, to

// All mailboxes of one user.
class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;

  // Also later, to see what other programs created and removed.
  virtual Result<Catalog> load() = 0;
  virtual Result<void> save(const Catalog& catalog) = 0;
  virtual Result<std::unique_ptr<Folder>> open(const std::string& name) = 0;
  virtual Result<std::unique_ptr<Folder>> create(const std::string& name,
                                                 std::uint32_t uid_validity) = 0;
  virtual Result<void> remove(const std::string& name) = 0;
  // Selectable mailboxes; folders that are open stay good. All of them or, after a crash, all of
  // them at the next load().
  virtual Result<void> rename(std::span<const Renaming> renamings) = 0;
};

}  // namespace mailscope::mailbox
