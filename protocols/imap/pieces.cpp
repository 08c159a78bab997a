#include "protocols/imap/pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer_looks.hpp"
#include "protocols/imap/pieces_values.hpp"
#include "protocols/imap/reference.hpp"
#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

using Values = std::span<const Value>;

const ReferenceEntry* notation(std::string_view word) {
  return find_exact(word, kNotationContext);
}

void add_set(PieceList& out, const Value& value, bool uid) {
  if (is_sequence_set(value.raw))
    out.add(value, describe_set(value.raw, uid), notation(value.raw == "$" ? "$" : "sequence set"));
}

// Words with an entry of their own in one of the contexts; lists are gone into.
void add_words(PieceList& out, Values values, std::initializer_list<std::string_view> contexts) {
  for (const Value& value : values) {
    if (value.is_list()) {
      add_words(out, value.values, contexts);
      continue;
    }
    for (const std::string_view context : contexts)
      if (const ReferenceEntry* entry = find_exact(value.text, context)) {
        out.add(value, "", entry);
        break;
      }
  }
}

void add_flags(PieceList& out, const Value& flags) {
  const Values all = flags.is_list() ? Values(flags.values) : Values(&flags, 1);
  for (const Value& flag : all) {
    const ReferenceEntry* entry = find_exact(flag.raw, kFlagContext);
    const bool keyword = entry == nullptr && !flag.raw.starts_with('\\');
    out.add(flag, keyword ? "a keyword: a flag of one's own" : "",
            keyword ? find_exact("keyword", kFlagContext) : entry);
  }
}

void add_string(PieceList& out, const Value& value, std::string says) {
  const bool literal = value.kind == Value::Kind::String && !value.raw.starts_with('"');
  const bool inbox = equal_no_case(value.text, "INBOX");
  out.add(value, std::move(says),
          notation(inbox     ? "INBOX"
                   : literal ? "literal"
                             : "quoted string"));
}

void add_mailbox(PieceList& out, const Value& value, std::string_view role = "the mailbox") {
  add_string(out, value, fmt::format("{} {}", role, value.text.empty() ? "" : value.text));
}

// ---- fetch items ----

void add_item(PieceList& out, const Value& item) {
  const std::string name = item_name(item.raw);
  out.add(item, describe_section(item.raw), find_exact(name, kFetchContext));
}

// An item of a FETCH response and its value.
void add_item_value(PieceList& out, const Value& item, const Value& value) {
  const std::string name = item_name(item.raw);
  const ReferenceEntry* entry = find_exact(name, kFetchContext);
  if (name == "FLAGS") {
    out.add(item, "", entry);
    return add_flags(out, value);
  }
  if (name == "ENVELOPE" || name == "BODYSTRUCTURE" || name == "BODY") {
    out.add(item, "", entry);
    return name == "ENVELOPE" ? add_envelope(out, value) : add_structure(out, value);
  }
  if (item.raw.find('[') != std::string_view::npos || name.starts_with("RFC822")) {
    const auto mark = literal_at_end(value.raw.substr(0, value.raw.find('\r')));
    std::string says = describe_section(item.raw);
    if (says.empty() && entry != nullptr) says = entry->title;
    if (mark) says += fmt::format(", {} octets", mark->octets);
    if (value.kind == Value::Kind::Atom && !value.is_nil()) says += ": " + value.text;
    return out.add(item, std::move(says), entry);
  }
  if (entry != nullptr)
    out.add(item,
            fmt::format("{}: {}", entry->title,
                        value.kind == Value::Kind::String ? value.text : std::string(value.raw)),
            entry);
}

void add_fetch_response(PieceList& out, Values values) {
  if (values.empty() || !values[0].is_list()) return;
  const std::vector<Value>& items = values[0].values;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) add_item_value(out, items[i], items[i + 1]);
}

// ---- search keys ----

void add_search(PieceList& out, Values values, bool uid) {
  for (const Value& value : values) {
    if (value.is_list())
      add_search(out, value.values, uid);
    else if (value.kind == Value::Kind::Atom && is_sequence_set(value.raw))
      add_set(out, value, uid);
    else if (const ReferenceEntry* entry = find_exact(value.text, kSearchContext))
      out.add(value, "", entry);
  }
}

