#include "protocols/imap/command_writer.hpp"

#include <array>
#include <cassert>
#include <string_view>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kMinusOctetsMax = 4096;  // RFC 7888 §5
// RFC 2683 §3.2.1.5: "literals instead of long quoted strings".
constexpr std::size_t kCommandQuotedMax = 500;

class CommandOut {
 public:
  CommandOut(CommandOctets& to, const CommandWriterOptions& options) : to_(to), options_(options) {}

  std::string& out() { return to_.octets; }
  Utf8 utf8() const { return options_.utf8; }
  void word(std::string_view text) { out() += text; }
  void space() { out() += ' '; }
  void number(std::uint64_t number) { append_number(out(), number); }

  void literal(std::string_view octets, bool binary = false) {
    if (binary) out() += '~';
    out() += '{';
    number(octets.size());
    const bool waits = options_.literals == CommandWriterOptions::Literals::Synchronizing ||
                       (options_.literals == CommandWriterOptions::Literals::Minus &&
                        octets.size() > kMinusOctetsMax);
    out() += waits ? "}\r\n" : "+}\r\n";
    if (waits) to_.waits.push_back(out().size());
    out() += octets;
  }
  void string(std::string_view text) {
    if (text.size() <= kCommandQuotedMax && is_quotable(text, utf8()))
      append_quoted(out(), text);
    else
      literal(text);
  }
  void astring(std::string_view text) {
    if (text.size() > kCommandQuotedMax || !is_quotable(text, utf8()))
      literal(text);
    else
      append_astring(out(), text, utf8());
  }
  void nstring(const std::optional<std::string>& text) {
    if (text)
      string(*text);
    else
      word("NIL");
  }
  void mailbox(const MailboxName& name) { astring(name.wire(utf8())); }
  // A reference or a pattern: quoted, since "%" and "*" may be in it.
  void pattern(std::string_view utf8_name) {
    string(utf8() == Utf8::Yes ? std::string(utf8_name) : encode_modified_utf7(utf8_name));
  }
  void set(const SequenceSet& set) { set.append_to(out()); }

  // "(a b c)"
  template <typename Items, typename Write>
  void list(const Items& items, const Write& write) {
    word("(");
    bool first = true;
    for (const auto& item : items) {
      if (!first) space();
      first = false;
      write(item);
    }
    word(")");
  }
  // As FetchItem::append_to(), but that the names of fields may be literals that wait.
  void item(const FetchItem& item) {
    const bool with_fields = !item.section.fields.empty();
    if (!with_fields) return item.append_to(out());
    FetchItem plain = item;
    plain.section.fields.clear();
    std::string text;
    plain.append_to(text);  // "BODY[HEADER.FIELDS ()]<0.9>"
    const std::size_t at = text.find("()");
    word(std::string_view(text).substr(0, at));
    list(item.section.fields, [&](const std::string& field) { astring(field); });
    word(std::string_view(text).substr(at + 2));
  }
  void flags(const std::vector<Flag>& flags) {
    list(flags, [&](const Flag& flag) { word(flag.name()); });
  }
  void status_items(StatusItems items) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < kStatusItems; ++i)
      if (items.contains(static_cast<StatusItem>(i)))
        words.push_back(name(static_cast<StatusItem>(i)));
    list(words, [&](std::string_view text) { word(text); });
  }
  // The members of an enum set, by their words.
  template <typename Enum, std::size_t Size, typename Write>
  void options(EnumSet<Enum> members, const std::array<std::string_view, Size>& words,
               const Write& write) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < Size; ++i)
      if (members.contains(static_cast<Enum>(i))) indices.push_back(i);
    list(indices, [&](std::size_t i) {
      word(words[i]);
      write(static_cast<Enum>(i));
    });
  }

 private:
  CommandOctets& to_;
  const CommandWriterOptions& options_;
};

// ---- search keys -----------------------------------------------------------------------------

