#include "protocols/imap/response_writer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mailscope::imap {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// "* 12 EXISTS"
void append_count(std::string& out, std::uint32_t number, std::string_view word) {
  out += "* ";
  append_number(out, number);
  out += word;
  out += kLineEnd;
}

// DQUOTE QUOTED-CHAR DQUOTE / nil
void append_delimiter(std::string& out, std::optional<char> delimiter) {
  if (delimiter)
    append_quoted(out, std::string_view(&*delimiter, 1));
  else
    out += "NIL";
}

// namespace = nil / "(" 1*namespace-descr ")"    (RFC 2342 §6)
void append_namespace(std::string& out, std::span<const NamespaceDescription> descriptions,
                      Utf8 utf8) {
  if (descriptions.empty()) {
    out += "NIL";
    return;
  }
  out += '(';
  for (const NamespaceDescription& description : descriptions) {
    out += '(';
    append_string(out,
                  utf8 == Utf8::Yes ? description.prefix : encode_modified_utf7(description.prefix),
                  utf8);
    out += ' ';
    append_delimiter(out, description.delimiter);
    out += ')';
  }
  out += ')';
}

// ("CHILDINFO" ("SUBSCRIBED") "OLDNAME" (name))  (RFC 5258 §6, RFC 9051 §9)
void append_extended(std::string& out, const ListResponse& response, Utf8 utf8) {
  out += " (";
  if (!response.child_info.empty()) {
    out += "\"CHILDINFO\" (";
    for (std::size_t i = 0; i < response.child_info.size(); ++i) {
      if (i > 0) out += ' ';
      append_quoted(out, response.child_info[i]);
    }
    out += response.old_name ? ") " : ")";
  }
  if (response.old_name) {
    out += "\"OLDNAME\" (";
    append_mailbox(out, response.old_name->utf8(), utf8);
    out += ')';
  }
  out += ')';
}

// The threads as trees: of each member its first child and its next sibling, by index.
struct ThreadLinks {
  static constexpr std::uint32_t kNone = ThreadMember::kNoParent;
  std::vector<std::uint32_t> child, sibling, roots;

  explicit ThreadLinks(std::span<const ThreadMember> members)
      : child(members.size(), kNone), sibling(members.size(), kNone) {
    for (std::size_t i = members.size(); i-- > 0;) {
      const auto index = static_cast<std::uint32_t>(i);
      const std::uint32_t parent = members[i].parent;
      if (parent == ThreadMember::kNoParent) {
        roots.push_back(index);
        continue;
      }
      sibling[i] = child[parent];
      child[parent] = index;
    }
  }
};

// thread-list = "(" (thread-members / thread-nested) ")"   (RFC 5256 §5)
// A thread may be as long as the mailbox: no recursion.
void append_threads(std::string& out, std::span<const ThreadMember> members) {
  ThreadLinks links(members);
  constexpr std::uint32_t kClose = ThreadLinks::kNone;
  std::vector<std::uint32_t> to_do = std::move(links.roots);  // the last first
  while (!to_do.empty()) {
    std::uint32_t at = to_do.back();
    to_do.pop_back();
    if (at == kClose) {
      out += ')';
      continue;
    }
    out += '(';
    to_do.push_back(kClose);
    for (;;) {
      const std::uint32_t number = members[at].number;
      if (number != 0) append_number(out, number);
      const std::uint32_t child = links.child[at];
      if (child == ThreadLinks::kNone) break;
      if (number != 0) out += ' ';
      at = child;
      if (links.sibling[child] == ThreadLinks::kNone) continue;
      const std::size_t first = to_do.size();
      for (; at != ThreadLinks::kNone; at = links.sibling[at]) to_do.push_back(at);
      std::reverse(to_do.begin() + static_cast<std::ptrdiff_t>(first), to_do.end());
      break;
    }
  }
}

}  // namespace

void ResponseWriter::status(std::string_view tag, Status status, std::string_view code,
                            std::string_view text) {
  out_ += tag.empty() ? std::string_view("*") : tag;
  out_ += ' ';
  out_ += name(status);
  out_ += ' ';
  if (!code.empty()) {
    out_ += '[';
    out_ += code;
    out_ += "] ";
  }
  out_ += text;
  out_ += kLineEnd;
}

void ResponseWriter::status(const StatusResponse& response) {
  status(response.tag, response.status, response.code ? format_code(*response.code) : std::string(),
         response.text);
}

void ResponseWriter::continuation(std::string_view text) {
  out_ += "+ ";
  out_ += text;
  out_ += kLineEnd;
}

void ResponseWriter::capability(std::span<const std::string_view> words) {
  out_ += "* CAPABILITY";
  for (const std::string_view word : words) (out_ += ' ') += word;
  out_ += kLineEnd;
}

