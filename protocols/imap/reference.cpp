#include "protocols/imap/reference.hpp"

#include <array>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

std::vector<ReferenceEntry> all_entries() {
  std::vector<ReferenceEntry> all;
  for (const auto table : {command_entries(), response_entries(), code_entries(), item_entries(),
                           search_entries(), capability_entries(), notation_entries()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

constexpr std::array<std::string_view, kVerbs> kVerbGists = {
    "no command of IMAP",
    "the connection opens",
    "asks what the server can do",
    "is there anything new?",
    "ends the session",
    "says which program this is",
    "asks for TLS",
    "logs in by a SASL mechanism",
    "logs in with name and password",
    "switches extensions on",
    "asks for compression",
    "opens a mailbox",
    "opens a mailbox to read only",
    "makes a mailbox",
    "removes a mailbox",
    "renames a mailbox",
    "subscribes to a mailbox",
    "unsubscribes from a mailbox",
    "lists mailboxes",
    "lists subscribed mailboxes",
    "asks where mailboxes may be",
    "asks for counts of a mailbox",
    "stores a message",
    "waits for news",
    "asks for a quota",
    "asks for a mailbox's quota",
    "sets a quota",
    "asks for a checkpoint",
    "closes the mailbox, removes what is deleted",
    "closes the mailbox",
    "removes what is deleted",
    "looks for messages",
    "fetches data of messages",
    "changes flags",
    "copies messages",
    "moves messages",
    "looks for messages, sorted",
    "looks for messages, in conversations",
};

constexpr std::array<std::string_view, kResponseNames> kResponseGists = {
    "untagged data",
    "go on",
    "done",
    "not done",
    "not understood",
    "logged in already",
    "goodbye",
    "what the server can do",
    "switched on now",
    "which program the server is",
    "the flags there are",
    "a mailbox",
    "a subscribed mailbox",
    "where mailboxes are",
    "counts of a mailbox",
    "the messages that fit",
    "what the search found",
    "the messages in order",
    "the conversations",
    "so many messages are there",
    "so many are recent",
    "that message is gone",
    "those messages are gone",
    "data of a message",
    "usage and limits",
    "which quota it counts for",
    "who may do what",
    "which rights can be given",
    "what this user may do",
    "annotations",
};

struct Answer {
  Verb verb;
  ResponseName response;
  std::string_view gist;
};
constexpr Answer kAnswers[] = {
    {Verb::Connect, ResponseName::Ok, "greeting: ready for a log-in"},
    {Verb::Login, ResponseName::Ok, "logged in"},
    {Verb::Login, ResponseName::No, "not logged in"},
    {Verb::Authenticate, ResponseName::Ok, "logged in"},
    {Verb::Authenticate, ResponseName::No, "not logged in"},
    {Verb::Authenticate, ResponseName::Continue, "the next step of the log-in, please"},
    {Verb::Idle, ResponseName::Continue, "idling"},
    {Verb::Idle, ResponseName::Ok, "idling is over"},
    {Verb::Append, ResponseName::Continue, "now the message"},
    {Verb::Append, ResponseName::Ok, "stored"},
    {Verb::Starttls, ResponseName::Ok, "TLS begins"},
    {Verb::Compress, ResponseName::Ok, "compression begins"},
    {Verb::Select, ResponseName::Ok, "the mailbox is open"},
    {Verb::Select, ResponseName::No, "no mailbox is open"},
    {Verb::Examine, ResponseName::Ok, "the mailbox is open to read only"},
    {Verb::Close, ResponseName::Ok, "the mailbox is closed"},
    {Verb::Unselect, ResponseName::Ok, "the mailbox is closed"},
    {Verb::Fetch, ResponseName::Ok, "all data was sent"},
    {Verb::Search, ResponseName::Ok, "the search is over"},
    {Verb::Store, ResponseName::Ok, "flags changed"},
    {Verb::Copy, ResponseName::Ok, "copied"},
    {Verb::Move, ResponseName::Ok, "moved"},
    {Verb::Expunge, ResponseName::Ok, "what was deleted is gone"},
    {Verb::Logout, ResponseName::Ok, "goodbye"},
};

}  // namespace

std::span<const ReferenceEntry> reference() {
  static const std::vector<ReferenceEntry> kAll = all_entries();
  return kAll;
}

const ReferenceEntry* find_exact(std::string_view word, std::string_view context) {
  const ReferenceEntry* entry = find_entry(reference(), word, context);
  return entry != nullptr && equal_no_case(entry->context, context) ? entry : nullptr;
}

const ReferenceEntry* explain_verb(Verb verb, bool uid) {
  if (verb == Verb::Unknown) return nullptr;
  const std::string word = uid ? "UID " + std::string(name(verb)) : std::string(name(verb));
  return find_exact(word, "");
}

const ReferenceEntry* explain_response(ResponseName response, Verb answers) {
  if (is_status(response) || response == ResponseName::Continue)
    if (const ReferenceEntry* entry = find_exact(name(response), name(answers))) return entry;
  if (const ReferenceEntry* entry = find_exact(name(response), kResponseContext)) return entry;
  return find_exact(name(response), "");
}

std::string_view gist(Verb verb) {
  return kVerbGists[static_cast<std::size_t>(verb)];
}

std::string_view gist(ResponseName response, Verb answers) {
  for (const Answer& answer : kAnswers)
    if (answer.verb == answers && answer.response == response) return answer.gist;
  return kResponseGists[static_cast<std::size_t>(response)];
}

}  // namespace mailscope::imap
