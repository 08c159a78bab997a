#include "protocols/imap/message_data.hpp"

#include <cassert>

namespace mailscope::imap {

void MessageData::look_at(mailbox::Mailbox& mailbox, mailbox::Uid uid) {
  mailbox_ = &mailbox;
  uid_ = uid;
  asked_ = false;
  message_.reset();
}

mime::WholeMessage* MessageData::message() {
  assert(mailbox_);
  if (!asked_)
    if (const auto octets = mailbox_->content(uid_, buffer_)) message_.emplace(*octets);
  asked_ = true;
  return message_ ? &*message_ : nullptr;
}

}  // namespace mailscope::imap
