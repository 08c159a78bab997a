// The spool of a served host in a folder of this computer, a file a mail, so that what was answered
// with 250 outlives the program.
//
//   "from" REVERSE-PATH / "id" ENVID / "origin" HOST / "options" BITS   each at most once
//   "to" ADDRESS TAB NOTIFY TAB ORCPT                                   each recipient
//   an empty line, then the content as it is
//
// A mail is written when it comes and removed when it leaves the spool: where a program is killed
// in between, who had got it may get it once more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/hosts/spool_keeper.hpp"

namespace mailscope::scenarios {

std::string spooled_text(const sim::SpooledMail& mail);
// Nothing when it is something else. The number is not in it.
std::optional<sim::SpooledMail> read_spooled(std::string_view text);

class KeptSpool final : public sim::SpoolKeeper {
 public:
  // Makes the folder if it is not there.
  static mailbox::Result<std::unique_ptr<KeptSpool>> open(const std::string& folder);

  // What an earlier program left, with its numbers. Each is to be dropped when it is spooled again.
  mailbox::Result<std::vector<sim::SpooledMail>> left() const;

  mailbox::Result<void> keep(const sim::SpooledMail& mail) override;
  void drop(std::uint64_t number) override;

 private:
  explicit KeptSpool(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace mailscope::scenarios