void ResponseWriter::enabled(std::span<const std::string_view> words) {
  out_ += "* ENABLED";
  for (const std::string_view word : words) (out_ += ' ') += word;
  out_ += kLineEnd;
}

void ResponseWriter::id(const std::optional<IdFields>& fields) {
  out_ += "* ID ";
  if (!fields) {
    (out_ += "NIL") += kLineEnd;
    return;
  }
  out_ += '(';
  bool first = true;
  for (const auto& [field, value] : *fields) {
    if (!first) out_ += ' ';
    first = false;
    append_string(out_, field, utf8_);
    out_ += ' ';
    append_nstring(out_, value, utf8_);
  }
  (out_ += ')') += kLineEnd;
}

void ResponseWriter::exists(std::uint32_t count) {
  append_count(out_, count, " EXISTS");
}
void ResponseWriter::recent(std::uint32_t count) {
  append_count(out_, count, " RECENT");
}
void ResponseWriter::expunge(std::uint32_t number) {
  append_count(out_, number, " EXPUNGE");
}

void ResponseWriter::vanished(bool earlier, const SequenceSet& uids) {
  out_ += earlier ? "* VANISHED (EARLIER) " : "* VANISHED ";
  uids.append_to(out_);
  out_ += kLineEnd;
}

void ResponseWriter::begin_flags() {
  out_ += "* FLAGS (";
  first_ = true;
  after_flags_ = kLineEnd;
}

void ResponseWriter::begin_permanent_flags() {
  out_ += "* OK [PERMANENTFLAGS (";
  first_ = true;
  after_flags_ = "] Flags that are kept\r\n";
}

void ResponseWriter::flag(std::string_view name) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name;
}

void ResponseWriter::end_flags() {
  out_ += ')';
  out_ += after_flags_;
  first_ = false;  // of a FETCH: its next item comes behind
}

void ResponseWriter::list(const ListResponse& response) {
  out_ += response.lsub ? "* LSUB (" : "* LIST (";
  first_ = true;
  for (std::size_t i = 0; i < kMailboxAttributes; ++i)
    if (const auto attribute = static_cast<MailboxAttribute>(i);
        response.attributes.contains(attribute))
      flag(name(attribute));
  for (const std::string& attribute : response.other_attributes) flag(attribute);
  out_ += ") ";
  append_delimiter(out_, response.delimiter);
  out_ += ' ';
  append_mailbox(out_, response.mailbox.utf8(), utf8_);
  if (!response.child_info.empty() || response.old_name) append_extended(out_, response, utf8_);
  out_ += kLineEnd;
}

void ResponseWriter::namespaces(const NamespaceResponse& response) {
  out_ += "* NAMESPACE ";
  append_namespace(out_, response.personal, utf8_);
  out_ += ' ';
  append_namespace(out_, response.others, utf8_);
  out_ += ' ';
  append_namespace(out_, response.shared, utf8_);
  out_ += kLineEnd;
}

void ResponseWriter::mailbox_status(std::string_view utf8_name, StatusItems items,
                                    const StatusValues& values) {
  out_ += "* STATUS ";
  append_mailbox(out_, utf8_name, utf8_);
  out_ += " (";
  first_ = true;
  for (std::size_t i = 0; i < kStatusItems; ++i) {
    const auto item = static_cast<StatusItem>(i);
    const bool no_limit = item == StatusItem::AppendLimit && values.no_append_limit;
    if (!items.contains(item) || (!values[item] && !no_limit)) continue;
    flag(name(item));
    out_ += ' ';
    if (no_limit)
      out_ += "NIL";
    else
      append_number(out_, *values[item]);
  }
  (out_ += ')') += kLineEnd;
}

void ResponseWriter::begin_search() {
  out_ += "* SEARCH";
}
void ResponseWriter::begin_sort() {
  out_ += "* SORT";
}
void ResponseWriter::number(std::uint32_t number) {
  out_ += ' ';
  append_number(out_, number);
}
void ResponseWriter::end_numbers(std::optional<ModSeq> modseq) {
  if (modseq) {
    out_ += " (MODSEQ ";
    append_number(out_, *modseq);
    out_ += ')';
  }
  out_ += kLineEnd;
}

void ResponseWriter::esearch(const EsearchResponse& response) {
  const auto item = [&](std::string_view word, std::optional<std::uint64_t> number) {
    if (!number) return;
    out_ += word;
    append_number(out_, *number);
  };
  out_ += "* ESEARCH";
  if (response.tag) {
    out_ += " (TAG ";
    append_string(out_, *response.tag, utf8_);
    out_ += ')';
  }
  if (response.uid) out_ += " UID";
  item(" MIN ", response.min);
  item(" MAX ", response.max);
  if (response.all) {
    out_ += " ALL ";
    response.all->append_to(out_);
  }
  item(" COUNT ", response.count);
  item(" MODSEQ ", response.modseq);
  out_ += kLineEnd;
}

