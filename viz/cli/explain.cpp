#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/ports.hpp"
#include "protocols/base/spelling.hpp"
#include "protocols/base/subject_words.hpp"
#include "protocols/mime/reference.hpp"
#include "scenarios/lessons/shipped.hpp"
#include "scenarios/playing/occurrences.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kExplainOptions[] = {{"list", "", "the words that it knows; also without a word"}};

constexpr Usage kExplainUsage = {
    "mailscope explain [WORD...] [--list]",
    "Says in plain words, and with its RFC section, what something in a mail dialogue means: a\n"
    "command, a parameter, a reply code, an enhanced code, an extension, a way to log in, a "
    "header\n"
    "field, a session state, a DNS record, a socket call, a finding, a word of the subject such as "
    "MTA\n"
    "or SYN; and where a shipped scenario shows it. Two words narrow it down: 250 RCPT is 250 as "
    "the "
    "answer\n"
    "to RCPT. A whole line of a dialogue may be given too.",
    "  mailscope explain RCPT\n"
    "  mailscope explain 550\n"
    "  mailscope explain 250 RCPT\n"
    "  mailscope explain 5.1.1\n"
    "  mailscope explain MAIL FROM\n"
    "  mailscope explain NOTIFY PIPELINING\n"
    "  mailscope explain Received\n"
    "  mailscope explain smtp.bare-lf\n"
    "  mailscope explain 'FETCH 2:4 (FLAGS BODY.PEEK[HEADER])'\n"
    "  mailscope explain MTA connect\n"
    "  mailscope explain --list\n",
    "WORD", kExplainOptions};

using Entries = std::vector<const ReferenceEntry*>;

constexpr std::string_view kFinding[] = {"finding, note", "finding, warning", "finding, error"};

std::vector<ReferenceEntry> all_entries() {
  std::vector<ReferenceEntry> all;
  const auto add = [&](std::span<const ReferenceEntry> table) {
    all.insert(all.end(), table.begin(), table.end());
  };
  for (const languages::Language* language : languages::all()) add(language->reference());
  for (const auto table : {mime::reference(), port_reference(), subject_reference()}) add(table);
  for (const trace::FindingKind& kind : languages::finding_kinds())
    all.push_back({kFinding[static_cast<int>(kind.severity)], kind.code, "", kind.title,
                   kind.meaning, "", kind.section});
  return all;
}

// ---- what is asked for ----

// "FROM:<a@b>" behind MAIL says no more than the verb.
bool is_argument_word(std::string_view verb, std::string_view word) {
  return std::ranges::any_of(languages::all(), [&](const languages::Language* language) {
    const std::string_view known = language->argument_word(verb);
    return !known.empty() && equal_no_case(word.substr(0, word.find(':')), known);
  });
}

bool is_parameter(const ReferenceEntry& entry) {
  return std::ranges::any_of(languages::all(), [&](const languages::Language* language) {
    return language->is_parameter(entry);
  });
}

class Lookup {
 public:
  Lookup() : all_(all_entries()) {}

  // As one term: "mailing list", "250 RCPT", "RCPT 250".
  Entries term(const Arguments& words) const {
    Entries found = word(fmt::format("{}", fmt::join(words, " ")));
    if (words.size() < 2) return found;
    if (found.empty()) found = in_context(words[0], rest(words, 1));
    if (found.empty()) found = in_context(words.back(), rest(words, 0, words.size() - 1));
    if (found.empty() && words.size() == 2 && is_argument_word(words[0], words[1]))
      found = word(words[0]);
    return found;
  }

  // One word, also as a dialogue has it: "SIZE=1000", "250-SIZE", "5.1.1".
  Entries piece(std::string_view text) const {
    Entries found = word(text);
    if (found.empty()) found = word(text.substr(0, text.find_first_of("=-:;,")));
    return found;
  }

  // The words that look most like this one, best first.
  std::vector<std::string_view> similar(std::string_view text) const;

 private:
  static std::string rest(const Arguments& words, std::size_t from, std::size_t to = SIZE_MAX) {
    to = std::min(to, words.size());
    return fmt::format("{}", fmt::join(words.begin() + static_cast<std::ptrdiff_t>(from),
                                       words.begin() + static_cast<std::ptrdiff_t>(to), " "));
  }

  Entries word(std::string_view text) const {
    Entries found;
    for (const ReferenceEntry& entry : all_)
      if (equal_no_case(entry.word, text)) found.push_back(&entry);
    if (!found.empty()) return found;
    for (const languages::Language* language : languages::all())
      for (const ReferenceEntry* entry : language->explain(text)) found.push_back(entry);
    return found;
  }

  Entries in_context(std::string_view text, std::string_view context) const {
    Entries found;
    for (const ReferenceEntry& entry : all_)
      if (equal_no_case(entry.word, text) && equal_no_case(entry.context, context))
        found.push_back(&entry);
    return found;
  }

