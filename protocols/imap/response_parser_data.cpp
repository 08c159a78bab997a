// What a server tells of mailboxes, and the answers of SEARCH and its like; response codes.
#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/response_grammar.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::imap::grammar {
namespace {

constexpr std::size_t kListDepthMax = 100;

bool is_word_octet(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '(' && c != ')' && c != '"' && c != 0x7f;
}

// "(" [item *(SP item)] ")", spaces before the ")" passed over.
template <typename Item>
bool loose_list(Scanner& in, const Item& item) {
  if (!in.expect('(')) return false;
  for (;;) {
    in.take_spaces();
    if (in.take(')')) return true;
    if (!item()) return false;
    if (in.peek() != ' ' && in.peek() != ')') return in.fail("a space or \")\"");
  }
}

bool mailbox_name(Scanner& in, MailboxName& mailbox) {
  std::optional<MailboxName> name;
  if (!in.mailbox(name)) return false;
  mailbox = std::move(*name);
  return true;
}

// (DQUOTE QUOTED-CHAR DQUOTE / nil)
bool delimiter(Scanner& in, std::optional<char>& delimiter) {
  std::optional<std::string> text;
  if (!in.nstring(text)) return false;
  if (text && text->size() == 1) delimiter = text->front();
  return true;
}

// mbox-list-extended-item = mbox-list-extended-item-tag SP tagged-ext-val   (RFC 9051 §9)
// CHILDINFO (RFC 5258 §3.5), OLDNAME (RFC 9051 §6.3.9.7)
bool list_extended_item(Scanner& in, ListResponse& response) {
  std::string tag;
  if (!in.astring(tag) || !in.space()) return false;
  if (equal_no_case(tag, "CHILDINFO"))
    return loose_list(in, [&] { return in.astring(response.child_info.emplace_back()); });
  if (equal_no_case(tag, "OLDNAME"))
    return in.expect('(') && in.mailbox(response.old_name) && in.expect(')');
  return skip_value(in);
}

// namespace-descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) [extensions] ")"
bool namespace_description(Scanner& in, NamespaceDescription& description) {
  if (!in.expect('(') || !in.string(description.prefix) || !in.space() ||
      !delimiter(in, description.delimiter))
    return false;
  if (in.utf8() == Utf8::No)
    if (std::optional<std::string> decoded = decode_modified_utf7(description.prefix))
      description.prefix = std::move(*decoded);
  while (in.peek() == ' ')
    if (!in.space() || !skip_value(in)) return false;
  return in.expect(')');
}

// namespace = nil / "(" 1*namespace-descr ")"
bool namespaces(Scanner& in, std::vector<NamespaceDescription>& descriptions) {
  if (!in.space()) return false;
  if (in.take_word("NIL")) return true;
  if (!in.expect('(')) return false;
  do
    if (!namespace_description(in, descriptions.emplace_back())) return false;
  while (in.peek() == '(');
  return in.expect(')');
}

// status-att-val                                  (RFC 9051 §9, RFC 7889 §5)
bool status_value(Scanner& in, StatusValues& values) {
  const std::string_view word = in.run(is_atom_char);
  const std::optional<StatusItem> item = parse_status_item(word);
  if (word.empty()) return in.fail("a status item");
  if (!in.space()) return false;
  if (!item) return skip_value(in);
  if (*item == StatusItem::AppendLimit && in.take_word("NIL")) return values.no_append_limit = true;
  return in.number64(values[*item].emplace());
}

// search-sort-mod-seq = "(" "MODSEQ" SP mod-sequence-value ")"   (RFC 7162 §7)
bool sort_modseq(Scanner& in, std::optional<ModSeq>& modseq) {
  if (!in.expect('(') || !in.take_word("MODSEQ")) return in.fail("MODSEQ");
  return in.space() && in.number64(modseq.emplace()) && in.expect(')');
}

// search-return-data                              (RFC 9051 §9, RFC 4731 §4)
bool search_data(Scanner& in, EsearchResponse& response) {
  if (in.take_word("UID")) return response.uid = true;
  const auto number = [&](std::optional<std::uint32_t>& to) {
    return in.space() && in.number(to.emplace());
  };
  if (in.take_word("MIN")) return number(response.min);
  if (in.take_word("MAX")) return number(response.max);
  if (in.take_word("COUNT")) return number(response.count);
  if (in.take_word("ALL")) return in.space() && sequence_set(in, response.all.emplace());
  if (in.take_word("MODSEQ")) return in.space() && in.number64(response.modseq.emplace());
  if (in.run(is_atom_char).empty()) return in.fail("a word of ESEARCH");
  return in.space() && skip_value(in);
}

bool nz_numbers_and_modseq(Scanner& in, NumbersResponse& response) {
  while (in.take_spaces()) {
    if (in.at_end()) return true;
    if (in.peek() == '(') return sort_modseq(in, response.modseq);
    if (!in.number(response.numbers.emplace_back())) return false;
  }
  return true;
}

// quota-resource = resource-name SP resource-usage SP resource-limit   (RFC 9208 §7)
bool quota_resource(Scanner& in, QuotaResource& resource) {
  return in.astring(resource.name, "a resource") && in.space() && in.number64(resource.usage) &&
         in.space() && in.number64(resource.limit);
}

// ---- response codes ----------------------------------------------------------------------------

using CodeKind = ResponseCode::Kind;

CodeKind code_kind(std::string_view word) {
  for (std::size_t i = 0; i + 1 < kResponseCodes; ++i)
    if (equal_no_case(word, name(static_cast<CodeKind>(i)))) return static_cast<CodeKind>(i);
  return CodeKind::Other;
}

bool uid_sequence(Scanner& in, UidSequence& uids) {
  std::string_view text;
  if (!in.space() || !in.sequence_set_text(text)) return false;
  const std::optional<UidSequence> parsed = parse_uid_sequence(text);
  if (!parsed) return in.fail("a set of UIDs");
  uids = *parsed;
  return true;
}

// "BADCHARSET" [SP "(" charset *(SP charset) ")"]
bool charsets(Scanner& in, std::vector<std::string>& words) {
  if (in.at_end()) return true;
  return in.space() && list(in, false, [&] { return in.astring(words.emplace_back()); });
}

// resp-code-copy = "COPYUID" SP nz-number SP uid-set SP uid-set; resp-code-apnd = "APPENDUID" SP
// nz-number SP append-uid                         (RFC 4315 §4)
bool uid_code(Scanner& in, CodeKind kind, ResponseCode& code) {
  std::uint32_t uid_validity = 0;
  if (!in.space() || !in.nz_number(uid_validity)) return false;
  if (kind == CodeKind::AppendUid) {
    AppendUid& append = code.data.emplace<AppendUid>();
    append.uid_validity = uid_validity;
    return uid_sequence(in, append.uids);
  }
  CopyUid& copy = code.data.emplace<CopyUid>();
  copy.uid_validity = uid_validity;
  return uid_sequence(in, copy.source) && uid_sequence(in, copy.destination);
}

bool code_data(Scanner& in, CodeKind kind, ResponseCode& code) {
  switch (kind) {
    case CodeKind::HighestModSeq:
    case CodeKind::UidNext:
    case CodeKind::UidValidity:
    case CodeKind::Unseen:
      return in.space() && in.number64(code.data.emplace<std::uint64_t>());
    case CodeKind::Modified:
      return in.space() && sequence_set(in, code.data.emplace<SequenceSet>());
    case CodeKind::PermanentFlags:
      return in.space() && any_flags(in, code.data.emplace<std::vector<Flag>>());
    case CodeKind::Capability:
      return words(in, code.data.emplace<std::vector<std::string>>());
    case CodeKind::BadCharset:
      return charsets(in, code.data.emplace<std::vector<std::string>>());
    case CodeKind::AppendUid:
    case CodeKind::CopyUid:
      return uid_code(in, kind, code);
    default:
      return kind != CodeKind::Other;
  }
}

}  // namespace

