#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/reference.hpp"
#include "protocols/pop3/reference.hpp"
#include "protocols/smtp/reference.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr Usage kUsage = {"mailscope explain WORD...",
                          "Says what a command, a reply code, a header field, an extension or a "
                          "session state means, in plain\n"
                          "words and with its RFC section. Two words narrow it down: 250 RCPT is "
                          "250 as the answer to RCPT.",
                          "  mailscope explain RCPT\n"
                          "  mailscope explain 550\n"
                          "  mailscope explain 250 RCPT\n"
                          "  mailscope explain Received\n"};

std::vector<ReferenceEntry> all_entries() {
  std::vector<ReferenceEntry> all;
  for (const auto table : {smtp::reference(), pop3::reference(), mime::reference()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

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

void print_entry(const ReferenceEntry& entry) {
  const std::string context = entry.context.empty() ? "" : fmt::format(", to {}", entry.context);
  fmt::print("{}{} ({}): {}\n", entry.word, context, entry.protocol, entry.title);
  if (!entry.syntax.empty()) fmt::print("  {}\n", entry.syntax);
  print_wrapped(entry.meaning, 92);
  fmt::print("  {}\n\n", entry.section);
}

// The words of the reference that begin alike, for a hint.
std::vector<std::string_view> similar(const std::vector<ReferenceEntry>& all,
                                      std::string_view word) {
  std::vector<std::string_view> list;
  for (const ReferenceEntry& entry : all)
    if (!word.empty() && starts_with_no_case(entry.word, word.substr(0, 1)) &&
        std::find(list.begin(), list.end(), entry.word) == list.end())
      list.push_back(entry.word);
  return list;
}

}  // namespace

int explain_command(const Arguments& arguments) {
  po::variables_map values;
  if (const auto over =
          read_options(arguments, po::options_description("Options"), "WORD", kUsage, values))
    return *over;
  const auto words = values.count("WORD") ? values["WORD"].as<Arguments>() : Arguments{};
  if (words.empty())
    return fail(kWrongUsage, fmt::format("explain wants a word; usage: {}", kUsage.synopsis));

  const std::vector<ReferenceEntry> all = all_entries();
  const std::string whole = fmt::format("{}", fmt::join(words, " "));
  const std::string context =
      words.size() > 1 ? fmt::format("{}", fmt::join(words.begin() + 1, words.end(), " ")) : "";
  bool found = false;
  for (const ReferenceEntry& entry : all) {
    const bool same_word = equal_no_case(entry.word, whole);
    const bool same_context = equal_no_case(entry.word, words[0]) && !context.empty() &&
                              equal_no_case(entry.context, context);
    if (!same_word && !same_context) continue;
    print_entry(entry);
    found = true;
  }
  if (found) return kDone;
  const auto hints = similar(all, words[0]);
  return fail(kWrongUsage, fmt::format("nothing is known about \"{}\"{}", printable_utf8(whole),
                                       hints.empty() ? std::string("; try RCPT, 550 or Received")
                                                     : fmt::format("; is it one of {}?",
                                                                   fmt::join(hints, ", "))));
}

}  // namespace mailscope::cli
