// What a Maildir has no place for: UIDs, UIDVALIDITY, modification sequences, keywords. Kept beside
// the messages in a text file, `mailscope-uids`, to which is only appended. Internal to sim/live.
//
// A change is a few lines and an end line; what has no right end line has not happened, so a crash
// in mid-write costs what nobody was told was done. When most of the file is of no use any more it
// is written anew (write, fsync, rename).
//
//   change = *line end
//   line = "v" UIDVALIDITY                             first in the file
//        / "a" UID OCTETS MODSEQ SECONDS ZONE FLAGS KEYWORDS BASE   a message: Unix time, minutes,
//                                                      the bits of FlagSet in hexadecimal, file
//                                                      name
//        / "f" UID FLAGS KEYWORDS                      new flags; its modseq is the end line's
//        / "x" FIRST LAST                              expunged
//        / "k" NAME                                    the next keyword: letter a, b, ...
//        / "r" UID                                     \Recent from here on
//        / "n" UID / "e" FIRST LAST MODSEQ / "o" MODSEQ   written anew: UIDNEXT, expunged before,
//                                                      and from when on that is known
//   end  = "c" HIGHESTMODSEQ CRC                       CRC-32 of the change's lines, in
//   hexadecimal,
//                                                      up to and with HIGHESTMODSEQ and its space
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mailbox/storage.hpp"

namespace mailscope::sim::maildir {

struct Kept {
  mailbox::Message message{};
  std::string base{};  // of its file's name
};

// What a log says.
struct Record {
  std::uint32_t uid_validity = 0;
  mailbox::Uid uid_next = 1;
  mailbox::Uid recent_from = 1;
  mailbox::ModSeq highest_modseq = 1;
  std::vector<Kept> kept{};  // ascending by UID
  std::vector<std::string> keywords{};
  std::vector<mailbox::Expunged> expunged{};
  mailbox::ModSeq expunged_after = 0;
};

// The lines of one change.
class ChangeText {
 public:
  void add(const mailbox::Message& message, std::string_view base);
  void flags(const mailbox::Message& message);
  void expunged(mailbox::UidRange uids);
  void keyword(std::string_view name);
  void recent(mailbox::Uid from);
  std::string end(mailbox::ModSeq highest_modseq) &&;  // the whole change

 private:
  friend std::string text_of(const Record& record);
  std::string text_;
};

// A log written anew.
std::string text_of(const Record& record);

struct ReadLog {
  Record record{};
  std::size_t octets = 0;   // of the changes that are whole
  std::size_t changes = 0;  // lines in them
};
// Nothing when it is no log, or one that is damaged and not only cut off: then UIDs may have been
// given out of which nothing is known.
std::optional<ReadLog> read_log(std::string_view text);

}  // namespace mailscope::sim::maildir
