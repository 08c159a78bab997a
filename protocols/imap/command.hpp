// IMAP commands as values. RFC 9051 §6, §9; RFC 3501 §6; RFC 4466 §3 and the extensions named
// below.
//
// A Command is a tag, a verb and that verb's arguments; which struct goes with which verb says the
// comment on it. Verbs that take none have NoArguments. Strings are octets as the client meant
// them: quotes and literals undone, mailbox names and patterns as UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocols/imap/values/date.hpp"
#include "protocols/imap/values/fetch_item.hpp"
#include "protocols/imap/values/flag.hpp"
#include "protocols/imap/values/mailbox_attribute.hpp"
#include "protocols/imap/values/mailbox_name.hpp"
#include "protocols/imap/values/search_key.hpp"
#include "protocols/imap/values/sequence_set.hpp"
#include "protocols/imap/values/status_item.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

using ModSeq = std::uint64_t;  // 1 to 2^63-1 (RFC 7162 §7)

// CAPABILITY, NOOP, LOGOUT, STARTTLS, NAMESPACE, IDLE, CHECK, CLOSE, UNSELECT, and EXPUNGE without
// UID.
struct NoArguments {
  friend bool operator==(const NoArguments&, const NoArguments&) = default;
};

// ID (RFC 2971 §3.1): fields in their order; nothing: NIL.
using IdFields = std::vector<std::pair<std::string, std::optional<std::string>>>;
struct IdCommand {
  std::optional<IdFields> fields;
  friend bool operator==(const IdCommand&, const IdCommand&) = default;
};

// AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959 §3). The lines that follow are no commands: WireReader's
// next_line() reads them.
struct AuthenticateCommand {
  std::string mechanism;                        // upper case
  std::optional<std::string> initial_response;  // base64 as sent; "=": an empty one
  friend bool operator==(const AuthenticateCommand&, const AuthenticateCommand&) = default;
};
struct LoginCommand {
  std::string user;
  std::string password;
  friend bool operator==(const LoginCommand&, const LoginCommand&) = default;
};

// ENABLE (RFC 5161 §3.1); COMPRESS (RFC 4978 §3), its one word the mechanism. Upper case.
struct WordsCommand {
  std::vector<std::string> words;
  friend bool operator==(const WordsCommand&, const WordsCommand&) = default;
};

// DELETE, SUBSCRIBE, UNSUBSCRIBE, GETQUOTAROOT (RFC 9208 §4.1.2).
struct MailboxCommand {
  MailboxName mailbox;
  friend bool operator==(const MailboxCommand&, const MailboxCommand&) = default;
};

// What a client remembers of a mailbox. RFC 7162 §3.2.5.
struct QResync {
  std::uint32_t uid_validity = 1;
  ModSeq modseq = 1;
  std::optional<SequenceSet> known_uids;  // no "*"
  // Some sequence numbers and the UIDs that they had: as many of the one as of the other, no "*".
  std::optional<std::pair<SequenceSet, SequenceSet>> known_numbers;
  friend bool operator==(const QResync&, const QResync&) = default;
};
// SELECT, EXAMINE (RFC 7162 §3.1.8, §3.2.5).
struct SelectCommand {
  MailboxName mailbox;
  bool condstore = false;
  std::optional<QResync> qresync;
  friend bool operator==(const SelectCommand&, const SelectCommand&) = default;
};

// CREATE (RFC 6154 §3).
struct CreateCommand {
  MailboxName mailbox;
  MailboxAttributes uses;               // special uses alone
  std::vector<std::string> other_uses;  // that we do not know: answered NO [USEATTR]
  friend bool operator==(const CreateCommand&, const CreateCommand&) = default;
};
struct RenameCommand {
  MailboxName from;
  MailboxName to;
  friend bool operator==(const RenameCommand&, const RenameCommand&) = default;
};

enum class ListSelect : std::uint8_t { Subscribed, Remote, RecursiveMatch, SpecialUse };
enum class ListReturn : std::uint8_t { Subscribed, Children, SpecialUse, Status };
// LIST, LSUB (RFC 9051 §6.3.9, RFC 5258 §3, RFC 5819 §2, RFC 6154 §2).
struct ListCommand {
  std::string reference;
  std::vector<std::string> patterns;  // with "%" and "*"
  // A selection option, a list of patterns or RETURN was there, also an empty one.
  bool extended = false;
  EnumSet<ListSelect> select;
  EnumSet<ListReturn> returns;
  StatusItems status;  // for ListReturn::Status
  friend bool operator==(const ListCommand&, const ListCommand&) = default;
};