bool skip_value(Scanner& in) {
  std::size_t depth = 0;
  do {
    if (depth > 0) in.take_spaces();
    if (in.take('(')) {
      if (++depth > kListDepthMax) return in.fail("a list less deep");
    } else if (depth > 0 && in.take(')')) {
      --depth;
    } else if (in.at_literal()) {
      std::size_t index = 0;
      if (!in.literal(index)) return false;
    } else if (in.peek() == '"') {
      std::string text;
      if (!in.quoted(text)) return false;
    } else if (in.run(is_word_octet).empty()) {
      return in.fail("a value");
    }
  } while (depth > 0);
  return true;
}

bool any_flags(Scanner& in, std::vector<Flag>& flags) {
  return loose_list(in, [&] {
    const std::string_view word = in.run(is_word_octet);
    if (word.empty()) return in.fail("a flag");
    if (const std::optional<Flag> flag = Flag::parse(word)) flags.push_back(*flag);
    return true;
  });
}

// *(SP word), whatever the words are
bool words(Scanner& in, std::vector<std::string>& words) {
  while (in.take_spaces())
    if (const std::string_view word = in.run([](char c) { return c != ' '; }); !word.empty())
      words.emplace_back(word);
  return true;
}

// mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
//                [SP mbox-list-extended]          (RFC 9051 §9)
bool list_response(Scanner& in, ListResponse& response) {
  const bool attributes = in.space() && loose_list(in, [&] {
                            const std::string_view word = in.run(is_word_octet);
                            if (word.empty()) return in.fail("an attribute");
                            if (const auto attribute = parse_mailbox_attribute(word))
                              response.attributes.insert(*attribute);
                            else
                              response.other_attributes.emplace_back(word);
                            return true;
                          });
  if (!attributes || !in.space() || !delimiter(in, response.delimiter) || !in.space() ||
      !mailbox_name(in, response.mailbox))
    return false;
  in.take_spaces();
  return in.at_end() || loose_list(in, [&] { return list_extended_item(in, response); });
}