  std::vector<ReferenceEntry> all_;
};

std::vector<std::string_view> Lookup::similar(std::string_view text) const {
  constexpr std::size_t kLongest = 64, kShown = 5;
  if (text.empty() || text.size() > kLongest) return {};
  const std::size_t allowed = std::clamp<std::size_t>(text.size() / 3, 1, 3);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const ReferenceEntry& entry : all_) {
    const bool begins = text.size() >= 3 && starts_with_no_case(entry.word, text);
    const std::size_t far = begins ? 1 : letters_apart(text, entry.word);
    const bool known = std::any_of(near.begin(), near.end(), [&](const auto& word) {
      return equal_no_case(word.second, entry.word);
    });
    if (far <= allowed && !known) near.emplace_back(far, entry.word);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> words;
  for (const auto& [far, word] : near)
    if (words.size() < kShown) words.push_back(word);
  return words;
}

bool is_reply_code(std::string_view word) {
  return word.size() >= 3 && is_digit(word[0]) && is_digit(word[1]) && is_digit(word[2]);
}

// ---- what is printed ----

void print_wrapped(std::string_view text, std::size_t width) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > width) {
      fmt::print("\n");
      column = 0;
    }
    fmt::print("{}{}", column == 0 ? "  " : " ", text.substr(0, end));
    column += end + 1;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  fmt::print("\n");
}

// ", to RCPT" for a reply, ", with MAIL" for a parameter, ", extension".
std::string context_of(const ReferenceEntry& entry) {
  if (entry.context.empty()) return "";
  const bool verb = entry.context[0] >= 'A' && entry.context[0] <= 'Z';
  return fmt::format(", {}{}", is_parameter(entry) ? "with " : verb ? "to " : "", entry.context);
}

// X.1.1 as it was asked for: 5.1.1.
std::string as_asked(const ReferenceEntry& entry, const Arguments& words) {
  if (entry.context == "enhanced code" && !entry.word.ends_with("X"))
    for (const std::string& asked : words)
      if (asked.size() == entry.word.size() && asked.substr(1) == entry.word.substr(1))
        return asked;
  return std::string(entry.word);
}

void print_entry(const ReferenceEntry& entry, const Arguments& words) {
  fmt::print("{}{} ({}): {}\n", as_asked(entry, words), context_of(entry), entry.protocol,
             entry.title);
  if (!entry.syntax.empty()) fmt::print("  {}\n", entry.syntax);
  print_wrapped(entry.meaning, 92);
  fmt::print("{}{}\n", entry.section.empty() ? "" : "  ",
             entry.section.empty() ? std::string() : fmt::format("{}\n", entry.section));
}

// Under which heading the list of all words has it: "SMTP, extensions". Empty for what a word
// means in the context of a command ("250 RCPT"), where the word by itself is listed.
std::string heading_of(const ReferenceEntry& entry) {
  const std::string_view protocol = entry.protocol, context = entry.context;
  if (protocol.starts_with("finding")) return "findings";
  if (context.empty() && is_reply_code(entry.word)) return fmt::format("{}, reply codes", protocol);
  if (context.empty()) return std::string(protocol);
  if (is_parameter(entry)) return fmt::format("{}, parameters", protocol);
  const bool verb = context[0] >= 'A' && context[0] <= 'Z';
  return verb ? "" : fmt::format("{}, {}s", protocol, context);
}

// Every word once under its heading, in the order of the tables.
void print_list() {
  std::vector<std::pair<std::string, std::vector<std::string_view>>> groups;
  const std::vector<ReferenceEntry> entries = all_entries();
  for (const ReferenceEntry& entry : entries) {
    const std::string heading = heading_of(entry);
    if (heading.empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& known) { return known.first == heading; });
    if (group == groups.end()) group = groups.insert(group, {heading, {}});
    std::vector<std::string_view>& words = group->second;
    if (std::find(words.begin(), words.end(), entry.word) == words.end())
      words.push_back(entry.word);
  }
  for (const auto& [heading, words] : groups) {
    fmt::print("{}\n", heading);
    print_wrapped(fmt::format("{}", fmt::join(words, ", ")), 92);
    fmt::print("\n");
  }
  fmt::print("mailscope explain WORD says what one of them means, and where it can be seen.\n");
}

