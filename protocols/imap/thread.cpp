#include "protocols/imap/thread.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::imap {
namespace {

using Index = std::uint32_t;
constexpr Index kNone = 0xffffffff;

// What threading takes from a header section.
struct Fields {
  std::string message_id, in_reply_to, references, subject;
};

Fields thread_fields(std::string_view header) {
  Fields found;
  const std::pair<std::string_view, std::string*> wanted[] = {{"Message-ID", &found.message_id},
                                                              {"In-Reply-To", &found.in_reply_to},
                                                              {"References", &found.references},
                                                              {"Subject", &found.subject}};
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);)
    for (const auto& [name, body] : wanted)
      if (body->empty() && equal_no_case(field.name, name)) *body = field.body();
  return found;
}

// The msg-id behind a "<": up to its ">", and nothing where it is none. `at` goes behind it.
std::optional<std::string> read_message_id(std::string_view body, std::size_t& at) {
  std::string id = "<";
  bool quoted = false;
  std::size_t sign = 0;
  for (; at < body.size(); ++at) {
    char c = body[at];
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (!quoted && (c == '<' || c == '>')) break;
    if (!quoted && (is_wsp(c) || c == '\r' || c == '\n')) continue;
    if (!quoted && c == '@') sign = id.size();
    if (quoted && c == '\\' && at + 1 < body.size()) c = body[++at];
    id += c;
  }
  if (at == body.size() || body[at] != '>') return std::nullopt;
  ++at;
  if (sign < 2 || sign + 1 == id.size()) return std::nullopt;
  return id + '>';
}

}  // namespace

std::vector<std::string> read_message_ids(std::string_view body) {
  std::vector<std::string> ids;
  for (std::size_t at = body.find('<'); at != std::string_view::npos; at = body.find('<', at)) {
    ++at;
    if (std::optional<std::string> id = read_message_id(body, at)) ids.push_back(std::move(*id));
  }
  return ids;
}

// ---- ORDEREDSUBJECT ----

class Threads::OrderedSubject {
 public:
  void add(std::uint32_t number, std::string_view header, std::int64_t arrival) {
    messages_.push_back({base_subject(thread_fields(header).subject).text,
                         sent_date(header).value_or(mime::Date{arrival, 0}).unix_seconds, number});
  }

  std::vector<ThreadMember> finish() {
    std::sort(messages_.begin(), messages_.end(), [](const Message& a, const Message& b) {
      return std::tie(a.subject, a.sent, a.number) < std::tie(b.subject, b.sent, b.number);
    });
    std::vector<std::span<const Message>> threads;
    for (auto first = messages_.begin(); first != messages_.end();) {
      const auto end = std::find_if(first, messages_.end(), [&](const Message& message) {
        return message.subject != first->subject;
      });
      threads.emplace_back(first, end);
      first = end;
    }
    std::sort(threads.begin(), threads.end(), [](const auto& a, const auto& b) {
      return std::tie(a[0].sent, a[0].number) < std::tie(b[0].sent, b[0].number);
    });
    std::vector<ThreadMember> members;
    for (const std::span<const Message> thread : threads) {
      const auto root = static_cast<Index>(members.size());
      for (const Message& message : thread) members.push_back({message.number, root});
      members[root].parent = ThreadMember::kNoParent;
    }
    return members;
  }

 private:
  struct Message {
    std::string subject;
    std::int64_t sent;
    std::uint32_t number;
  };
  std::vector<Message> messages_;
};

// ---- REFERENCES ----

class Threads::References {
 public:
  void add(std::uint32_t number, std::string_view header, std::int64_t arrival) {
    const Fields fields = thread_fields(header);
    const Index message = add_message(fields.message_id);
    Node& node = nodes_[message];
    node.number = number;
    node.sent = sent_date(header).value_or(mime::Date{arrival, 0}).unix_seconds;
    BaseSubject subject = base_subject(fields.subject);
    node.subject = std::move(subject.text);
    node.is_reply = subject.is_reply_or_forward;
    link(message, references_of(fields));
  }

