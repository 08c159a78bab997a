#include "protocols/imap/search.hpp"

#include <algorithm>

#include "protocols/imap/message_flags.hpp"

namespace mailscope::imap {
namespace {

using SearchKind = SearchKey::Kind;

int own_cost(SearchKind kind) {
  switch (kind) {
    case SearchKind::Bcc:
    case SearchKind::Cc:
    case SearchKind::From:
    case SearchKind::Subject:
    case SearchKind::To:
    case SearchKind::Header:
    case SearchKind::SentBefore:
    case SearchKind::SentOn:
    case SearchKind::SentSince:
      return 1;
    case SearchKind::Body:
    case SearchKind::Text:
      return 2;
    default:
      return 0;
  }
}

bool contains(const std::vector<NumberRange>& ranges, std::uint32_t number) {
  const auto behind =
      std::upper_bound(ranges.begin(), ranges.end(), number,
                       [](std::uint32_t n, const NumberRange& range) { return n < range.first; });
  return behind != ranges.begin() && number <= std::prev(behind)->last;
}

// The day on which a message came, in the zone it was told in: "disregarding time and timezone".
std::int32_t day_of(const mailbox::InternalDate& date) {
  return Date::of(date.seconds, date.zone).days();
}

}  // namespace

Search::Search(const SearchKey& key, std::string_view charset, const View& view,
               const mailbox::Mailbox& mailbox, std::span<const mailbox::Uid> saved)
    : view_(view), mailbox_(mailbox), saved_(saved), root_(compile(key, charset)) {}

Search::Node Search::compile(const SearchKey& key, std::string_view charset) const {
  Node node;
  node.key = &key;
  node.cost = own_cost(key.kind);
  if (key.kind == SearchKind::Has || key.kind == SearchKind::HasNot) compile_flag(node);
  if (key.kind == SearchKind::Sequence || key.kind == SearchKind::Uid) compile_set(node);
  if (MessageMatch::is_about_content(key.kind)) node.match.emplace(key, charset);
  for (const SearchKey& child : key.keys) {
    node.nodes.push_back(compile(child, charset));
    node.cost = std::max(node.cost, node.nodes.back().cost);
  }
  std::stable_sort(node.nodes.begin(), node.nodes.end(),
                   [](const Node& a, const Node& b) { return a.cost < b.cost; });
  return node;
}

// A keyword that the mailbox does not know is on no message: no bit at all.
void Search::compile_flag(Node& node) const {
  const Flag& flag = *node.key->flag;
  node.recent = flag.kind() == Flag::Kind::Recent;
  node.flags.system = system_bit(flag.kind());
  if (!flag.is_keyword()) return;
  if (const auto bit = mailbox_.keywords().find(flag.name()))
    node.flags.keywords = std::uint64_t{1} << *bit;
}

void Search::compile_set(Node& node) const {
  const SequenceSet& set = node.key->set;
  if (set.is_saved_result()) {
    for (const mailbox::Uid uid : saved_) node.ranges.push_back({uid, uid});
    return;
  }
  const bool uids = node.key->kind == SearchKind::Uid;
  const std::size_t size = view_.size();
  node.ranges = set.resolve(size == 0 ? 0
                            : uids    ? view_.uid(size - 1)
                                      : static_cast<std::uint32_t>(size));
}

bool Search::holds_flag(const Node& node, const Candidate& candidate) const {
  if (node.recent) return view_.is_recent(candidate.message.uid);
  const mailbox::FlagSet& flags = candidate.message.flags;
  return (flags.system & node.flags.system) != 0 || (flags.keywords & node.flags.keywords) != 0;
}

// What cannot be read is not found.
bool Search::holds_in_message(const Node& node, const Candidate& candidate) {
  mime::WholeMessage* const message = candidate.data.message();
  return message && node.match->matches(*message);
}

bool Search::holds(const Node& node, const Candidate& candidate) const {
  const SearchKey& key = *node.key;
  const mailbox::Message& message = candidate.message;
  const auto child_holds = [&](const Node& child) { return holds(child, candidate); };
  switch (key.kind) {
    case SearchKind::All:
      return true;
    case SearchKind::Has:
      return holds_flag(node, candidate);
    case SearchKind::HasNot:
      return !holds_flag(node, candidate);
    case SearchKind::New:
      return view_.is_recent(message.uid) && !message.flags.has(mailbox::kSeen);
    case SearchKind::Old:
      return !view_.is_recent(message.uid);
    case SearchKind::Before:
      return day_of(message.date) < key.date->days();
    case SearchKind::On:
      return day_of(message.date) == key.date->days();
    case SearchKind::Since:
      return day_of(message.date) >= key.date->days();
    case SearchKind::Larger:
      return message.octets > key.number;
    case SearchKind::Smaller:
      return message.octets < key.number;
    case SearchKind::Sequence:
      // A saved result is UIDs, whatever it stands for here.
      return contains(node.ranges, key.set.is_saved_result()
                                       ? message.uid
                                       : static_cast<std::uint32_t>(candidate.index + 1));
    case SearchKind::Uid:
      return contains(node.ranges, message.uid);
    case SearchKind::ModSeq:
      return message.modseq >= key.number;
    case SearchKind::And:
      return std::all_of(node.nodes.begin(), node.nodes.end(), child_holds);
    case SearchKind::Or:
      return std::any_of(node.nodes.begin(), node.nodes.end(), child_holds);
    case SearchKind::Not:
      return !holds(node.nodes.front(), candidate);
    default:
      return holds_in_message(node, candidate);
  }
}

}  // namespace mailscope::imap
