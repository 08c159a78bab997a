// One mailbox of a Maildir++ (maildir.hpp). Internal to sim/live.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocols/mailbox/storage.hpp"
#include "sim/live/files.hpp"
#include "sim/live/maildir_log.hpp"
#include "sim/live/maildir_names.hpp"

namespace mailscope::sim::maildir {

using mailbox::Failure;
using mailbox::Message;
using mailbox::Result;
using mailbox::Uid;

constexpr const char* kLogName = "mailscope-uids";

class Folder final : public mailbox::Folder {
 public:
  // The folder is there; its path changes when the mailbox is renamed. `new_validity`: the
  // UIDVALIDITY that it gets if its log is of no use.
  Folder(std::shared_ptr<const std::string> path, std::uint32_t new_validity)
      : shared_path_(std::move(path)), new_validity_(new_validity) {}

  Result<mailbox::MailboxState> load() override;
  Result<std::string_view> content(Uid uid, std::string& buffer) override;
  Result<void> append(std::span<const Message> messages,
                      std::span<mailbox::NewMessage> contents) override;
  Result<void> copy(mailbox::Folder& from, std::span<const Uid> uids,
                    std::span<const Message> messages) override;
  Result<void> set_flags(std::span<const Message> messages) override;
  Result<void> expunge(std::span<const Uid> uids, mailbox::ModSeq modseq) override;
  Result<void> add_keyword(std::string_view name) override;
  Result<void> take_recent(Uid recent_from) override;
  Result<mailbox::Outside> look() override;
  Result<void> adopt(std::span<const Message> messages) override;

 private:
  // Where a message's file is, as far as is known.
  struct Place {
    bool fresh = false;  // in new
    std::string info{};  // ":2,FRS"
  };
  struct File : Kept {
    Place place{};
  };
  struct Seen {
    std::string name{};
    bool fresh = false;
  };
  struct Arrival {
    std::string base{};
    Place place{};
    std::uint32_t octets = 0;
    std::int64_t modified_ns = 0;
    mailbox::InternalDate date{};
  };
  // When new and cur were last changed; they need not be read again while that is so.
  struct Times {
    std::int64_t fresh = 0, cur = 0;
    friend bool operator==(const Times&, const Times&) = default;
  };

  const std::string& path() const { return *shared_path_; }
  std::string log_path() const { return path() + '/' + kLogName; }
  std::string path_of(const File& file) const { return path_of(file.base, file.place); }
  std::string path_of(const std::string& base, const Place& place) const {
    return path() + (place.fresh ? "/new/" : "/cur/") + base + place.info;
  }
  std::string in_tmp(const std::string& base) const { return path() + "/tmp/" + base; }

  Result<void> read_log_file();
  Result<void> begin_log();
  Result<void> write_log(std::string change);
  Result<void> write_log_anew();
  void forget_long_gone();
  Result<void> finish_renames();

  Result<std::vector<Seen>> scan() const;
  Result<Times> times() const;
  Result<void> find_again();
  void place(const std::vector<Seen>& seen, std::vector<const Seen*>& unknown);
  std::optional<Arrival> arrival_of(const Seen& seen) const;
  std::optional<std::uint32_t> octets_of(const std::string& path, std::string_view base) const;
  mailbox::FlagSet flags_outside(const File& file) const;

  std::vector<File>::iterator find(Uid uid);
  Result<void> rename_to(File& file, Place place);
  Result<void> bring_in(std::span<const Message> messages, std::vector<std::string> bases);
  void take_back(std::size_t before);
  void settle_from(std::size_t first) const;
  void drop_tmp(const std::vector<std::string>& bases) const;
  Record record() const;

  std::shared_ptr<const std::string> shared_path_;
  std::uint32_t new_validity_;
  Record record_;            // without `kept`
  std::vector<File> files_;  // ascending by UID
  std::vector<bool> found_;  // by the last place(): as files_
  std::vector<Arrival> arrivals_;
  Times looked_{};
  std::int64_t looked_at_ns_ = 0;
  std::size_t log_octets_ = 0, log_lines_ = 0;
  std::size_t last_change_ = 0;  // where it begins in the log
  bool searched_ = false;        // find_again() in this call
};

// Makes cur, new, tmp and the log; cur comes last, so that a folder without one is
// none.
// `inner`: it stands below another one (Maildir++ marks that).
Result<void> make_folder(const std::string& path, std::uint32_t uid_validity, bool inner);

}  // namespace mailscope::sim::maildir
