// What our IMAP says of messages in files, for tests against other people's servers:
//
//   imap-answers FILE... < COMMANDS
//
// The files are messages 1, 2, ..., which came on 2001-09-09 from 01:46:40 UTC, a second apart. A
// line of COMMANDS is a FETCH, SEARCH, SORT or THREAD without a tag; all of FETCH's items but the
// mailbox's own, and of the search keys those that are about what a message says, are answered as a
// server does. Exit code 2: a command is none of these.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "protocols/imap/body_structure.hpp"
#include "protocols/imap/command_parser.hpp"
#include "protocols/imap/envelope.hpp"
#include "protocols/imap/message_match.hpp"
#include "protocols/imap/response_writer.hpp"
#include "protocols/imap/section_of.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/imap/thread.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::imap;

constexpr std::int64_t kFirstArrival = 1'000'000'000;

class Answers {
 public:
  explicit Answers(std::vector<std::string> messages) : messages_(std::move(messages)) {}

  // False: not a command that can be answered here.
  bool answer(const Command& command) {
    if (const auto* fetch = std::get_if<FetchCommand>(&command.arguments)) {
      for (const NumberRange& range : fetch->set.resolve(count()))
        for (std::uint32_t n = range.first; n <= range.last; ++n) write_fetch(n, *fetch);
    } else if (const auto* search = std::get_if<SearchCommand>(&command.arguments)) {
      writer_.begin_search();
      for (const std::uint32_t n : found(search->key, search->charset)) writer_.number(n);
      writer_.end_numbers();
    } else if (const auto* sort = std::get_if<SortCommand>(&command.arguments)) {
      write_sort(*sort);
    } else if (const auto* thread = std::get_if<ThreadCommand>(&command.arguments)) {
      write_thread(*thread);
    } else {
      return false;
    }
    std::cout << out_;
    out_.clear();
    return true;
  }

 private:
  std::uint32_t count() const { return static_cast<std::uint32_t>(messages_.size()); }
  static std::int64_t arrival(std::uint32_t number) { return kFirstArrival + number - 1; }

  static bool holds(const SearchKey& key, std::string_view charset, mime::WholeMessage& message) {
    const auto child_holds = [&](const SearchKey& child) { return holds(child, charset, message); };
    switch (key.kind) {
      case SearchKey::Kind::All:
        return true;
      case SearchKey::Kind::And:
        return std::all_of(key.keys.begin(), key.keys.end(), child_holds);
      case SearchKey::Kind::Or:
        return std::any_of(key.keys.begin(), key.keys.end(), child_holds);
      case SearchKey::Kind::Not:
        return !child_holds(key.keys.front());
      default:
        return MessageMatch(key, charset).matches(message);
    }
  }
  std::vector<std::uint32_t> found(const SearchKey& key, std::string_view charset) const {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t n = 1; n <= count(); ++n) {
      mime::WholeMessage message(messages_[n - 1]);
      if (holds(key, charset, message)) numbers.push_back(n);
    }
    return numbers;
  }

  void write_sort(const SortCommand& command) {
    std::vector<SortedMessage> sorted;
    for (const std::uint32_t n : found(command.key, command.charset)) {
      SortedMessage& message = sorted.emplace_back();
      message.number = n;
      message.arrival = arrival(n);
      message.octets = messages_[n - 1].size();
      read_sort_keys(message, mime::WholeMessage(messages_[n - 1]).header(), command.criteria);
    }
    sort_messages(sorted, command.criteria);
    writer_.begin_sort();
    for (const SortedMessage& message : sorted) writer_.number(message.number);
    writer_.end_numbers();
  }

  void write_thread(const ThreadCommand& command) {
    Threads threads(command.algorithm == "REFERENCES" ? ThreadAlgorithm::References
                                                      : ThreadAlgorithm::OrderedSubject);
    for (const std::uint32_t n : found(command.key, command.charset))
      threads.add(n, mime::WholeMessage(messages_[n - 1]).header(), arrival(n));
    writer_.thread(threads.finish());
  }

  void write_fetch(std::uint32_t number, const FetchCommand& command) {
    mime::WholeMessage message(messages_[number - 1]);
    writer_.begin_fetch(number);
    for (const FetchItem& item : command.items) write_item(item, message);
    writer_.end_fetch();
  }
  void write_item(const FetchItem& item, mime::WholeMessage& message) {
    const auto origin = item.partial ? std::optional(item.partial->offset) : std::nullopt;
    const auto write = [&](const std::optional<SectionOctets>& octets) {
      std::optional<std::string_view> part;
      if (octets) part = partial_of(octets->view(), item.partial);
      writer_.fetch_section(item.kind, item.section, origin, part);
    };
    switch (item.kind) {
      case FetchItem::Kind::Rfc822Size:
        return writer_.fetch_size(message.octets().size());
      case FetchItem::Kind::Envelope:
        return writer_.fetch_envelope(read_envelope(message.header()));
      case FetchItem::Kind::Body:
        return writer_.fetch_body(read_body_structure(message.structure()));
      case FetchItem::Kind::BodyStructure:
        return writer_.fetch_body_structure(read_body_structure(message.structure()));
      case FetchItem::Kind::BodySection:
        return write(section_of(message, item.section));
      case FetchItem::Kind::Binary:
        return write(binary_of(message, item.section).octets);
      default:
        return;
    }
  }

  std::vector<std::string> messages_;
  std::string out_;
  ResponseWriter writer_{out_};
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> messages;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    messages.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  Answers answers(std::move(messages));
  for (std::string line; std::getline(std::cin, line);) {
    const auto command = parse_command("a " + line);
    if (command && answers.answer(*command)) continue;
    const std::string why = command ? "not a command about messages" : command.error().text;
    fmt::print(stderr, "imap-answers: {}: {}\n", line, why);
    return 2;
  }
}