// namespace-response = "NAMESPACE" SP namespace SP namespace SP namespace   (RFC 9051 §9)
bool namespace_response(Scanner& in, NamespaceResponse& response) {
  return namespaces(in, response.personal) && namespaces(in, response.others) &&
         namespaces(in, response.shared);
}

// "STATUS" SP mailbox SP "(" [status-att-list] ")"   (RFC 9051 §9)
bool status_data(Scanner& in, StatusDataResponse& response) {
  return in.space() && mailbox_name(in, response.mailbox) && in.space() &&
         loose_list(in, [&] { return status_value(in, response.values); });
}

// "SEARCH" [1*(SP nz-number) SP search-sort-mod-seq]   (RFC 7162 §7); SORT likewise
bool numbers_response(Scanner& in, NumbersResponse& response) {
  return nz_numbers_and_modseq(in, response);
}

// esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)
// search-correlator = SP "(" "TAG" SP tag-string ")"   (RFC 9051 §9)
bool esearch_response(Scanner& in, EsearchResponse& response) {
  while (in.take_spaces() && !in.at_end()) {
    if (!in.take('(')) {
      if (!search_data(in, response)) return false;
      continue;
    }
    if (!in.take_word("TAG")) return in.fail("TAG");
    if (!in.space() || !in.astring(response.tag.emplace()) || !in.expect(')')) return false;
  }
  return !in.failed();
}

// thread-data = "THREAD" [SP 1*thread-list]
// thread-list = "(" (thread-members / thread-nested) ")"
// thread-members = nz-number *(SP nz-number) [SP thread-nested]; thread-nested = 2*thread-list
//                                                 (RFC 5256 §5)
// A thread may be as long as the mailbox: no recursion.
bool thread_response(Scanner& in, ThreadResponse& response) {
  struct Open {
    std::uint32_t last;       // the member that what comes next hangs on
    bool empty = true;        // nothing has come in this list
    bool with_lists = false;  // lists have come: no number may follow
  };
  std::vector<Open> lists;
  const auto add = [&](std::uint32_t number) {
    response.members.push_back({number, lists.back().last});
    lists.back().last = static_cast<std::uint32_t>(response.members.size() - 1);
    lists.back().empty = false;
  };
  for (;;) {
    in.take_spaces();
    if (in.at_end()) return lists.empty() || in.fail("\")\"");
    if (lists.empty() && in.peek() != '(') return in.fail("a thread");
    if (in.take('(')) {
      const std::uint32_t parent = lists.empty() ? ThreadMember::kNoParent : lists.back().last;
      if (!lists.empty()) lists.back().with_lists = true;
      lists.push_back({parent});
      if (in.peek() == '(') add(0);
    } else if (!lists.back().empty && in.take(')')) {
      lists.pop_back();
    } else {
      std::uint32_t number = 0;
      if (lists.back().with_lists) return in.fail("a thread or \")\"");
      if (!in.nz_number(number)) return false;
      add(number);
    }
  }
}

// expunged-resp = "VANISHED" [SP "(EARLIER)"] SP known-uids   (RFC 7162 §7)
bool vanished_response(Scanner& in, VanishedResponse& response) {
  if (!in.space()) return false;
  if (in.take('(')) {
    response.earlier = in.take_word("EARLIER");
    if (!in.expect(')') || !in.space()) return false;
  }
  return known_set(in, response.uids);
}

// quota-response = "QUOTA" SP quota-root-name SP quota-list   (RFC 9208 §7)
bool quota_response(Scanner& in, QuotaResponse& response) {
  return in.space() && in.astring(response.root, "a quota root") && in.space() &&
         loose_list(in, [&] { return quota_resource(in, response.resources.emplace_back()); });
}

// quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)   (RFC 9208 §7)
bool quota_root_response(Scanner& in, QuotaRootResponse& response) {
  if (!in.space() || !mailbox_name(in, response.mailbox)) return false;
  while (in.take_spaces() && !in.at_end())
    if (!in.astring(response.roots.emplace_back(), "a quota root")) return false;
  return true;
}

ResponseCode response_code(std::string_view text) {
  WireText wire;
  wire.text = text;
  Scanner in(wire, Utf8::No, {.extra_spaces = true, .any_octets = true});
  ResponseCode code;
  code.kind = code_kind(in.run([](char c) { return c != ' '; }));
  if (code_data(in, code.kind, code)) {
    in.take_spaces();
    if (in.at_end()) return code;
  }
  return {CodeKind::Other, std::vector<std::string>{std::string(text)}};
}

}  // namespace mailscope::imap::grammar
