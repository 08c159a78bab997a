// What a server says, written at the end of a string: nothing is allocated beside it. RFC 9051 §7;
// RFC 3501 §7; RFC 4731 §3.1, RFC 5256 §4, RFC 7162 §3.2.10, RFC 9208 §4.2.
//
// Each function writes a response with its CRLF, but for those that begin, fill and end one:
//
//   writer.begin_fetch(12);        // * 12 FETCH (
//   writer.fetch_uid(40);          // UID 40
//   writer.begin_fetch_flags();    //  FLAGS (
//   writer.flag("\\Seen");         // \Seen
//   writer.end_flags();            // )
//   writer.end_fetch();            // )
//
// The caller sees to the values: no CR, LF in a text, no "]" in a response code.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocols/imap/response.hpp"

namespace mailscope::imap {

class ResponseWriter {
 public:
  explicit ResponseWriter(std::string& out, Utf8 utf8 = Utf8::No) : out_(out), utf8_(utf8) {}
  void set_utf8(Utf8 utf8) { utf8_ = utf8; }
  Utf8 utf8() const { return utf8_; }
  std::string& out() { return out_; }

  // `code`: what stands between the brackets, "UIDNEXT 4392"; empty: no brackets. An empty tag:
  // "*".
  void status(std::string_view tag, Status status, std::string_view code, std::string_view text);
  void status(const StatusResponse& response);
  void continuation(std::string_view text);

  void capability(std::span<const std::string_view> words);
  void enabled(std::span<const std::string_view> words);
  void id(const std::optional<IdFields>& fields);

  void exists(std::uint32_t count);
  void recent(std::uint32_t count);
  void expunge(std::uint32_t number);
  void vanished(bool earlier, const SequenceSet& uids);

  // "* FLAGS (", and each flag by its name.
  void begin_flags();
  // "* OK [PERMANENTFLAGS ("
  void begin_permanent_flags();
  void flag(std::string_view name);
  void end_flags();  // ")", and of the two above the rest of the line

  void list(const ListResponse& response);
  void namespaces(const NamespaceResponse& response);
  // The items in the order of their enum; one that is not known is left out.
  void mailbox_status(std::string_view utf8_name, StatusItems items, const StatusValues& values);

  void begin_search();  // "* SEARCH"
  void begin_sort();    // "* SORT"
  void number(std::uint32_t number);
  void end_numbers(std::optional<ModSeq> modseq = std::nullopt);
  void esearch(const EsearchResponse& response);
  void thread(std::span<const ThreadMember> members);

  void begin_fetch(std::uint32_t number);
  void fetch_uid(std::uint32_t uid);
  void fetch_modseq(ModSeq modseq);
  void fetch_size(std::uint64_t octets);
  void fetch_internal_date(DateTime date);
  void begin_fetch_flags();  // then flag(), end_flags()
  void fetch_envelope(const Envelope& envelope);
  void fetch_body(const BodyStructure& structure);            // BODY: without extension data
  void fetch_body_structure(const BodyStructure& structure);  // BODYSTRUCTURE
  // An item whose value is already in IMAP's form, or is appended to out() by the caller.
  void fetch_item(std::string_view name, std::string_view value = {});
  // BODY[...], RFC822...; BINARY[...] as a literal8 where there is a NUL in it. `kind`,
  // `section` as asked; `origin` of a partial fetch; no octets: NIL.
  void fetch_section(FetchItem::Kind kind, const Section& section,
                     std::optional<std::uint64_t> origin,
                     const std::optional<std::string_view>& octets);
  void fetch_binary_size(const Section& section, std::uint64_t octets);
  void end_fetch();

  void quota(const QuotaResponse& response);
  void quota_root(const QuotaRootResponse& response);

  void write(const Response& response);

 private:
  void item(std::string_view name);
  void number64(std::uint64_t number);

  std::string& out_;
  Utf8 utf8_;
  bool first_ = true;             // nothing stands within the parentheses yet
  std::string_view after_flags_;  // what follows their ")"
};

// Without the parentheses' neighbours: "(...)" at the end of `out`.
void append_envelope(std::string& out, const Envelope& envelope, Utf8 utf8 = Utf8::No);
void append_body(std::string& out, const BodyStructure& structure, bool extended,
                 Utf8 utf8 = Utf8::No);
// What stands between the brackets.
std::string format_code(const ResponseCode& code);

// With CRLF.
std::string write_response(const Response& response, Utf8 utf8 = Utf8::No);

}  // namespace mailscope::imap
