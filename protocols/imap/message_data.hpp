// A message's octets and what is read from them, for FETCH and SEARCH: each thing when it is first
// asked for, and once.
//
// One value serves message after message, so that its memory is used again: look_at() points it at
// the next one. Views are good until then, and until the mailbox is called again.
#pragma once

#include <optional>
#include <string>

#include "protocols/mailbox/mailbox.hpp"
#include "protocols/mime/structure.hpp"

namespace mailscope::imap {

class MessageData {
 public:
  void look_at(mailbox::Mailbox& mailbox, mailbox::Uid uid);
  // Null: the back end cannot give it.
  mime::WholeMessage* message();

 private:
  mailbox::Mailbox* mailbox_ = nullptr;
  mailbox::Uid uid_ = 0;
  bool asked_ = false;
  std::optional<mime::WholeMessage> message_;
  std::string buffer_;
};

}  // namespace mailscope::imap