void ResponseWriter::thread(std::span<const ThreadMember> members) {
  out_ += "* THREAD";
  if (!members.empty()) out_ += ' ';
  append_threads(out_, members);
  out_ += kLineEnd;
}

void ResponseWriter::quota(const QuotaResponse& response) {
  out_ += "* QUOTA ";
  append_astring(out_, response.root, utf8_);
  out_ += " (";
  first_ = true;
  for (const QuotaResource& resource : response.resources) {
    flag(resource.name);
    number64(resource.usage);
    number64(resource.limit);
  }
  (out_ += ')') += kLineEnd;
}

void ResponseWriter::quota_root(const QuotaRootResponse& response) {
  out_ += "* QUOTAROOT ";
  append_mailbox(out_, response.mailbox.utf8(), utf8_);
  for (const std::string& root : response.roots) {
    out_ += ' ';
    append_astring(out_, root, utf8_);
  }
  out_ += kLineEnd;
}

void ResponseWriter::number64(std::uint64_t number) {
  out_ += ' ';
  append_number(out_, number);
}

// ---- any response -------------------------------------------------------------------------------

namespace {

struct ResponseVisitor {
  ResponseWriter& to;

  void operator()(const StatusResponse& response) const { to.status(response); }
  void operator()(const ContinuationResponse& response) const { to.continuation(response.text); }
  void operator()(const CapabilityResponse& response) const {
    const std::vector<std::string_view> words(response.words.begin(), response.words.end());
    response.enabled ? to.enabled(words) : to.capability(words);
  }
  void operator()(const IdResponse& response) const { to.id(response.fields); }
  void operator()(const FlagsResponse& response) const {
    to.begin_flags();
    for (const Flag& flag : response.flags) to.flag(flag.name());
    to.end_flags();
  }
  void operator()(const ListResponse& response) const { to.list(response); }
  void operator()(const NamespaceResponse& response) const { to.namespaces(response); }
  void operator()(const StatusDataResponse& response) const {
    StatusItems all;
    for (std::size_t i = 0; i < kStatusItems; ++i) all.insert(static_cast<StatusItem>(i));
    to.mailbox_status(response.mailbox.utf8(), all, response.values);
  }
  void operator()(const NumbersResponse& response) const {
    response.sort ? to.begin_sort() : to.begin_search();
    for (const std::uint32_t number : response.numbers) to.number(number);
    to.end_numbers(response.modseq);
  }
  void operator()(const EsearchResponse& response) const { to.esearch(response); }
  void operator()(const ThreadResponse& response) const { to.thread(response.members); }
  void operator()(const CountResponse& response) const {
    using enum CountResponse::Kind;
    if (response.kind == Exists) to.exists(response.number);
    if (response.kind == Recent) to.recent(response.number);
    if (response.kind == Expunge) to.expunge(response.number);
  }
  void operator()(const VanishedResponse& response) const {
    to.vanished(response.earlier, response.uids);
  }
  void operator()(const FetchResponse& response) const {
    to.begin_fetch(response.number);
    if (response.uid) to.fetch_uid(*response.uid);
    if (response.flags) {
      to.begin_fetch_flags();
      for (const Flag& flag : *response.flags) to.flag(flag.name());
      to.end_flags();
    }
    if (response.modseq) to.fetch_modseq(*response.modseq);
    if (response.internal_date) to.fetch_internal_date(*response.internal_date);
    if (response.size) to.fetch_size(*response.size);
    if (response.envelope) to.fetch_envelope(*response.envelope);
    if (response.body) to.fetch_body(*response.body);
    if (response.body_structure) to.fetch_body_structure(*response.body_structure);
    for (const SectionData& data : response.sections)
      to.fetch_section(data.kind, data.section, data.origin, data.octets);
    for (const BinarySize& size : response.binary_sizes)
      to.fetch_binary_size(size.section, size.octets);
    to.end_fetch();
  }
  void operator()(const QuotaResponse& response) const { to.quota(response); }
  void operator()(const QuotaRootResponse& response) const { to.quota_root(response); }
  void operator()(const OtherResponse& response) const {
    ((to.out() += "* ") += response.text) += kLineEnd;
  }
};

}  // namespace

void ResponseWriter::write(const Response& response) {
  std::visit(ResponseVisitor{*this}, response);
}

std::string write_response(const Response& response, Utf8 utf8) {
  std::string out;
  ResponseWriter(out, utf8).write(response);
  return out;
}

}  // namespace mailscope::imap
