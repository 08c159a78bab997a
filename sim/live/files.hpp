// Files that are on the disk for good when the call returns, or a Failure that says what went
// wrong where. POSIX. Internal to sim/live.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mailbox/storage.hpp"

namespace mailscope::sim::files {

using mailbox::Result;

// "/mail/bob/cur: Permission denied", of errno.
tl::unexpected<mailbox::Failure> trouble(const std::string& path);

bool exists(const std::string& path);  // and is no symbolic link
bool is_folder(const std::string& path);
Result<void> make_folder(const std::string& path);  // also if it is there
Result<std::vector<std::string>> names_in(const std::string& folder);

// At most so many octets: more are a Failure.
Result<std::string> read(const std::string& path, std::uint64_t octets_max);
// A file that is not there; its octets are on the disk, its name perhaps not.
Result<void> write(const std::string& path, std::string_view octets, std::int64_t modified);
// A second name of a file, or a copy of it where that cannot be.
Result<void> link(const std::string& from, const std::string& to);
// In place of what is there, whole or not at all; `path`.new is used on the way.
Result<void> replace(const std::string& folder, const std::string& name, std::string_view octets);
// At the end of a file; on failure it is as long as before.
Result<void> append(const std::string& path, std::string_view octets);
Result<void> truncate(const std::string& path, std::uint64_t octets);
// What was created, renamed and removed in a folder is so for good.
Result<void> settle(const std::string& folder);

struct Status {
  bool regular = false;
  std::uint64_t octets = 0;
  std::int64_t modified = 0;     // Unix seconds
  std::int64_t modified_ns = 0;  // Unix nanoseconds
};
Result<Status> status(const std::string& path);

// A file that only one program has at a time, until the lock is gone.
class Lock {
 public:
  Lock() = default;
  Lock(Lock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();
  static Result<Lock> take(const std::string& path);

 private:
  int descriptor_ = -1;
};

}  // namespace mailscope::sim::files