  // Steps (2) to (6).
  std::vector<ThreadMember> finish() {
    list_children();
    prune();
    for (const Index root : roots_)
      if (is_dummy(root)) sort_children(root);
    sort(roots_);
    join_subjects();
    for (Index index = 0; index < nodes_.size(); ++index) sort_children(index);
    sort(roots_);
    return members();
  }

 private:
  struct Node {
    std::uint32_t number = 0;  // 0: a dummy, known from references only
    Index parent = kNone;
    Index tree = kNone;      // towards the mark of the tree that it is in, or was in
    bool is_parent = false;  // has, or had, a child
    bool is_reply = false;
    std::int64_t sent = 0;
    std::string subject{};
    std::vector<Index> children{};
  };

  bool is_dummy(Index index) const { return nodes_[index].number == 0; }

  Index new_node() {
    const auto index = static_cast<Index>(nodes_.size());
    nodes_.emplace_back().tree = index;
    return index;
  }

  Index node_of(std::string id) {
    const auto [place, is_new] = by_id_.try_emplace(std::move(id), kNone);
    if (is_new) place->second = new_node();
    return place->second;
  }

  // The node for a message: that of its id, unless it has none or another message has it.
  Index add_message(std::string_view field) {
    std::vector<std::string> ids = read_message_ids(field);
    if (ids.empty()) return new_node();
    const Index index = node_of(std::move(ids.front()));
    return is_dummy(index) ? index : new_node();
  }

