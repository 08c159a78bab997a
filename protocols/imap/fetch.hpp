// FETCH, message by message: what is asked for, of which messages, and how far it has come. RFC
// 9051 §6.4.5, §7.5.2; RFC 3516 (BINARY); RFC 7162 §3.1.4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/imap/command.hpp"
#include "protocols/imap/message_data.hpp"
#include "protocols/imap/response_writer.hpp"
#include "protocols/imap/selected.hpp"

namespace mailscope::imap {

// What every response has to tell, each item once.
using FetchItems = std::vector<FetchItem>;
void add_item(FetchItems& items, FetchItem::Kind kind);  // where it is not there yet
bool has_item(const FetchItems& items, FetchItem::Kind kind);
bool needs_octets(const FetchItem& item);  // else the mailbox knows it

// An answer that is made as it is taken: one response for each message.
struct FetchJob {
  FetchItems items;
  std::vector<IndexRange> ranges;  // what is left of the first one
  std::size_t range = 0;
  std::uint64_t changed_since = 0;  // messages with a higher MODSEQ alone
  bool sets_seen = false;
  // How it ends, if nothing goes wrong on the way.
  Status status = Status::Ok;
  std::string code{};
  std::string text{};
  // What went wrong: a message was gone, could not be read, or has an encoding that nobody knows.
  bool gone = false;
  bool unreadable = false;
  bool unknown_encoding = false;

  bool done() const { return range == ranges.size(); }
};

// Why a message's response has not all that was asked for; nothing of it is written then.
enum class FetchResult : std::uint8_t { Written, Unreadable, UnknownEncoding };
// "* n FETCH (...)".
FetchResult write_fetch(ResponseWriter& writer, const FetchItems& items, const Selected& selected,
                        std::size_t index, const mailbox::Message& message, MessageData& data);

}  // namespace mailscope::imap