struct StatusCommand {
  MailboxName mailbox;
  StatusItems items;
  friend bool operator==(const StatusCommand&, const StatusCommand&) = default;
};

struct AppendMessage {
  std::vector<Flag> flags;
  std::optional<DateTime> internal_date;
  std::string octets;
  std::uint64_t size = 0;  // of the message, also where its octets were passed on
  bool binary = false;     // sent as a literal8 (RFC 3516 §4.4)
  bool utf8 = false;       // sent as UTF8 (literal8) (RFC 6855 §4)
  friend bool operator==(const AppendMessage&, const AppendMessage&) = default;
};
// APPEND (RFC 9051 §6.3.12, RFC 3502 §6.3.11).
struct AppendCommand {
  MailboxName mailbox;
  std::vector<AppendMessage> messages;  // at least one
  friend bool operator==(const AppendCommand&, const AppendCommand&) = default;
};

// GETQUOTA, SETQUOTA (RFC 9208 §4.1).
struct QuotaCommand {
  std::string root;
  std::vector<std::pair<std::string, std::uint64_t>> limits;  // SETQUOTA: resource, upper case
  friend bool operator==(const QuotaCommand&, const QuotaCommand&) = default;
};

enum class SearchReturn : std::uint8_t { Min, Max, All, Count, Save };
// SEARCH (RFC 9051 §6.4.4, RFC 4731 §3.1, RFC 5182 §2.1).
struct SearchCommand {
  std::optional<EnumSet<SearchReturn>> returns;  // RETURN () asks for ALL
  std::string charset;                           // as sent; empty where there was none
  SearchKey key;
  friend bool operator==(const SearchCommand&, const SearchCommand&) = default;
};

enum class SortKey : std::uint8_t { Arrival, Cc, Date, From, Size, Subject, To };
struct SortCriterion {
  SortKey key = SortKey::Arrival;
  bool reverse = false;
  friend bool operator==(const SortCriterion&, const SortCriterion&) = default;
};
// SORT (RFC 5256 §3).
struct SortCommand {
  std::vector<SortCriterion> criteria;  // at least one
  std::string charset;
  SearchKey key;
  friend bool operator==(const SortCommand&, const SortCommand&) = default;
};
// THREAD (RFC 5256 §3).
struct ThreadCommand {
  std::string algorithm;  // upper case: "ORDEREDSUBJECT", "REFERENCES", or one that is not known
  std::string charset;
  SearchKey key;
  friend bool operator==(const ThreadCommand&, const ThreadCommand&) = default;
};

// FETCH (RFC 9051 §6.4.5; RFC 7162 §3.1.4.1, §3.2.6).
struct FetchCommand {
  SequenceSet set;
  std::vector<FetchItem> items;  // at least one; macros are what they stand for
  std::optional<ModSeq> changed_since;
  bool vanished = false;  // UID FETCH with CHANGEDSINCE alone
  friend bool operator==(const FetchCommand&, const FetchCommand&) = default;
};

// STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3).
struct StoreCommand {
  enum class Mode : std::uint8_t { Replace, Add, Remove };
  SequenceSet set;
  Mode mode = Mode::Replace;
  bool silent = false;
  std::vector<Flag> flags;
  std::optional<std::uint64_t> unchanged_since;  // may be 0
  friend bool operator==(const StoreCommand&, const StoreCommand&) = default;
};

// COPY, MOVE (RFC 9051 §6.4.7, §6.4.8).
struct CopyCommand {
  SequenceSet set;
  MailboxName mailbox;
  friend bool operator==(const CopyCommand&, const CopyCommand&) = default;
};
// UID EXPUNGE (RFC 4315 §2.1).
struct UidExpungeCommand {
  SequenceSet uids;
  friend bool operator==(const UidExpungeCommand&, const UidExpungeCommand&) = default;
};

using Arguments =
    std::variant<NoArguments, IdCommand, AuthenticateCommand, LoginCommand, WordsCommand,
                 MailboxCommand, SelectCommand, CreateCommand, RenameCommand, ListCommand,
                 StatusCommand, AppendCommand, QuotaCommand, SearchCommand, SortCommand,
                 ThreadCommand, FetchCommand, StoreCommand, CopyCommand, UidExpungeCommand>;

struct Command {
  std::string tag;
  Verb verb = Verb::Unknown;
  bool uid = false;  // UID in front: numbers of the command and of its answer are UIDs
  Arguments arguments{};
  friend bool operator==(const Command&, const Command&) = default;
};

}  // namespace mailscope::imap
