// How a Maildir++ names things: folders, the files of messages, their flags. Internal to sim/live.
//
//   user USER          DIR/USER                 INBOX itself: DIR/USER/{cur,new,tmp}
//   mailbox A/B.c      DIR/USER/.A.B\2ec        levels in modified UTF-7; "." and "\" as \2e and
//   \5c message            new/UNIQUE,S=SIZE,W=WIRE         not yet looked at
//                      cur/UNIQUE,S=SIZE,W=WIRE:2,FRSab  flags: D F P R S T, and a-z for keywords
//
// S is the file's size, W that of the message, in which each line ends in CRLF. A file has LF
// instead, as programs expect, unless a lone LF in the message would be lost by that: then W is S.
// Other programs' files may say neither: there each LF without CR is a line's end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/mailbox/flags.hpp"

namespace mailscope::sim::maildir {

// Whether a user may have this name as a folder: no "/", no "." first, no control characters.
bool is_user(std::string_view user);

// "" for INBOX, ".A.B" else; nothing when it is longer than a file name may be.
std::optional<std::string> folder_of(std::string_view mailbox);
// Nothing when the folder is none of a mailbox.
std::optional<std::string> mailbox_of(std::string_view folder);

struct FileName {
  std::string_view base;
  std::string_view info;  // ":2,FRS", or empty
};
FileName split(std::string_view name);
// Whether the file can be a message: no "." first, no control characters.
bool is_message(std::string_view name);
// A name that no other file has, with sizes.
std::string unique_base(std::size_t file_octets, std::size_t message_octets);

constexpr unsigned kLetters = 26;  // keywords that have one
mailbox::FlagSet flags_of(std::string_view info);
// Letters of `before` that are no flags of ours (P) stay.
std::string info_of(mailbox::FlagSet flags, std::string_view before);

// ---- line ends ----
// What is to be written, for what is to be read back.
std::string file_of(std::string message);
// In place. `base` says what the line ends are.
void message_of(std::string& file, std::string_view base);

}  // namespace mailscope::sim::maildir
