// The names of an account that folders alone do not say: `mailscope-names` (maildir.hpp). Internal
// to sim/live. Written anew with each change.
//
//   "mailscope-names 1"
//   "validity" UIDVALIDITY                 no mailbox had this one or a higher one
//   "mailbox" USES NAME                    the bits of SpecialUse
//   "noselect" USES NAME
//   "subscribed" NAME
//   "rename" FROM TAB TO                   folders that are being renamed: to be finished
//   "end" CRC                              CRC-32 of all before it, in hexadecimal
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mailbox/storage.hpp"

namespace mailscope::sim::maildir {

struct CatalogFile {
  mailbox::Catalog catalog{};
  std::vector<mailbox::Renaming> renamings{};
};

std::string text_of(const CatalogFile& file);
// Nothing when it is damaged, or something else.
std::optional<CatalogFile> read_catalog(std::string_view text);

std::uint32_t crc_of(std::string_view text);

}  // namespace mailscope::sim::maildir
