// The server: APPEND. RFC 9051 §6.3.12; RFC 3502 (MULTIAPPEND); RFC 4315 (APPENDUID); RFC 7889
// (APPENDLIMIT); RFC 3516 §4.4 (BINARY); RFC 6855 §4 (UTF8).

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/imap/binary_content.hpp"
#include "protocols/imap/message_flags.hpp"
#include "protocols/imap/server.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::imap {
namespace {

// RFC 6855 §4: messages with UTF-8 in their header are for those who have said that they take it.
// Headers with other 8-bit octets are as old as mail, and no such messages.
bool is_internationalized(std::string_view message) {
  const std::string_view header = message.substr(0, mime::body_offset(message));
  return !mime::is_ascii(header) && mime::is_utf8(header);
}

mailbox::InternalDate date_of(const AppendMessage& message, const ServerOptions& options) {
  if (message.internal_date)
    return {message.internal_date->unix_seconds, message.internal_date->zone_minutes};
  return options.now ? options.now() : mailbox::InternalDate{};
}

}  // namespace

std::uint32_t Server::append_octets_max() const {
  if (!account_) return options_.append_octets_max;
  return std::min(options_.append_octets_max, account_->message_octets_max());
}

void Server::append(AppendCommand command) {
  if (command.messages.size() > 1 && !has(Extension::MultiAppend))
    return bad("APPEND takes one message");
  const auto found = account_->find(command.mailbox.utf8());
  if (!found) return no(found.error(), true);
  for (AppendMessage& message : command.messages)
    if (!fit_to_keep(message)) return;
  mailbox::Mailbox& mailbox = **found;
  std::vector<mailbox::NewMessage> messages;
  for (AppendMessage& message : command.messages)
    messages.push_back({std::move(message.octets), date_of(message, options_),
                        make_flags(mailbox, message.flags).set});
  const auto count = static_cast<mailbox::Uid>(messages.size());
  const auto first = mailbox.append(std::move(messages));
  if (!first) return no(first.error());
  std::string code;
  if (has(Extension::UidPlus)) {
    code = "APPENDUID " + std::to_string(mailbox.uid_validity()) + ' ';
    append_uid_sequence(code, std::array{NumberRange{*first, *first + count - 1}});
  }
  ok("It is there", code);
}

// False: it cannot be kept, and that was said.
bool Server::fit_to_keep(AppendMessage& message) {
  if (message.octets.size() > append_octets_max()) {
    no("The message is too long", "TOOBIG");
    return false;
  }
  if (enabled_.utf8() == Utf8::No && is_internationalized(message.octets)) {
    no("UTF8=ACCEPT has to be enabled for a header in UTF-8", "CANNOT");
    return false;
  }
  if (message.octets.find('\0') == std::string::npos) return true;
  std::optional<std::string> text;
  if (message.binary && has(Extension::Binary)) text = without_nul(message.octets);
  if (!text) {
    no("There is a NUL where none may be", "UNKNOWN-CTE");
    return false;
  }
  message.octets = std::move(*text);
  return true;
}

}  // namespace mailscope::imap
