// Where a spool is kept that is to outlive the program. RFC 5321 §4.2.5: who says 250 has taken the
// mail over.
#pragma once

#include "protocols/mailbox/storage.hpp"
#include "sim/hosts/disk.hpp"

namespace mailscope::sim {

class SpoolKeeper {
 public:
  SpoolKeeper() = default;
  SpoolKeeper(const SpoolKeeper&) = delete;
  SpoolKeeper& operator=(const SpoolKeeper&) = delete;
  virtual ~SpoolKeeper() = default;

  // For good when it returns. The mail has its number.
  virtual mailbox::Result<void> keep(const SpooledMail& mail) = 0;
  virtual void drop(std::uint64_t number) = 0;
};

}  // namespace mailscope::sim
