#include "sim/live/maildir.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <map>

#include "protocols/base/ascii.hpp"
#include "protocols/mailbox/name.hpp"
#include "sim/live/files.hpp"
#include "sim/live/maildir_catalog.hpp"
#include "sim/live/maildir_folder.hpp"

namespace mailscope::sim {
namespace {

using mailbox::Catalog;
using mailbox::CatalogEntry;
using mailbox::Failure;
using mailbox::Renaming;
using mailbox::Result;

constexpr const char* kCatalogName = "mailscope-names";
constexpr std::uint64_t kCatalogOctetsMax = std::uint64_t{64} << 20;
constexpr const char* kLockName = "mailscope-lock";
// Two dots: no mailbox has such a folder.
constexpr std::string_view kRemoved = "..mailscope-removed";

class Maildir final : public mailbox::Storage {
 public:
  Maildir(std::string root, files::Lock lock) : root_(std::move(root)), lock_(std::move(lock)) {}

  Result<Catalog> load() override;
  Result<void> save(const Catalog& catalog) override;
  Result<std::unique_ptr<mailbox::Folder>> open(const std::string& name) override;
  Result<std::unique_ptr<mailbox::Folder>> create(const std::string& name,
                                                  std::uint32_t uid_validity) override;
  Result<void> remove(const std::string& name) override;
  Result<void> rename(std::span<const Renaming> renamings) override;

 private:
  std::string root_of(const std::string& folder) const {
    return folder.empty() ? root_ : root_ + '/' + folder;
  }
  Result<std::string> path_of(const std::string& name) const;
  std::unique_ptr<mailbox::Folder> opened(const std::string& name, std::string path);
  Result<maildir::CatalogFile> read_names() const;
  Result<void> write_names(const maildir::CatalogFile& file);
  Result<void> finish(const std::vector<Renaming>& renamings);
  Result<void> rename_folder(const Renaming& renaming);
  Result<std::vector<std::string>> mailboxes_there() const;
  void empty_removed() const;

