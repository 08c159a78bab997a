#include "protocols/imap/list.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

using ListAttribute = MailboxAttribute;

constexpr std::pair<mailbox::SpecialUse, ListAttribute> kUses[] = {
    {mailbox::kAll, ListAttribute::All},       {mailbox::kArchive, ListAttribute::Archive},
    {mailbox::kDrafts, ListAttribute::Drafts}, {mailbox::kFlaggedMessages, ListAttribute::Flagged},
    {mailbox::kJunk, ListAttribute::Junk},     {mailbox::kSent, ListAttribute::Sent},
    {mailbox::kTrash, ListAttribute::Trash},
};

// What is known of a name.
struct Known {
  bool exists = false;  // as a mailbox, or as a \Noselect name
  bool selectable = false;
  bool subscribed = false;
  std::uint8_t uses = 0;
  bool parent = false;        // there are names below it in the account
  bool chosen = false;        // it meets the selection options
  bool matches = false;       // a pattern
  bool chosen_below = false;  // a name below it is chosen
  bool left_below = false;    // one that no pattern matches
};
using Tree = std::map<std::string, Known, std::less<>>;

Tree tree_of(const mailbox::Account& account) {
  Tree tree;
  for (mailbox::Listed& listed : account.list()) {
    Known& known = tree[std::move(listed.name)];
    known.exists = true;
    known.selectable = listed.selectable;
    known.uses = listed.uses;
    known.parent = listed.has_children;
  }
  for (const std::string& name : account.subscriptions()) tree[name].subscribed = true;
  return tree;
}

std::vector<std::string> patterns_of(const ListCommand& command) {
  std::vector<std::string> patterns;
  for (const std::string& pattern : command.patterns)
    if (!pattern.empty()) patterns.push_back(command.reference + pattern);
  return patterns;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return mailbox::matches(pattern, name); });
}

void choose(Tree& tree, const ListCommand& command) {
  const bool subscribed = command.select.contains(ListSelect::Subscribed);
  const bool special = command.select.contains(ListSelect::SpecialUse);
  for (auto& [name, known] : tree)
    known.chosen = (subscribed ? known.subscribed : known.exists) && (!special || known.uses != 0);
}

// RECURSIVEMATCH: each name learns of the chosen ones below it; parents that nobody created come
// into the tree.
void look_below(Tree& tree, const std::vector<std::string>& patterns) {
  std::vector<std::string> chosen;
  for (const auto& [name, known] : tree)
    if (known.chosen) chosen.push_back(name);
  for (const std::string& name : chosen) {
    const bool left = !any_matches(patterns, name);
    for (std::string_view above = mailbox::parent_of(name); !above.empty();
         above = mailbox::parent_of(above)) {
      Known& known = tree[std::string(above)];
      known.chosen_below = true;
      known.left_below |= left;
    }
  }
}

// RFC 9051 §6.3.9.6: a name that is not chosen itself is told of only where one below it would not
// be told of otherwise.
bool is_told(const Known& known) {
  return known.matches && (known.chosen || known.left_below);
}

ListResponse describe(const std::string& name, const Known& known, const ListCommand& command) {
  ListResponse response;
  response.delimiter = mailbox::kSeparator;
  response.mailbox = MailboxName::as_sent(name, Utf8::Yes);
  MailboxAttributes& attributes = response.attributes;
  if (!known.exists)
    attributes.insert(ListAttribute::NonExistent);
  else if (!known.selectable)
    attributes.insert(ListAttribute::NoSelect);
  attributes.insert(known.parent ? ListAttribute::HasChildren : ListAttribute::HasNoChildren);
  const bool subscribed = command.select.contains(ListSelect::Subscribed) ||
                          command.returns.contains(ListReturn::Subscribed);
  if (subscribed && known.subscribed) attributes.insert(ListAttribute::Subscribed);
  add_uses(attributes, known.uses);
  if (known.chosen_below && command.select.contains(ListSelect::Subscribed))
    response.child_info.emplace_back("SUBSCRIBED");
  if (known.chosen_below && command.select.contains(ListSelect::SpecialUse))
    response.child_info.emplace_back("SPECIAL-USE");
  return response;
}

// A basic LIST with an empty name asks for the separator, and what the names begin with.
ListResponse root() {
  ListResponse response;
  response.attributes.insert(ListAttribute::NoSelect);
  response.delimiter = mailbox::kSeparator;
  response.mailbox = MailboxName::as_sent("", Utf8::Yes);
  return response;
}

bool asks_for_root(const ListCommand& command) {
  return !command.extended && command.patterns.size() == 1 && command.patterns.front().empty();
}

}  // namespace

void add_uses(MailboxAttributes& attributes, std::uint8_t uses) {
  for (const auto& [use, attribute] : kUses)
    if ((uses & use) != 0) attributes.insert(attribute);
}

std::uint8_t uses_of(const MailboxAttributes& attributes) {
  std::uint8_t uses = 0;
  for (const auto& [use, attribute] : kUses)
    if (attributes.contains(attribute)) uses |= use;
  return uses;
}

std::vector<ListResponse> list_names(const ListCommand& command, const mailbox::Account& account) {
  if (asks_for_root(command)) return {root()};
  const std::vector<std::string> patterns = patterns_of(command);
  Tree tree = tree_of(account);
  choose(tree, command);
  if (command.select.contains(ListSelect::RecursiveMatch)) look_below(tree, patterns);
  std::vector<ListResponse> responses;
  for (auto& [name, known] : tree) {
    known.matches = any_matches(patterns, name);
    if (is_told(known)) responses.push_back(describe(name, known, command));
  }
  return responses;
}

// RFC 3501 §6.3.9: "%" also tells, as \Noselect, of names that are subscribed to only further down.
std::vector<ListResponse> list_subscribed(const ListCommand& command,
                                          const mailbox::Account& account) {
  if (asks_for_root(command)) {
    ListResponse response = root();
    response.lsub = true;
    return {response};
  }
  const std::vector<std::string> patterns = patterns_of(command);
  const bool levels = std::any_of(patterns.begin(), patterns.end(), [](const std::string& pattern) {
    return pattern.find('%') != std::string::npos;
  });
  std::map<std::string, bool, std::less<>> names;  // to whether it is subscribed to
  for (const std::string& name : account.subscriptions()) {
    if (any_matches(patterns, name)) names[name] = true;
    for (std::string_view above = mailbox::parent_of(name); levels && !above.empty();
         above = mailbox::parent_of(above))
      if (any_matches(patterns, above)) names.try_emplace(std::string(above), false);
  }
  std::vector<ListResponse> responses;
  for (const auto& [name, subscribed] : names) {
    ListResponse response;
    response.lsub = true;
    response.delimiter = mailbox::kSeparator;
    response.mailbox = MailboxName::as_sent(name, Utf8::Yes);
    if (!subscribed) response.attributes.insert(ListAttribute::NoSelect);
    responses.push_back(std::move(response));
  }
  return responses;
}

}  // namespace mailscope::imap