// To the millisecond, and never before it happens.
std::string time_text(trace::Time at) {
  constexpr trace::Time kMillisecond = 1'000'000;
  const trace::Time milliseconds = (at + kMillisecond - 1) / kMillisecond;
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

// A lesson of the same name: "mailing list" is what mailing-list is about.
std::string lesson_about(std::string_view word) {
  std::string name(word);
  for (char& c : name) c = c == ' ' ? '-' : to_lower(c);
  for (const scenarios::ShippedScenario& shipped : scenarios::shipped_scenarios())
    if (shipped.name == name || shipped.name == name + "s") return std::string(shipped.name);
  return {};
}

// What to look for in the scenarios so that these entries are seen happen.
std::vector<scenarios::Term> sought_by(const Entries& entries, const Arguments& words) {
  std::vector<scenarios::Term> sought;
  for (const ReferenceEntry* entry : entries) {
    const std::string_view context = entry->context;
    if (context == "state" || context == "digit" || context == "call") continue;
    if (context == "enhanced code" && entry->word.ends_with("X")) continue;  // a class: everywhere
    const std::string word = as_asked(*entry, words);
    scenarios::Term wanted{std::string(entry->protocol), word, std::string(context)};
    const bool code = context.empty() && !word.empty() && is_digit(word[0]);
    if (code) wanted.context.reset();  // in answer to whatever
    sought.push_back(std::move(wanted));
  }
  return sought;
}

void print_occurrences(const Entries& entries, const Arguments& words) {
  std::string lesson;
  for (const ReferenceEntry* entry : entries)
    if (lesson.empty()) lesson = lesson_about(entry->word);
  if (!lesson.empty()) fmt::print("A lesson about it: mailscope view {}\n", lesson);
  const auto seen = scenarios::find_occurrences(sought_by(entries, words));
  if (seen.empty()) return;
  fmt::print("Seen in:\n");
  for (const scenarios::Occurrence& occurrence : seen) {
    const bool reply =
        is_digit(occurrence.word[0]) && !occurrence.context.empty() && occurrence.context[0] <= 'Z';
    fmt::print("  {} at {} s: {}{}\n", occurrence.scenario, time_text(occurrence.at),
               occurrence.line, reply ? fmt::format("  (to {})", occurrence.context) : "");
  }
  fmt::print("To go there: mailscope view {} --at {}s\n", seen[0].scenario, time_text(seen[0].at));
}

int unknown(const Lookup& lookup, const std::string& text) {
  const auto hints = lookup.similar(text);
  return fail(
      kWrongUsage,
      fmt::format("nothing is known about \"{}\"; {}", printable_utf8(text),
                  hints.empty() ? std::string("try RCPT, 550 or Received, or explain --list")
                                : fmt::format("is it {}?", fmt::join(hints, ", or "))));
}

// A line of a dialogue, piece by piece: what each says here, then what each is. False for words
// that are no such line.
bool explain_line(const Arguments& words) {
  const std::string line = fmt::format("{}", fmt::join(words, " "));
  std::vector<languages::Piece> pieces;
  for (const languages::Language* language : languages::all())
    if (pieces.empty()) pieces = language->line_pieces(line);
  if (pieces.empty() || (pieces.size() == 1 && words.size() > 1)) return false;
  std::size_t widest = 0;
  for (const languages::Piece& piece : pieces)
    widest = std::clamp(piece.text.size(), widest, std::size_t{32});
  Entries entries;
  for (const languages::Piece& piece : pieces) {
    fmt::print("  {:{}}  {}\n", printable_utf8(piece.text), widest, printable_utf8(piece.says));
    if (std::find(entries.begin(), entries.end(), piece.entry) == entries.end())
      entries.push_back(piece.entry);
  }
  fmt::print("\n");
  for (const ReferenceEntry* entry : entries) print_entry(*entry, words);
  print_occurrences(entries, words);
  return true;
}

// What stands behind a reply code is prose, but for what is written in capitals or figures.
bool is_prose(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// The words as one term, or each by itself; behind a verb or a reply code they may be the rest of
// a line. Exit code, when one of them is not known.
std::optional<int> look_up(const Lookup& lookup, const Arguments& words, Entries& found) {
  found = lookup.term(words);
  if (!found.empty()) return std::nullopt;
  const bool reply = is_reply_code(words[0]);
  const bool line = reply || languages::is_verb(words[0]);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (reply && i > 0 && is_prose(words[i])) continue;
    const Entries piece = lookup.piece(words[i]);
    if (piece.empty() && (i == 0 || !line)) return unknown(lookup, words[i]);
    for (const ReferenceEntry* entry : piece)
      if (std::find(found.begin(), found.end(), entry) == found.end()) found.push_back(entry);
  }
  return std::nullopt;
}

}  // namespace

int explain_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kExplainUsage, given)) return *over;
  // An argument in quotation marks may hold several words.
  Arguments words;
  for (const std::string& argument : given.all("WORD"))
    for (std::string_view left = trim(argument); !left.empty(); left = trim(left)) {
      words.emplace_back(left.substr(0, left.find(' ')));
      left.remove_prefix(words.back().size());
    }
  if (words.empty() || given.has("list")) {
    print_list();
    return kDone;
  }
  const Lookup lookup;
  if (lookup.term(words).empty() && explain_line(words)) return kDone;
  Entries found;
  if (const auto over = look_up(lookup, words, found)) return *over;
  for (const ReferenceEntry* entry : found) print_entry(*entry, words);
  print_occurrences(found, words);
  return kDone;
}

}  // namespace mailscope::cli