  std::string root_;
  files::Lock lock_;
  Catalog saved_;                                              // last
  std::map<std::string, std::shared_ptr<std::string>> paths_;  // of open folders, by name
  std::uint32_t new_validity_ = 1;
};

// ---- names ----

Result<std::string> Maildir::path_of(const std::string& name) const {
  const auto folder = maildir::folder_of(name);
  if (!folder) return mailbox::fail(Failure::Kind::InvalidName, "the name is too long");
  return root_of(*folder);
}

Result<maildir::CatalogFile> Maildir::read_names() const {
  const std::string path = root_of(kCatalogName);
  if (!files::exists(path)) return maildir::CatalogFile{};
  const auto text = files::read(path, kCatalogOctetsMax);
  if (!text) return tl::unexpected(text.error());
  // Damaged: the folders say most of it.
  return maildir::read_catalog(*text).value_or(maildir::CatalogFile{});
}

Result<void> Maildir::write_names(const maildir::CatalogFile& file) {
  return files::replace(root_, kCatalogName, maildir::text_of(file));
}

// A folder of which cur is not there yet, or no more, is none.
Result<std::vector<std::string>> Maildir::mailboxes_there() const {
  auto names = files::names_in(root_);
  if (!names) return names;
  std::vector<std::string> mailboxes;
  if (files::is_folder(root_ + "/cur")) mailboxes.emplace_back(mailbox::kInbox);
  for (const std::string& folder : *names)
    if (auto name = maildir::mailbox_of(folder); name && files::is_folder(root_of(folder) + "/cur"))
      mailboxes.push_back(*std::move(name));
  return mailboxes;
}

Result<Catalog> Maildir::load() {
  auto file = read_names();
  if (!file) return tl::unexpected(file.error());
  if (!file->renamings.empty()) {
    if (auto finished = finish(file->renamings); !finished) return tl::unexpected(finished.error());
    if (auto written = write_names({file->catalog, {}}); !written)
      return tl::unexpected(written.error());
  }
  empty_removed();
  const auto there = mailboxes_there();
  if (!there) return tl::unexpected(there.error());
  std::map<std::string, CatalogEntry> entries;
  for (const CatalogEntry& entry : file->catalog.mailboxes)
    if (!entry.selectable) entries[entry.name] = entry;
  for (const std::string& name : *there) entries[name] = {name, true, 0};
  for (const CatalogEntry& entry : file->catalog.mailboxes)
    if (const auto known = entries.find(entry.name); known != entries.end())
      known->second.uses = entry.uses;
  file->catalog.mailboxes.clear();
  for (auto& [name, entry] : entries) file->catalog.mailboxes.push_back(std::move(entry));
  new_validity_ = std::max(file->catalog.uid_validity_next, static_cast<std::uint32_t>(::time({})));
  file->catalog.uid_validity_next = new_validity_;
  saved_ = file->catalog;
  return saved_;
}

Result<void> Maildir::save(const Catalog& catalog) {
  auto written = write_names({catalog, {}});
  if (written) saved_ = catalog;
  return written;
}

// ---- folders ----

std::unique_ptr<mailbox::Folder> Maildir::opened(const std::string& name, std::string path) {
  auto shared = std::make_shared<std::string>(std::move(path));
  paths_[name] = shared;
  return std::make_unique<maildir::Folder>(std::move(shared), new_validity_++);
}

Result<std::unique_ptr<mailbox::Folder>> Maildir::open(const std::string& name) {
  auto path = path_of(name);
  if (!path) return tl::unexpected(path.error());
  for (const char* part : {"/tmp", "/new"})
    if (auto made = files::make_folder(*path + part); !made) return tl::unexpected(made.error());
  return opened(name, *std::move(path));
}

Result<std::unique_ptr<mailbox::Folder>> Maildir::create(const std::string& name,
                                                         std::uint32_t uid_validity) {
  auto path = path_of(name);
  if (!path) return tl::unexpected(path.error());
  if (files::is_folder(*path + "/cur"))
    return mailbox::fail(Failure::Kind::AlreadyExists, "there is a folder of this name");
  if (auto made = maildir::make_folder(*path, uid_validity, name != mailbox::kInbox); !made)
    return tl::unexpected(made.error());
  if (auto settled = files::settle(root_); !settled) return tl::unexpected(settled.error());
  return opened(name, *std::move(path));
}

Result<void> Maildir::remove(const std::string& name) {
  const auto path = path_of(name);
  if (!path) return tl::unexpected(path.error());
  static int count = 0;
  const std::string removed = root_of(fmt::format("{}.{}.{}", kRemoved, ::getpid(), ++count));
  if (std::rename(path->c_str(), removed.c_str()) != 0) return files::trouble(*path);
  if (auto settled = files::settle(root_); !settled) return settled;
  paths_.erase(name);
  empty_removed();
  return {};
}

// What cannot be removed now is tried again at the next load.
void Maildir::empty_removed() const {
  const auto names = files::names_in(root_);
  if (!names) return;
  std::error_code ignored;
  for (const std::string& name : *names)
    if (name.starts_with(kRemoved)) std::filesystem::remove_all(root_of(name), ignored);
}

Result<void> Maildir::rename_folder(const Renaming& renaming) {
  const auto from = path_of(renaming.first), to = path_of(renaming.second);
  if (!from) return tl::unexpected(from.error());
  if (!to) return tl::unexpected(to.error());
  if (files::exists(*to))
    return mailbox::fail(Failure::Kind::AlreadyExists, "there is a folder of this name");
  if (std::rename(from->c_str(), to->c_str()) != 0) return files::trouble(*from);
  auto open = paths_.extract(renaming.first);
  if (!open) return {};
  *open.mapped() = *to;
  open.key() = renaming.second;
  paths_.insert(std::move(open));
  return {};
}

// What a crash left undone.
Result<void> Maildir::finish(const std::vector<Renaming>& renamings) {
  for (const Renaming& renaming : renamings) {
    const auto from = path_of(renaming.first), to = path_of(renaming.second);
    if (!from || !to || !files::is_folder(*from) || files::exists(*to)) continue;
    if (auto renamed = rename_folder(renaming); !renamed) return renamed;
  }
  return files::settle(root_);
}

// Said before it is done, so that all of it is done even if the program ends in between.
Result<void> Maildir::rename(std::span<const Renaming> renamings) {
  for (const Renaming& renaming : renamings)
    if (auto path = path_of(renaming.second); !path) return tl::unexpected(path.error());
  if (renamings.empty()) return {};
  if (auto said = write_names({saved_, {renamings.begin(), renamings.end()}}); !said) return said;
  for (std::size_t done = 0; done < renamings.size(); ++done) {
    const auto renamed = rename_folder(renamings[done]);
    if (renamed) continue;
    while (done-- > 0) (void)rename_folder({renamings[done].second, renamings[done].first});
    (void)write_names({saved_, {}});  // the first failure is the one to tell
    return renamed;
  }
  return files::settle(root_);
}

}  // namespace

Result<std::unique_ptr<mailbox::Storage>> open_maildir(const std::string& directory,
                                                       std::string_view user) {
  if (!maildir::is_user(user))
    return mailbox::fail(
        Failure::Kind::InvalidName,
        fmt::format("\"{}\": a user of this name can have no folder", printable_utf8(user)));
  const std::string root = directory + '/' + std::string(user);
  for (const std::string& folder : {directory, root})
    if (auto made = files::make_folder(folder); !made) return tl::unexpected(made.error());
  auto lock = files::Lock::take(root + '/' + kLockName);
  if (!lock) return tl::unexpected(lock.error());
  return std::make_unique<Maildir>(root, *std::move(lock));
}

}  // namespace mailscope::sim
