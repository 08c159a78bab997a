// What a server says, as values. RFC 9051 §7, §9; RFC 3501 §7 (LSUB, SEARCH, RECENT, RFC822) and
// the extensions named below.
//
// For whoever reads: clients and observers. A server writes most of this without making values
// (response_writer.hpp). Strings are octets as they were meant, mailbox names UTF-8 (a name that
// cannot be decoded stays as it was sent).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocols/imap/command.hpp"
#include "protocols/imap/values/body_structure.hpp"
#include "protocols/imap/values/envelope.hpp"
#include "protocols/imap/values/status.hpp"

namespace mailscope::imap {

// resp-text-code. RFC 9051 §7.1; RFC 5530 §3; RFC 7162 §7; RFC 5182 §2.1; RFC 6154 §3; RFC 4978 §3.
struct AppendUid {  // RFC 4315 §3
  std::uint32_t uid_validity = 1;
  UidSequence uids{};
  friend bool operator==(const AppendUid&, const AppendUid&) = default;
};
struct CopyUid {
  std::uint32_t uid_validity = 1;
  UidSequence source{};
  UidSequence destination{};
  friend bool operator==(const CopyUid&, const CopyUid&) = default;
};
struct ResponseCode {
  enum class Kind : std::uint8_t {
    Alert,
    AlreadyExists,
    AppendUid,  // AppendUid
    AuthenticationFailed,
    AuthorizationFailed,
    BadCharset,  // words
    Cannot,
    Capability,  // words
    ClientBug,
    Closed,
    CompressionActive,
    ContactAdmin,
    CopyUid,  // CopyUid
    Corruption,
    Expired,
    ExpungeIssued,
    HasChildren,
    HighestModSeq,  // number
    InUse,
    Limit,
    Modified,  // set
    NoModSeq,
    NonExistent,
    NoPerm,
    NotSaved,
    OverQuota,
    Parse,
    PermanentFlags,  // flags
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    ServerBug,
    TooBig,
    TryCreate,
    UidNext,  // number
    UidNotSticky,
    UidValidity,  // number
    Unavailable,
    UnknownCte,
    Unseen,  // number
    UseAttr,
    Other,  // words: the atom and what follows it, as one word
  };
  Kind kind = Kind::Other;
  std::variant<std::monostate, std::uint64_t, std::vector<std::string>, std::vector<Flag>,
               SequenceSet, AppendUid, CopyUid>
      data{};
  friend bool operator==(const ResponseCode&, const ResponseCode&) = default;
};
inline constexpr std::size_t kResponseCodes = 42;
std::string_view name(ResponseCode::Kind kind);  // "ALERT", ...; "" for Other

// resp-cond-state, resp-cond-auth, resp-cond-bye.
struct StatusResponse {
  std::string tag{};  // empty: untagged
  Status status = Status::Ok;
  std::optional<ResponseCode> code{};
  std::string text{};
  friend bool operator==(const StatusResponse&, const StatusResponse&) = default;
};
// continue-req. RFC 9051 §7.6
struct ContinuationResponse {
  std::string text{};  // all behind "+ ": a challenge in base64, or words
  friend bool operator==(const ContinuationResponse&, const ContinuationResponse&) = default;
};

// "CAPABILITY", "ENABLED" (RFC 5161 §3.2).
struct CapabilityResponse {
  std::vector<std::string> words{};
  bool enabled = false;
  friend bool operator==(const CapabilityResponse&, const CapabilityResponse&) = default;
};
struct IdResponse {
  std::optional<IdFields> fields{};
  friend bool operator==(const IdResponse&, const IdResponse&) = default;
};
struct FlagsResponse {
  std::vector<Flag> flags{};
  friend bool operator==(const FlagsResponse&, const FlagsResponse&) = default;
};

// LIST, LSUB. RFC 9051 §7.3.1
struct ListResponse {
  bool lsub = false;
  MailboxAttributes attributes{};
  std::vector<std::string> other_attributes{};  // with their "\"
  std::optional<char> delimiter{};
  MailboxName mailbox = MailboxName::inbox();
  // Extended items (RFC 5258 §3.5): what RECURSIVEMATCH found below, and what the mailbox was
  // called.
  std::vector<std::string> child_info{};
  std::optional<MailboxName> old_name{};
  friend bool operator==(const ListResponse&, const ListResponse&) = default;
};

// RFC 2342 §5
struct NamespaceDescription {
  std::string prefix{};
  std::optional<char> delimiter{};
  friend bool operator==(const NamespaceDescription&, const NamespaceDescription&) = default;
};
struct NamespaceResponse {  // empty: NIL
  std::vector<NamespaceDescription> personal{}, others{}, shared{};
  friend bool operator==(const NamespaceResponse&, const NamespaceResponse&) = default;
};

struct StatusDataResponse {
  MailboxName mailbox = MailboxName::inbox();
  StatusValues values{};
  friend bool operator==(const StatusDataResponse&, const StatusDataResponse&) = default;
};

// SEARCH, SORT. RFC 3501 §7.2.5, RFC 5256 §4, RFC 7162 §3.1.5
struct NumbersResponse {
  bool sort = false;
  std::vector<std::uint32_t> numbers{};
  std::optional<ModSeq> modseq{};
  friend bool operator==(const NumbersResponse&, const NumbersResponse&) = default;
};
// RFC 9051 §7.3.3, RFC 4731 §3.1
struct EsearchResponse {
  std::optional<std::string> tag{};
  bool uid = false;
  std::optional<std::uint32_t> min{}, max{}, count{};
  std::optional<SequenceSet> all{};
  std::optional<ModSeq> modseq{};
  friend bool operator==(const EsearchResponse&, const EsearchResponse&) = default;
};
// RFC 5256 §4. Flat, parents before their children: a thread may be as long as the mailbox.
struct ThreadMember {
  static constexpr std::uint32_t kNoParent = 0xffffffff;
  std::uint32_t number = 0;          // 0: a message that is not there holds its children together
  std::uint32_t parent = kNoParent;  // index of its parent, less than its own
  friend bool operator==(const ThreadMember&, const ThreadMember&) = default;
};
struct ThreadResponse {
  std::vector<ThreadMember> members{};
  friend bool operator==(const ThreadResponse&, const ThreadResponse&) = default;
};

// "* n EXISTS", "* n RECENT", "* n EXPUNGE".
struct CountResponse {
  enum class Kind : std::uint8_t { Exists, Recent, Expunge };
  Kind kind = Kind::Exists;
  std::uint32_t number = 0;
  friend bool operator==(const CountResponse&, const CountResponse&) = default;
};
// RFC 7162 §3.2.10
struct VanishedResponse {
  bool earlier = false;
  SequenceSet uids{};
  friend bool operator==(const VanishedResponse&, const VanishedResponse&) = default;
};

// Octets of a message: BODY[...], BINARY[...], RFC822 and its like.
struct SectionData {
  FetchItem::Kind kind = FetchItem::Kind::BodySection;
  Section section{};
  std::optional<std::uint64_t> origin{};  // of a partial fetch: where it began
  std::optional<std::string> octets{};    // nothing: NIL
  // Which literal of the response it was; its octets are empty here where they were passed on.
  std::optional<std::size_t> literal{};
  friend bool operator==(const SectionData&, const SectionData&) = default;
};
struct BinarySize {
  Section section{};
  std::uint64_t octets = 0;
  friend bool operator==(const BinarySize&, const BinarySize&) = default;
};
// RFC 9051 §7.5.2. What was not told is not there.
struct FetchResponse {
  std::uint32_t number = 1;
  std::optional<std::uint32_t> uid{};
  std::optional<std::vector<Flag>> flags{};
  std::optional<ModSeq> modseq{};
  std::optional<DateTime> internal_date{};
  std::optional<std::uint64_t> size{};
  std::optional<Envelope> envelope{};
  std::optional<BodyStructure> body{};
  std::optional<BodyStructure> body_structure{};
  std::vector<SectionData> sections{};
  std::vector<BinarySize> binary_sizes{};
  friend bool operator==(const FetchResponse&, const FetchResponse&) = default;
};

// RFC 9208 §4.2
struct QuotaResource {
  std::string name{};
  std::uint64_t usage = 0;
  std::uint64_t limit = 0;
  friend bool operator==(const QuotaResource&, const QuotaResource&) = default;
};
struct QuotaResponse {
  std::string root{};
  std::vector<QuotaResource> resources{};
  friend bool operator==(const QuotaResponse&, const QuotaResponse&) = default;
};
struct QuotaRootResponse {
  MailboxName mailbox = MailboxName::inbox();
  std::vector<std::string> roots{};
  friend bool operator==(const QuotaRootResponse&, const QuotaRootResponse&) = default;
};

// Untagged data of an extension that we do not speak: its words.
struct OtherResponse {
  std::string text{};  // behind "* "; a literal as "{n}" and its CRLF
  friend bool operator==(const OtherResponse&, const OtherResponse&) = default;
};

using Response =
    std::variant<StatusResponse, ContinuationResponse, CapabilityResponse, IdResponse,
                 FlagsResponse, ListResponse, NamespaceResponse, StatusDataResponse,
                 NumbersResponse, EsearchResponse, ThreadResponse, CountResponse, VanishedResponse,
                 FetchResponse, QuotaResponse, QuotaRootResponse, OtherResponse>;

}  // namespace mailscope::imap
