#include "sim/live/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim::files {
namespace {

using mailbox::Failure;

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0600)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

tl::unexpected<Failure> trouble(const std::string& path) {
  const int number = errno;
  const auto kind = number == EACCES || number == EPERM || number == EROFS
                        ? Failure::Kind::NoPermission
                    : number == EDQUOT || number == ENOSPC ? Failure::Kind::OverQuota
                    : number == ENAMETOOLONG               ? Failure::Kind::InvalidName
                                                           : Failure::Kind::Storage;
  return mailbox::fail(kind, printable_utf8(path) + ": " + std::strerror(number));
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && !S_ISLNK(found.st_mode);
}

bool is_folder(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno == EEXIST && is_folder(path)) return {};
  return trouble(path);
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  DIR* const open = ::opendir(folder.c_str());
  if (!open) return trouble(folder);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(open)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  const int number = errno;
  ::closedir(open);
  errno = number;
  if (number != 0) return trouble(folder);
  return names;
}

Result<std::string> read(const std::string& path, std::uint64_t octets_max) {
  const File file(path, O_RDONLY | O_NONBLOCK);
  struct stat found {};
  if (!file || ::fstat(file.descriptor(), &found) != 0) return trouble(path);
  if (!S_ISREG(found.st_mode)) {
    errno = EINVAL;
    return trouble(path);
  }
  if (static_cast<std::uint64_t>(found.st_size) > octets_max) {
    errno = EFBIG;
    return trouble(path);
  }
  std::string octets(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t at = 0;
  while (at < octets.size()) {
    const ssize_t got = ::read(file.descriptor(), octets.data() + at, octets.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return trouble(path);
    if (got == 0) break;  // it became shorter
    at += static_cast<std::size_t>(got);
  }
  octets.resize(at);
  return octets;
}

Result<void> write(const std::string& path, std::string_view octets, std::int64_t modified) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL);
  const timespec times[2] = {{0, UTIME_NOW}, {static_cast<time_t>(modified), 0}};
  if (file && write_all(file.descriptor(), octets) && ::futimens(file.descriptor(), times) == 0 &&
      ::fsync(file.descriptor()) == 0)
    return {};
  const auto failure = trouble(path);
  if (file) ::unlink(path.c_str());
  return failure;
}

Result<void> link(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return {};
  if (errno == ENOENT) return trouble(from);
  const auto found = status(from);
  if (!found) return tl::unexpected(found.error());
  const auto octets = read(from, found->octets);
  if (!octets) return tl::unexpected(octets.error());
  return write(to, *octets, found->modified);
}

Result<void> replace(const std::string& folder, const std::string& name, std::string_view octets) {
  const std::string path = folder + '/' + name, made = path + ".new";
  {
    const File file(made, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file || !write_all(file.descriptor(), octets) || ::fsync(file.descriptor()) != 0)
      return trouble(made);
  }
  if (::rename(made.c_str(), path.c_str()) != 0) return trouble(path);
  return settle(folder);
}

Result<void> append(const std::string& path, std::string_view octets) {
  const File file(path, O_WRONLY | O_APPEND);
  struct stat before {};
  if (!file || ::fstat(file.descriptor(), &before) != 0) return trouble(path);
  if (write_all(file.descriptor(), octets) && ::fsync(file.descriptor()) == 0) return {};
  const auto failure = trouble(path);
  (void)!::ftruncate(file.descriptor(), before.st_size);
  return failure;
}

Result<void> truncate(const std::string& path, std::uint64_t octets) {
  const File file(path, O_WRONLY);
  if (!file || ::ftruncate(file.descriptor(), static_cast<off_t>(octets)) != 0 ||
      ::fsync(file.descriptor()) != 0)
    return trouble(path);
  return {};
}

Result<void> settle(const std::string& folder) {
  const File file(folder, O_RDONLY | O_DIRECTORY);
  if (!file || ::fsync(file.descriptor()) != 0) return trouble(folder);
  return {};
}

Result<Status> status(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return trouble(path);
  return Status{S_ISREG(found.st_mode), static_cast<std::uint64_t>(found.st_size),
                found.st_mtim.tv_sec, nanoseconds(found.st_mtim)};
}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Lock::~Lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<Lock> Lock::take(const std::string& path) {
  Lock lock;
  lock.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock.descriptor_ < 0) return trouble(path);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
  return mailbox::fail(Failure::Kind::Storage,
                       printable_utf8(path) + ": another program has it locked");
}

}  // namespace mailscope::sim::files
