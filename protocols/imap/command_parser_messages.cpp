// The commands on the messages of the selected mailbox, but for searching.
#include <array>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/command_grammar.hpp"

namespace mailscope::imap::grammar {
namespace {

using FetchKind = FetchItem::Kind;

// A macro is the first so many of FULL's items. RFC 9051 §6.4.5
constexpr std::array kFullItems = {FetchKind::Flags, FetchKind::InternalDate, FetchKind::Rfc822Size,
                                   FetchKind::Envelope, FetchKind::Body};
struct FetchMacro {
  std::string_view word;
  std::size_t items;
};
constexpr std::array<FetchMacro, 3> kFetchMacros = {FetchMacro{"FAST", 3}, FetchMacro{"ALL", 4},
                                                    FetchMacro{"FULL", 5}};

// partial = "<" number64 "." nz-number64 ">"     (RFC 9051 §9)
bool partial(Scanner& in, std::optional<Partial>& partial) {
  if (!in.take('<')) return true;
  Partial& range = partial.emplace();
  if (!in.number64(range.offset) || !in.expect('.', "\".\"")) return false;
  const std::size_t begin = in.offset();
  if (!in.number64(range.octets)) return false;
  if (range.octets == 0) return in.fail_at(begin, "a count from 1 on");
  return in.expect('>');
}

// "BODY" ["STRUCTURE"] / "BODY" section [partial] / "BODY.PEEK" section [partial] /
// "BINARY" [".PEEK"] section-binary [partial] / "BINARY.SIZE" section-binary   (RFC 9051 §9)
bool item_with_section(Scanner& in, FetchItem& item) {
  if (item.kind == FetchKind::BodySection)
    return section(in, item.section) && partial(in, item.partial);
  return section_binary(in, item.section) &&
         (item.kind == FetchKind::BinarySize || partial(in, item.partial));
}

struct FetchWord {
  std::string_view word;
  FetchKind kind;
  bool peek = false;
};
constexpr std::array<FetchWord, 17> kFetchWords = {FetchWord{"ENVELOPE", FetchKind::Envelope},
                                                   {"FLAGS", FetchKind::Flags},
                                                   {"INTERNALDATE", FetchKind::InternalDate},
                                                   {"RFC822", FetchKind::Rfc822},
                                                   {"RFC822.HEADER", FetchKind::Rfc822Header},
                                                   {"RFC822.SIZE", FetchKind::Rfc822Size},
                                                   {"RFC822.TEXT", FetchKind::Rfc822Text},
                                                   {"BODYSTRUCTURE", FetchKind::BodyStructure},
                                                   {"UID", FetchKind::Uid},
                                                   {"MODSEQ", FetchKind::ModSeq},
                                                   {"BODY", FetchKind::Body},
                                                   {"BODY[", FetchKind::BodySection},
                                                   {"BODY.PEEK[", FetchKind::BodySection, true},
                                                   {"BINARY[", FetchKind::Binary},
                                                   {"BINARY.PEEK[", FetchKind::Binary, true},
                                                   {"BINARY.SIZE[", FetchKind::BinarySize},
                                                   {"BODY.PEEK", FetchKind::BodySection, true}};

// fetch-att                                      (RFC 9051 §9, RFC 3501 §9, RFC 7162 §7)
bool fetch_item(Scanner& in, std::vector<FetchItem>& items) {
  const std::size_t begin = in.offset();
  in.run([](char c) { return is_alpha(c) || is_digit(c) || c == '.'; });
  std::string word(in.since(begin));
  if (in.peek() == '[') word += '[';
  for (const FetchWord& known : kFetchWords) {
    if (!equal_no_case(word, known.word)) continue;
    FetchItem& item = items.emplace_back();
    item.kind = known.kind;
    item.peek = known.peek;
    return item.kind < FetchKind::BodySection || item_with_section(in, item);
  }
  return in.fail_at(begin, "an item to fetch");
}

// "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"   (RFC 9051 §9)
bool fetch_items(Scanner& in, std::vector<FetchItem>& items) {
  if (in.peek() == '(') return list(in, false, [&] { return fetch_item(in, items); });
  for (const FetchMacro& macro : kFetchMacros)
    if (in.take_word(macro.word)) {
      for (std::size_t i = 0; i < macro.items; ++i) items.emplace_back().kind = kFullItems[i];
      return true;
    }
  return fetch_item(in, items);
}

// fetch-modifier = "CHANGEDSINCE" SP mod-sequence-value / "VANISHED"        (RFC 7162 §7)
bool fetch_modifiers(Scanner& in, FetchCommand& command, bool uid, bool zero_modseq) {
  const std::size_t begin = in.offset();
  const bool read = list(in, false, [&] {
    if (in.take_word("VANISHED")) return command.vanished = true;
    if (!in.take_word("CHANGEDSINCE")) return in.fail("CHANGEDSINCE or VANISHED");
    const bool number = in.space() && in.number64(command.changed_since.emplace());
    if (number && *command.changed_since == 0 && !zero_modseq)
      return in.fail("a mod-sequence from 1 on");
    return number;
  });
  if (!read) return false;
  if (command.vanished && (!uid || !command.changed_since))
    return in.fail_at(begin, "UID FETCH with CHANGEDSINCE beside VANISHED");
  return true;
}

// store-modifiers = SP "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")"      (RFC 7162 §7)
bool store_modifiers(Scanner& in, StoreCommand& command) {
  if (in.peek() != '(') return true;
  const bool read = list(in, false, [&] {
    if (command.unchanged_since || !in.take_word("UNCHANGEDSINCE"))
      return in.fail("UNCHANGEDSINCE, once");
    return in.space() && in.number64(command.unchanged_since.emplace());
  });
  return read && in.space();
}

bool set_and_space(Scanner& in, SequenceSet& set) {
  return in.space() && sequence_set(in, set) && in.space();
}

}  // namespace

// fetch = "FETCH" SP sequence-set SP (...) [SP "(" fetch-modifier *(SP fetch-modifier) ")"]
//                                                (RFC 4466 §3)
bool fetch(Scanner& in, FetchCommand& command, bool uid, bool zero_modseq) {
  if (!set_and_space(in, command.set) || !fetch_items(in, command.items)) return false;
  if (in.rest().find_first_not_of(' ') == std::string_view::npos) return true;
  return in.space() && fetch_modifiers(in, command, uid, zero_modseq);
}

// store = "STORE" SP sequence-set [store-modifiers] SP store-att-flags      (RFC 4466 §3)
// store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
bool store(Scanner& in, StoreCommand& command) {
  if (!set_and_space(in, command.set) || !store_modifiers(in, command)) return false;
  if (in.take('+'))
    command.mode = StoreCommand::Mode::Add;
  else if (in.take('-'))
    command.mode = StoreCommand::Mode::Remove;
  command.silent = in.take_word("FLAGS.SILENT");
  if (!command.silent && !in.take_word("FLAGS")) return in.fail("FLAGS or FLAGS.SILENT");
  if (!in.space()) return false;
  if (in.peek() == '(') return flag_list(in, command.flags);
  do
    if (!flag(in, command.flags)) return false;
  while (in.rest().find_first_not_of(' ') != std::string_view::npos && in.space());
  return !in.failed();
}

// copy = "COPY" SP sequence-set SP mailbox; move = "MOVE" SP sequence-set SP mailbox
//                                                (RFC 9051 §9)
bool copy(Scanner& in, CopyCommand& command) {
  std::optional<MailboxName> mailbox;
  if (!set_and_space(in, command.set) || !in.mailbox(mailbox)) return false;
  command.mailbox = std::move(*mailbox);
  return true;
}

// uid-expunge = "EXPUNGE" SP sequence-set        (RFC 9051 §9)
bool uid_expunge(Scanner& in, UidExpungeCommand& command) {
  return in.space() && sequence_set(in, command.uids);
}

}  // namespace mailscope::imap::grammar