using SearchKind = SearchKey::Kind;

std::string_view flag_word(Flag::Kind kind) {
  switch (kind) {
    case Flag::Kind::Seen:
      return "SEEN";
    case Flag::Kind::Answered:
      return "ANSWERED";
    case Flag::Kind::Flagged:
      return "FLAGGED";
    case Flag::Kind::Deleted:
      return "DELETED";
    case Flag::Kind::Draft:
      return "DRAFT";
    case Flag::Kind::Recent:
      return "RECENT";
    default:
      return "KEYWORD";
  }
}

std::string_view key_word_of(SearchKind kind) {
  constexpr std::array<std::string_view, 27> kWords = {
      "ALL",  "",        "",           "NEW",    "OLD",       "BCC",    "CC",
      "FROM", "SUBJECT", "TO",         "BODY",   "TEXT",      "HEADER", "BEFORE",
      "ON",   "SINCE",   "SENTBEFORE", "SENTON", "SENTSINCE", "LARGER", "SMALLER",
      "",     "UID",     "MODSEQ",     "",       "OR",        "NOT"};
  return kWords[static_cast<std::size_t>(kind)];
}

void write_key(CommandOut& out, const SearchKey& key);

void write_keys(CommandOut& out, const SearchKey& key) {
  bool first = true;
  for (const SearchKey& inner : key.keys) {
    if (!first) out.space();
    first = false;
    write_key(out, inner);
  }
}

// "OR a OR b c"
void write_or(CommandOut& out, const SearchKey& key) {
  assert(key.keys.size() >= 2);
  for (std::size_t i = 0; i < key.keys.size(); ++i) {
    if (i > 0) out.space();
    if (i + 1 < key.keys.size()) out.word("OR ");
    write_key(out, key.keys[i]);
  }
}

void write_flag_key(CommandOut& out, const SearchKey& key) {
  const Flag::Kind kind = key.flag->kind();
  if (key.kind == SearchKind::HasNot) out.word(kind == Flag::Kind::Recent ? "NOT " : "UN");
  out.word(flag_word(kind));
  if (!key.flag->is_keyword()) return;
  out.space();
  out.word(key.flag->name());
}

void write_modseq_key(CommandOut& out, const SearchKey& key) {
  if (!key.field.empty()) {
    append_quoted(out.out(), key.field);
    out.space();
    out.word(key.text);
    out.space();
  }
  out.number(key.number);
}

void write_key_argument(CommandOut& out, const SearchKey& key) {
  switch (key.kind) {
    case SearchKind::Header:
      out.astring(key.field);
      out.space();
      return out.astring(key.text);
    case SearchKind::Before:
    case SearchKind::On:
    case SearchKind::Since:
    case SearchKind::SentBefore:
    case SearchKind::SentOn:
    case SearchKind::SentSince:
      return out.word(key.date->text());
    case SearchKind::Larger:
    case SearchKind::Smaller:
      return out.number(key.number);
    case SearchKind::Uid:
      return out.set(key.set);
    case SearchKind::ModSeq:
      return write_modseq_key(out, key);
    case SearchKind::Not:
      return write_key(out, key.keys.front());
    default:
      return out.astring(key.text);
  }
}

void write_key(CommandOut& out, const SearchKey& key) {
  switch (key.kind) {
    case SearchKind::All:
    case SearchKind::New:
    case SearchKind::Old:
      return out.word(key_word_of(key.kind));
    case SearchKind::Has:
    case SearchKind::HasNot:
      return write_flag_key(out, key);
    case SearchKind::Sequence:
      return out.set(key.set);
    case SearchKind::And:
      out.word("(");
      write_keys(out, key);
      return out.word(")");
    case SearchKind::Or:
      return write_or(out, key);
    default:
      out.word(key_word_of(key.kind));
      out.space();
      return write_key_argument(out, key);
  }
}