// ---- commands ----

void add_append(PieceList& out, Values values) {
  if (values.empty()) return;
  add_mailbox(out, values[0]);
  for (const Value& value : values.subspan(1)) {
    if (value.is_list()) {
      add_flags(out, value);
    } else if (value.raw.starts_with('"')) {
      out.add(value, "the date that it shall bear", find_exact("INTERNALDATE", kFetchContext));
    } else if (const auto mark = literal_at_end(value.raw.substr(0, value.raw.find('\r')))) {
      out.add(value,
              fmt::format("the message: {} octets follow{}", mark->octets,
                          mark->synchronizing ? " once the server says +" : " at once"),
              notation("literal"));
    }
  }
}

void add_store(PieceList& out, Values values) {
  if (values.size() < 2) return;
  const std::string_view how = values[1].raw;
  const std::string silent =
      how.find('.') == std::string_view::npos ? "" : "; the new flags need not be told";
  out.add(values[1],
          (how.starts_with('+')   ? "these flags are set as well"
           : how.starts_with('-') ? "these flags are taken off"
                                  : "these flags and no others are set") +
              silent,
          find_exact("STORE", ""));
  for (const Value& value : values.subspan(2)) add_flags(out, value);
}

void add_list(PieceList& out, Values values) {
  if (values.size() < 2) return;
  const ReferenceEntry* entry = find_exact("LIST", "");
  out.add(values[values.size() - 2], "the names below this", entry);
  const std::string& pattern = values.back().text;
  out.add(values.back(),
          pattern.empty() ? "only asks for the separator of levels"
                          : "that fit this: * is anything, % anything within a level",
          entry);
}

void add_arguments(PieceList& out, Verb verb, bool uid, Values values) {
  if (values.empty()) return;
  switch (verb) {
    case Verb::Fetch:
      add_set(out, values[0], uid);
      for (const Value& value : values.subspan(1)) {
        if (!value.is_list()) add_item(out, value);
        for (const Value& item : value.values) add_item(out, item);
      }
      return;
    case Verb::Store:
      add_set(out, values[0], uid);
      return add_store(out, values);
    case Verb::Copy:
    case Verb::Move:
      add_set(out, values[0], uid);
      if (values.size() > 1) add_mailbox(out, values[1], "to the mailbox");
      return;
    case Verb::Expunge:
      return add_set(out, values[0], uid);
    case Verb::Search:
    case Verb::Sort:
    case Verb::Thread:
      return add_search(out, values, false);
    case Verb::Status:
      add_mailbox(out, values[0]);
      return add_words(out, values.subspan(1), {kStatusContext});
    case Verb::List:
    case Verb::Lsub:
      return add_list(out, values);
    case Verb::Append:
      return add_append(out, values);
    case Verb::Login:
      add_string(out, values[0], "the user");
      return;
    case Verb::Enable:
    case Verb::Compress:
      return add_words(out, values, {kCapabilityContext});
    case Verb::Rename:
      add_mailbox(out, values[0]);
      if (values.size() > 1) add_mailbox(out, values[1], "becomes");
      return;
    case Verb::Select:
    case Verb::Examine:
    case Verb::Create:
    case Verb::Delete:
    case Verb::Subscribe:
    case Verb::Unsubscribe:
    case Verb::GetQuotaRoot:
      return add_mailbox(out, values[0]);
    default:
      return;
  }
}

// ---- responses ----

void add_capabilities(PieceList& out, Values values) {
  for (const Value& value : values) {
    const std::string_view word = value.raw;
    const ReferenceEntry* entry = find_exact(word, kCapabilityContext);
    if (entry == nullptr && word.find('=') != std::string_view::npos)
      entry = find_exact(word.substr(0, word.find('=') + 1), kCapabilityContext);
    if (entry == nullptr && word.find('=') != std::string_view::npos)
      entry = find_exact(word.substr(0, word.find('=')), kCapabilityContext);
    out.add(value, "", entry);
  }
}

