#include "protocols/imap/command_reader.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(" \r\n"));
  text.remove_prefix(word.size());
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return word;
}

}  // namespace

CommandFront front_of(std::string_view text) {
  CommandFront front;
  front.tag = take_word(text);
  if (!is_tag(front.tag)) return {};
  front.word = take_word(text);
  front.uid = equal_no_case(front.word, "UID");
  if (front.uid) front.word = take_word(text);
  front.verb = parse_verb(front.word);
  return front;
}

}  // namespace mailscope::imap
