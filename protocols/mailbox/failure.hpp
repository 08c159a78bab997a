// Why a mailbox or its store did not do what it was asked to: a value, never an exception. Where a
// call fails nothing has changed, unless the call says otherwise. RFC 5530 has the words that IMAP
// uses for them.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace mailscope::mailbox {

struct Failure {
  enum class Kind : std::uint8_t {
    NoSuchMailbox,  // NONEXISTENT; with COPY, MOVE and APPEND: TRYCREATE
    AlreadyExists,  // ALREADYEXISTS
    NotSelectable,  // the name is there, but holds no messages (\Noselect)
    HasChildren,    // a \Noselect name with names below it cannot be removed
    InvalidName,    // CANNOT: never possible with this name
    NoPermission,   // NOPERM
    OverQuota,      // OVERQUOTA (RFC 9208 §4.3.1)
    TooBig,         // TOOBIG: over the limit for one message (RFC 7889)
    Limit,          // LIMIT: too many keywords, mailboxes, subscriptions, UIDs
    Gone,           // EXPUNGEISSUED: the message is no longer there
    Storage,        // SERVERBUG, UNAVAILABLE: the back end failed
  };
  Kind kind = Kind::Storage;
  std::string text{};  // for people: one line, no full stop
};

inline tl::unexpected<Failure> fail(Failure::Kind kind, std::string text) {
  return tl::unexpected(Failure{kind, std::move(text)});
}

}  // namespace mailscope::mailbox