void add_code(PieceList& out, std::string_view text) {
  if (!text.starts_with('[')) return;
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return;
  const std::vector<Value> words = read_values(text.substr(1, close - 1));
  if (words.empty()) return;
  const ReferenceEntry* entry = find_exact(words[0].text, kCodeContext);
  out.add(text.substr(0, close + 1), "", entry);
  const Values arguments = Values(words).subspan(1);
  if (words[0].is("CAPABILITY")) add_capabilities(out, arguments);
  if (words[0].is("PERMANENTFLAGS") && words.size() > 1) add_flags(out, words[1]);
}

void add_status_data(PieceList& out, Values values) {
  if (values.size() < 2 || !values[1].is_list()) return;
  add_mailbox(out, values[0]);
  const std::vector<Value>& items = values[1].values;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if (const ReferenceEntry* entry = find_exact(items[i].text, kStatusContext))
      out.add(items[i], fmt::format("{}: {}", entry->title, items[i + 1].raw), entry);
}

void add_list_data(PieceList& out, Values values) {
  if (values.size() < 3) return;
  add_words(out, values.first(1), {kMailboxContext});
  const ReferenceEntry* entry = find_exact("LIST", kResponseContext);
  out.add(values[1], values[1].is_nil() ? "there are no levels" : "goes between levels", entry);
  add_mailbox(out, values[2]);
}

void add_data(PieceList& out, const ServerLine& read) {
  const std::vector<Value> values = read_values(read.text);
  switch (read.name) {
    case ResponseName::Fetch:
      return add_fetch_response(out, values);
    case ResponseName::Capability:
    case ResponseName::Enabled:
      return add_capabilities(out, values);
    case ResponseName::Flags:
      if (!values.empty()) add_flags(out, values[0]);
      return;
    case ResponseName::List:
    case ResponseName::Lsub:
      return add_list_data(out, values);
    case ResponseName::Status:
      return add_status_data(out, values);
    case ResponseName::Vanished:
      if (!values.empty()) add_set(out, values.back(), true);
      return;
    case ResponseName::Esearch:
      return add_search(out, values, true);
    default:
      return;
  }
}

}  // namespace

std::vector<Piece> pieces_of_command(std::string_view line) {
  const ClientLine command = read_client_line("a " + std::string(line));
  if (command.verb == Verb::Unknown) return {};
  // The words are views: into `line`, not into the copy.
  const std::string_view arguments = line.substr(line.size() - command.arguments.size());
  PieceList out;
  add_arguments(out, command.verb, command.uid, read_values(arguments));
  return out.take();
}

std::vector<Piece> pieces_of_response(std::string_view line) {
  const ServerLine read = read_server_line(line);
  PieceList out;
  if (is_status(read.name))
    add_code(out, read.text);
  else if (read.kind == ServerLine::Kind::Untagged)
    add_data(out, read);
  return out.take();
}

std::vector<Piece> pieces_of(std::string_view text) {
  text = trim(text);
  const ServerLine response = read_server_line(text);
  if (response.kind != ServerLine::Kind::None) return pieces_of_response(text);
  PieceList out;
  const auto command = [&](std::string_view line) {
    const ClientLine read = read_client_line("a " + std::string(line));
    const auto entry = explain_verb(read.verb, read.uid);
    if (entry == nullptr) return false;
    out.add(line.substr(0, read.word.size()), "", entry);
    out.append(pieces_of_command(line));
    return true;
  };
  if (command(text)) return out.take();
  const ClientLine tagged = read_client_line(text);
  if (tagged.verb != Verb::Unknown) {
    out.add(tagged.tag, "the command's tag", notation("tag"));
    command(text.substr(tagged.tag.size() + 1));
    return out.take();
  }
  const std::vector<Value> values = read_values(text);
  if (values.size() == 1 && is_sequence_set(values[0].raw)) add_set(out, values[0], false);
  if (values.size() == 2) add_item_value(out, values[0], values[1]);
  if (values.size() == 1 && values[0].raw.find('[') != std::string_view::npos)
    add_item(out, values[0]);
  return out.take();
}

}  // namespace mailscope::imap