  std::vector<Index> references_of(const Fields& fields) {
    std::vector<std::string> ids = read_message_ids(fields.references);
    if (ids.empty()) {
      ids = read_message_ids(fields.in_reply_to);
      ids.resize(std::min<std::size_t>(ids.size(), 1));
    }
    if (ids.size() > kReferencesMax)
      ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(kReferencesMax));
    std::vector<Index> nodes;
    for (std::string& id : ids) nodes.push_back(node_of(std::move(id)));
    return nodes;
  }

  // Step (1).
  void link(Index message, const std::vector<Index>& references) {
    for (std::size_t i = 1; i < references.size(); ++i)
      if (nodes_[references[i]].parent == kNone) set_parent(references[i], references[i - 1]);
    const Index last = references.empty() ? kNone : references.back();
    if (nodes_[message].parent == last) return;
    nodes_[message].parent = kNone;
    if (last != kNone) set_parent(message, last);
  }

  // Unless that would make a loop.
  void set_parent(Index child, Index parent) {
    if (child == parent) return;
    const bool may_loop = nodes_[child].is_parent && tree_of(child) == tree_of(parent);
    for (Index up = parent; may_loop && up != kNone; up = nodes_[up].parent)
      if (up == child) return;
    nodes_[child].parent = parent;
    nodes_[parent].is_parent = true;
    nodes_[tree_of(child)].tree = tree_of(parent);
  }

  // Trees that were ever joined have one mark: nodes with different marks are in different trees,
  // which spares nearly every walk up to the root.
  Index tree_of(Index index) {
    while (nodes_[index].tree != index) {
      nodes_[index].tree = nodes_[nodes_[index].tree].tree;
      index = nodes_[index].tree;
    }
    return index;
  }

  // Step (2).
  void list_children() {
    for (Index index = 0; index < nodes_.size(); ++index) {
      const Index parent = nodes_[index].parent;
      (parent == kNone ? roots_ : nodes_[parent].children).push_back(index);
    }
  }

  // All nodes below the roots, parents first.
  std::vector<Index> parents_first() const {
    std::vector<Index> order = roots_;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::vector<Index>& children = nodes_[order[i]].children;
      order.insert(order.end(), children.begin(), children.end());
    }
    return order;
  }

  // Step (3): dummies go, and their children take their places; at the top a dummy with several
  // children stays.
  void prune() {
    const std::vector<Index> order = parents_first();
    for (auto index = order.rbegin(); index != order.rend(); ++index)
      nodes_[*index].children = without_dummies(std::move(nodes_[*index].children), false);
    roots_ = without_dummies(std::move(roots_), true);
  }

  std::vector<Index> without_dummies(std::vector<Index> siblings, bool at_top) {
    const auto stays = [&](Index sibling) {
      return !is_dummy(sibling) || (at_top && nodes_[sibling].children.size() > 1);
    };
    // Of a chain of dummies nothing is copied.
    if (siblings.size() == 1 && !stays(siblings[0])) return std::move(nodes_[siblings[0]].children);
    std::vector<Index> kept;
    for (const Index sibling : siblings) {
      const std::vector<Index>& children = nodes_[sibling].children;
      if (stays(sibling)) {
        kept.push_back(sibling);
      } else {
        kept.insert(kept.end(), children.begin(), children.end());
      }
    }
    return kept;
  }

  // The message whose date and subject count: a dummy's first child.
  const Node& speaker(Index index) const {
    return is_dummy(index) ? nodes_[nodes_[index].children.front()] : nodes_[index];
  }
  void sort(std::vector<Index>& siblings) const {
    std::sort(siblings.begin(), siblings.end(), [&](Index a, Index b) {
      return std::pair(speaker(a).sent, speaker(a).number) <
             std::pair(speaker(b).sent, speaker(b).number);
    });
  }
  void sort_children(Index index) { sort(nodes_[index].children); }

  // Step (5).
  void join_subjects() {
    std::unordered_map<std::string, Index> table;
    for (const Index root : roots_) {
      if (speaker(root).subject.empty()) continue;
      Index& first = table.try_emplace(speaker(root).subject, root).first->second;
      const bool is_better = is_dummy(root) || (nodes_[first].is_reply && !nodes_[root].is_reply);
      if (!is_dummy(first) && is_better) first = root;
    }
    std::vector<Index> kept;
    for (const Index root : roots_) {
      const auto place = table.find(speaker(root).subject);
      if (place == table.end() || place->second == root) {
        kept.push_back(root);
      } else if (const Index pair = join(place->second, root); pair != kNone) {
        std::replace(kept.begin(), kept.end(), place->second, pair);
        place->second = pair;
      }
    }
    roots_ = std::move(kept);
  }

  // Puts `root` below `first`; or both below a new dummy, which is returned.
  Index join(Index first, Index root) {
    if (is_dummy(first) && is_dummy(root)) {
      std::vector<Index> children = std::move(nodes_[root].children);
      nodes_[first].children.insert(nodes_[first].children.end(), children.begin(), children.end());
      return kNone;
    }
    if (is_dummy(first) || (nodes_[root].is_reply && !nodes_[first].is_reply)) {
      nodes_[first].children.push_back(root);
      return kNone;
    }
    const Index dummy = new_node();
    nodes_[dummy].children = {first, root};
    return dummy;
  }

  std::vector<ThreadMember> members() const {
    struct Step {
      Index node;
      std::uint32_t parent;  // among the members
    };
    std::vector<ThreadMember> members;
    std::vector<Step> open;
    for (const Index root : roots_) {
      open.push_back({root, ThreadMember::kNoParent});
      while (!open.empty()) {
        const Step step = open.back();
        open.pop_back();
        const auto place = static_cast<std::uint32_t>(members.size());
        members.push_back({nodes_[step.node].number, step.parent});
        const std::vector<Index>& children = nodes_[step.node].children;
        for (auto child = children.rbegin(); child != children.rend(); ++child)
          open.push_back({*child, place});
      }
    }
    return members;
  }

  std::vector<Node> nodes_;
  std::unordered_map<std::string, Index> by_id_;
  std::vector<Index> roots_;
};

// ---- the outside ----

Threads::Threads(ThreadAlgorithm algorithm) {
  if (algorithm == ThreadAlgorithm::OrderedSubject) {
    by_subject_ = std::make_unique<OrderedSubject>();
  } else {
    by_references_ = std::make_unique<References>();
  }
}
Threads::~Threads() = default;
Threads::Threads(Threads&&) noexcept = default;
Threads& Threads::operator=(Threads&&) noexcept = default;

void Threads::add(std::uint32_t number, std::string_view header, std::int64_t arrival) {
  if (by_subject_) return by_subject_->add(number, header, arrival);
  by_references_->add(number, header, arrival);
}

std::vector<ThreadMember> Threads::finish() {
  return by_subject_ ? by_subject_->finish() : by_references_->finish();
}

}  // namespace mailscope::imap
