#include "protocols/mailbox/memory.hpp"

#include <algorithm>

namespace mailscope::mailbox {
namespace {

class MemoryFolder final : public Folder {
 public:
  explicit MemoryFolder(std::uint32_t uid_validity) : uid_validity_(uid_validity) {}

  // It is loaded once, when it is new: whoever has it open keeps the rest.
  Result<MailboxState> load() override {
    MailboxState state;
    state.uid_validity = uid_validity_;
    return state;
  }

  Result<std::string_view> content(Uid uid, std::string&) override { return *octets_of(uid); }

  Result<void> append(std::span<const Message> messages, std::span<NewMessage> contents) override {
    for (std::size_t i = 0; i < messages.size(); ++i)
      kept_.push_back(
          {messages[i].uid, std::make_shared<const std::string>(std::move(contents[i].content))});
    return {};
  }

  Result<void> copy(Folder& from, std::span<const Uid> uids,
                    std::span<const Message> messages) override {
    auto& other = static_cast<MemoryFolder&>(from);
    for (std::size_t i = 0; i < messages.size(); ++i)
      kept_.push_back({messages[i].uid, other.octets_of(uids[i])});
    return {};
  }

  Result<void> expunge(std::span<const Uid> uids, ModSeq) override {
    auto to = find(uids.front());
    std::size_t next = 0;
    for (auto from = to; from != kept_.end(); ++from) {
      if (next < uids.size() && uids[next] == from->uid)
        ++next;
      else if (to != from)
        *to++ = std::move(*from);
      else
        ++to;
    }
    kept_.erase(to, kept_.end());
    return {};
  }

  Result<void> set_flags(std::span<const Message>) override { return {}; }
  Result<void> add_keyword(std::string_view) override { return {}; }
  Result<void> take_recent(Uid) override { return {}; }

 private:
  struct Kept {
    Uid uid;
    std::shared_ptr<const std::string> octets;
  };

  std::vector<Kept>::iterator find(Uid uid) {
    return std::lower_bound(kept_.begin(), kept_.end(), uid,
                            [](const Kept& a, Uid b) { return a.uid < b; });
  }
  const std::shared_ptr<const std::string>& octets_of(Uid uid) { return find(uid)->octets; }

  std::uint32_t uid_validity_;
  std::vector<Kept> kept_;  // ascending by UID
};

class MemoryStorage final : public Storage {
 public:
  Result<Catalog> load() override { return catalog_; }
  Result<void> save(const Catalog& catalog) override {
    catalog_ = catalog;
    return {};
  }
  Result<std::unique_ptr<Folder>> open(const std::string&) override {
    return tl::unexpected(Failure{Failure::Kind::Storage, "what is in memory is open already"});
  }
  Result<std::unique_ptr<Folder>> create(const std::string&, std::uint32_t uid_validity) override {
    return std::make_unique<MemoryFolder>(uid_validity);
  }
  Result<void> remove(const std::string&) override { return {}; }
  Result<void> rename(std::span<const Renaming>) override { return {}; }

 private:
  Catalog catalog_;
};

}  // namespace

std::unique_ptr<Storage> storage_in_memory() {
  return std::make_unique<MemoryStorage>();
}

}  // namespace mailscope::mailbox