void write_program(CommandOut& out, const SearchKey& key) {
  if (key.kind == SearchKind::And)
    write_keys(out, key);
  else
    write_key(out, key);
}

// ---- arguments, each with the space in front of them --------------------------------------------

struct ArgumentWriter {
  CommandOut& out;

  void operator()(const NoArguments&) const {}
  void operator()(const IdCommand& command) const {
    out.space();
    if (!command.fields) return out.word("NIL");
    out.list(*command.fields, [&](const auto& field) {
      out.string(field.first);
      out.space();
      out.nstring(field.second);
    });
  }
  void operator()(const AuthenticateCommand& command) const {
    out.word(" " + command.mechanism);
    if (command.initial_response) out.word(" " + *command.initial_response);
  }
  void operator()(const LoginCommand& command) const {
    out.space();
    out.astring(command.user);
    out.space();
    out.astring(command.password);
  }
  void operator()(const WordsCommand& command) const {
    for (const std::string& word : command.words) out.word(" " + word);
  }
  void operator()(const MailboxCommand& command) const {
    out.space();
    out.mailbox(command.mailbox);
  }
  void operator()(const SelectCommand& command) const {
    out.space();
    out.mailbox(command.mailbox);
    if (!command.condstore && !command.qresync) return;
    out.word(command.condstore ? " (CONDSTORE" : " (");
    if (command.condstore && command.qresync) out.space();
    if (command.qresync) write_qresync(*command.qresync);
    out.word(")");
  }
  void write_qresync(const QResync& qresync) const {
    out.word("QRESYNC (");
    out.number(qresync.uid_validity);
    out.space();
    out.number(qresync.modseq);
    if (qresync.known_uids) {
      out.space();
      out.set(*qresync.known_uids);
    }
    if (qresync.known_numbers) {
      out.word(" (");
      out.set(qresync.known_numbers->first);
      out.space();
      out.set(qresync.known_numbers->second);
      out.word(")");
    }
    out.word(")");
  }
  void operator()(const CreateCommand& command) const {
    out.space();
    out.mailbox(command.mailbox);
    std::vector<std::string_view> uses(command.other_uses.begin(), command.other_uses.end());
    for (std::size_t i = 0; i < kMailboxAttributes; ++i)
      if (command.uses.contains(static_cast<MailboxAttribute>(i)))
        uses.push_back(name(static_cast<MailboxAttribute>(i)));
    if (uses.empty()) return;
    out.word(" (USE ");
    out.list(uses, [&](std::string_view use) { out.word(use); });
    out.word(")");
  }
  void operator()(const RenameCommand& command) const {
    out.space();
    out.mailbox(command.from);
    out.space();
    out.mailbox(command.to);
  }
  void operator()(const ListCommand& command) const {
    constexpr std::array<std::string_view, 4> kSelect = {"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH",
                                                         "SPECIAL-USE"};
    constexpr std::array<std::string_view, 4> kReturn = {"SUBSCRIBED", "CHILDREN", "SPECIAL-USE",
                                                         "STATUS"};
    out.space();
    const bool return_too = !command.returns.empty();
    // An extended LIST shows itself by one of its parts.
    if (!command.select.empty() ||
        (command.extended && !return_too && command.patterns.size() == 1)) {
      out.options(command.select, kSelect, [](ListSelect) {});
      out.space();
    }
    out.pattern(command.reference);
    out.space();
    if (command.patterns.size() == 1)
      out.pattern(command.patterns.front());
    else
      out.list(command.patterns, [&](const std::string& pattern) { out.pattern(pattern); });
    if (!return_too) return;
    out.word(" RETURN ");
    out.options(command.returns, kReturn, [&](ListReturn option) {
      if (option != ListReturn::Status) return;
      out.space();
      out.status_items(command.status);
    });
  }
  void operator()(const StatusCommand& command) const {
    out.space();
    out.mailbox(command.mailbox);
    out.space();
    out.status_items(command.items);
  }
  void operator()(const AppendCommand& command) const {
    out.space();
    out.mailbox(command.mailbox);
    for (const AppendMessage& message : command.messages) {
      if (!message.flags.empty()) {
        out.space();
        out.flags(message.flags);
      }
      if (message.internal_date) out.word(" \"" + message.internal_date->text() + '"');
      out.word(message.utf8 ? " UTF8 (" : " ");
      out.literal(message.octets, message.binary || message.utf8);
      if (message.utf8) out.word(")");
    }
  }
  void operator()(const QuotaCommand& command) const { write_quota(command, false); }
  void write_quota(const QuotaCommand& command, bool set) const {
    out.space();
    out.astring(command.root);
    if (!set) return;
    out.space();
    out.list(command.limits, [&](const auto& limit) {
      out.word(limit.first);
      out.space();
      out.number(limit.second);
    });
  }
  void operator()(const SearchCommand& command) const {
    constexpr std::array<std::string_view, 5> kReturn = {"MIN", "MAX", "ALL", "COUNT", "SAVE"};
    if (command.returns) {
      out.word(" RETURN ");
      out.options(*command.returns, kReturn, [](SearchReturn) {});
    }
    if (!command.charset.empty()) {
      out.word(" CHARSET ");
      out.astring(command.charset);
    }
    out.space();
    write_program(out, command.key);
  }
  void operator()(const SortCommand& command) const {
    constexpr std::array<std::string_view, 7> kKeys = {"ARRIVAL", "CC",      "DATE", "FROM",
                                                       "SIZE",    "SUBJECT", "TO"};
    out.space();
    out.list(command.criteria, [&](const SortCriterion& criterion) {
      if (criterion.reverse) out.word("REVERSE ");
      out.word(kKeys[static_cast<std::size_t>(criterion.key)]);
    });
    out.space();
    out.astring(command.charset);
    out.space();
    write_program(out, command.key);
  }
  void operator()(const ThreadCommand& command) const {
    out.word(" " + command.algorithm + " ");
    out.astring(command.charset);
    out.space();
    write_program(out, command.key);
  }
  void operator()(const FetchCommand& command) const {
    out.space();
    out.set(command.set);
    out.space();
    if (command.items.size() == 1)
      out.item(command.items.front());
    else
      out.list(command.items, [&](const FetchItem& item) { out.item(item); });
    if (!command.changed_since) return;
    out.word(" (CHANGEDSINCE ");
    out.number(*command.changed_since);
    out.word(command.vanished ? " VANISHED)" : ")");
  }
  void operator()(const StoreCommand& command) const {
    constexpr std::array<std::string_view, 3> kModes = {" ", " +", " -"};
    out.space();
    out.set(command.set);
    if (command.unchanged_since) {
      out.word(" (UNCHANGEDSINCE ");
      out.number(*command.unchanged_since);
      out.word(")");
    }
    out.word(kModes[static_cast<std::size_t>(command.mode)]);
    out.word(command.silent ? "FLAGS.SILENT " : "FLAGS ");
    out.flags(command.flags);
  }
  void operator()(const CopyCommand& command) const {
    out.space();
    out.set(command.set);
    out.space();
    out.mailbox(command.mailbox);
  }
  void operator()(const UidExpungeCommand& command) const {
    out.space();
    out.set(command.uids);
  }
};

}  // namespace

CommandOctets write_command(const Command& command, const CommandWriterOptions& options) {
  CommandOctets to;
  CommandOut out(to, options);
  out.word(command.tag);
  out.word(command.uid ? " UID " : " ");
  out.word(name(command.verb));
  const ArgumentWriter write{out};
  if (command.verb == Verb::SetQuota)
    write.write_quota(std::get<QuotaCommand>(command.arguments), true);
  else
    std::visit(write, command.arguments);
  out.word("\r\n");
  return to;
}

}  // namespace mailscope::imap
