// A back end that keeps everything in memory, for as long as the account lives. Copies of a message
// share its octets.
#pragma once

#include <memory>

#include "protocols/mailbox/storage.hpp"

namespace mailscope::mailbox {

std::unique_ptr<Storage> storage_in_memory();

}  // namespace mailscope::mailbox
