#include "protocols/dns/message.hpp"

#include <ldns/ldns.h>

#include <cassert>
#include <cstdlib>
#include <memory>

#include "protocols/base/ascii.hpp"

namespace mailscope::dns {
namespace {

constexpr std::size_t kNameTextMax = 1023;  // 255 octets, each \DDD
constexpr std::uint32_t kTtlUnstated = 3600;

struct Free {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
  void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
  void operator()(char* text) const { std::free(text); }
  void operator()(std::uint8_t* octets) const { std::free(octets); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// ---- from our values to ldns' -----------------------------------------------------------------

Owned<ldns_rdf> name_field(const std::string& name) {
  ldns_rdf* field = nullptr;
  if (name.size() <= kNameTextMax) ldns_str2rdf_dname(&field, name.c_str());
  return Owned<ldns_rdf>(field);
}

Owned<ldns_rdf> octets_field(ldns_rdf_type type, std::string_view octets) {
  return Owned<ldns_rdf>(ldns_rdf_new_frm_data(type, octets.size(), octets.data()));
}

struct DataWriter {
  ldns_rr* record;

  void push(Owned<ldns_rdf> field) const {
    assert(field);
    if (field) ldns_rr_push_rdf(record, field.release());
  }
  void number16(std::uint16_t value) const {
    push(Owned<ldns_rdf>(ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, value)));
  }
  void number32(ldns_rdf_type type, std::uint32_t value) const {
    push(Owned<ldns_rdf>(ldns_native2rdf_int32(type, value)));
  }

  void operator()(const Raw& raw) const {
    if (!raw.octets.empty()) push(octets_field(LDNS_RDF_TYPE_UNKNOWN, raw.octets));
  }
  void operator()(const IpAddress& address) const {
    const auto* octets = reinterpret_cast<const char*>(address.octets.data());
    push(octets_field(address.v6 ? LDNS_RDF_TYPE_AAAA : LDNS_RDF_TYPE_A,
                      {octets, address.v6 ? std::size_t{16} : 4}));
  }
  void operator()(const Mx& mx) const {
    number16(mx.preference);
    push(name_field(mx.exchange));
  }
  void operator()(const Target& target) const { push(name_field(target.name)); }
  void operator()(const Text& text) const {
    for (const std::string& string : text.strings) {
      assert(string.size() <= 255);
      std::string octets(1, static_cast<char>(string.size()));
      push(octets_field(LDNS_RDF_TYPE_STR, octets + string));
    }
  }
  void operator()(const Soa& soa) const {
    push(name_field(soa.primary));
    push(name_field(soa.mailbox));
    number32(LDNS_RDF_TYPE_INT32, soa.serial);
    for (const std::uint32_t period : {soa.refresh, soa.retry, soa.expire, soa.minimum})
      number32(LDNS_RDF_TYPE_PERIOD, period);
  }
};

Owned<ldns_rr> to_ldns(const std::string& owner, Type type, std::uint16_t record_class) {
  Owned<ldns_rr> record(ldns_rr_new());
  Owned<ldns_rdf> name = name_field(owner);
  assert(name);
  if (!name) name = name_field(".");
  ldns_rr_set_owner(record.get(), name.release());
  ldns_rr_set_type(record.get(), static_cast<ldns_rr_type>(type));
  ldns_rr_set_class(record.get(), static_cast<ldns_rr_class>(record_class));
  return record;
}

void push(ldns_pkt* packet, ldns_pkt_section section, const std::vector<Record>& records) {
  for (const Record& record : records) {
    Owned<ldns_rr> rr = to_ldns(record.name, record.type, record.record_class);
    ldns_rr_set_ttl(rr.get(), record.ttl);
    std::visit(DataWriter{rr.get()}, record.data);
    ldns_pkt_push_rr(packet, section, rr.release());
  }
}

// ---- and back -----------------------------------------------------------------------------------

std::string name_of(const ldns_rdf* field) {
  if (!field) return ".";
  const Owned<char> text(ldns_rdf2str(field));
  std::string name = text ? text.get() : ".";
  if (name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

std::string_view octets_of(const ldns_rdf* field) {
  return {reinterpret_cast<const char*>(ldns_rdf_data(field)), ldns_rdf_size(field)};
}

// Whether the record's data are fields of these types, and no more: records of updates (RFC 2136)
// may have none.
bool has_fields(const ldns_rr* record, std::initializer_list<ldns_rdf_type> types) {
  if (ldns_rr_rd_count(record) != types.size()) return false;
  std::size_t i = 0;
  for (const ldns_rdf_type type : types) {
    const ldns_rdf* field = ldns_rr_rdf(record, i++);
    if (!field || ldns_rdf_get_type(field) != type) return false;
  }
  return true;
}

Raw raw_of(const ldns_rr* record) {
  Raw raw;
  for (std::size_t i = 0; i < ldns_rr_rd_count(record); ++i)
    raw.octets += octets_of(ldns_rr_rdf(record, i));
  return raw;
}

Data text_of(const ldns_rr* record) {
  Text text;
  for (std::size_t i = 0; i < ldns_rr_rd_count(record); ++i) {
    const std::string_view octets = octets_of(ldns_rr_rdf(record, i));
    if (octets.empty()) return raw_of(record);
    text.strings.emplace_back(octets.substr(1));
  }
  return text;
}

Data soa_of(const ldns_rr* record) {
  const auto number = [&](std::size_t i) { return ldns_rdf2native_int32(ldns_rr_rdf(record, i)); };
  return Soa{name_of(ldns_rr_rdf(record, 0)),
             name_of(ldns_rr_rdf(record, 1)),
             number(2),
             number(3),
             number(4),
             number(5),
             number(6)};
}

Data data_of(const ldns_rr* record) {
  switch (static_cast<Type>(ldns_rr_get_type(record))) {
    case Type::A:
      if (!has_fields(record, {LDNS_RDF_TYPE_A})) break;
      {
        const std::uint8_t* octets = ldns_rdf_data(ldns_rr_rdf(record, 0));
        return IpAddress::v4(octets[0], octets[1], octets[2], octets[3]);
      }
    case Type::Aaaa:
      if (!has_fields(record, {LDNS_RDF_TYPE_AAAA})) break;
      return IpAddress::from_v6(ldns_rdf_data(ldns_rr_rdf(record, 0)));
    case Type::Mx:
      if (!has_fields(record, {LDNS_RDF_TYPE_INT16, LDNS_RDF_TYPE_DNAME})) break;
      return Mx{ldns_rdf2native_int16(ldns_rr_rdf(record, 0)), name_of(ldns_rr_rdf(record, 1))};
    case Type::Ns:
    case Type::Cname:
    case Type::Ptr:
      if (!has_fields(record, {LDNS_RDF_TYPE_DNAME})) break;
      return Target{name_of(ldns_rr_rdf(record, 0))};
    case Type::Txt:
      return text_of(record);
    case Type::Soa:
      if (!has_fields(record, {LDNS_RDF_TYPE_DNAME, LDNS_RDF_TYPE_DNAME, LDNS_RDF_TYPE_INT32,
                               LDNS_RDF_TYPE_PERIOD, LDNS_RDF_TYPE_PERIOD, LDNS_RDF_TYPE_PERIOD,
                               LDNS_RDF_TYPE_PERIOD}))
        break;
      return soa_of(record);
    case Type::Any:
      break;
  }
  return raw_of(record);
}

Record record_of(const ldns_rr* record) {
  return {name_of(ldns_rr_owner(record)), static_cast<Type>(ldns_rr_get_type(record)),
          ldns_rr_ttl(record), data_of(record),
          static_cast<std::uint16_t>(ldns_rr_get_class(record))};
}

std::vector<Record> records_of(const ldns_rr_list* list) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(list); ++i)
    records.push_back(record_of(ldns_rr_list_rr(list, i)));
  return records;
}

Message message_of(const ldns_pkt* packet) {
  Message message;
  message.id = ldns_pkt_id(packet);
  message.response = ldns_pkt_qr(packet);
  message.opcode = static_cast<std::uint8_t>(ldns_pkt_get_opcode(packet));
  message.authoritative = ldns_pkt_aa(packet);
  message.truncated = ldns_pkt_tc(packet);
  message.recursion_desired = ldns_pkt_rd(packet);
  message.recursion_available = ldns_pkt_ra(packet);
  message.rcode = static_cast<Rcode>(ldns_pkt_get_rcode(packet));
  message.udp_octets = ldns_pkt_edns_udp_size(packet);
  const ldns_rr_list* questions = ldns_pkt_question(packet);
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(questions); ++i) {
    const ldns_rr* question = ldns_rr_list_rr(questions, i);
    message.questions.push_back({name_of(ldns_rr_owner(question)),
                                 static_cast<Type>(ldns_rr_get_type(question)),
                                 static_cast<std::uint16_t>(ldns_rr_get_class(question))});
  }
  message.answers = records_of(ldns_pkt_answer(packet));
  message.authority = records_of(ldns_pkt_authority(packet));
  message.additional = records_of(ldns_pkt_additional(packet));
  return message;
}

std::string error_text(ldns_status status) {
  const char* text = ldns_get_errorstr_by_id(status);
  return text ? text : "not a DNS message";
}

std::string_view without_last_dot(std::string_view name) {
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  return name;
}

// How many TSIG records a message has, as far as its records are whole. RFC 1035 §4.1.
std::size_t signatures(std::string_view octets) {
  constexpr std::size_t kHeader = 12, kTypeAndClass = 4,
                        kFixed = 10;  // of a record, behind its name
  constexpr std::size_t kTsig = 250;
  const auto number = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(octets[at])) << 8 |
           static_cast<std::uint8_t>(octets[at + 1]);
  };
  if (octets.size() < kHeader) return 0;
  std::size_t at = kHeader, found = 0;
  for (std::size_t left = number(4); left > 0 && at < octets.size(); --left)
    at = behind_name(octets, at).value_or(octets.size()) + kTypeAndClass;
  for (std::size_t left = number(6) + number(8) + number(10); left > 0; --left) {
    at = behind_name(octets, at).value_or(octets.size());
    if (at + kFixed > octets.size()) break;
    if (number(at) == kTsig) ++found;
    at += kFixed + number(at + 8);
  }
  return found;
}

}  // namespace

std::optional<std::size_t> behind_name(std::string_view octets, std::size_t at) {
  constexpr std::uint8_t kKind = 0xc0, kPointer = 0xc0;
  while (at < octets.size()) {
    const auto length = static_cast<std::uint8_t>(octets[at]);
    if ((length & kKind) == kPointer)
      return at + 2 <= octets.size() ? std::optional(at + 2) : std::nullopt;
    if ((length & kKind) != 0) return std::nullopt;
    at += 1 + std::size_t{length};
    if (length == 0) return at;
  }
  return std::nullopt;
}

std::string encode(const Message& message) {
  const Owned<ldns_pkt> packet(ldns_pkt_new());
  ldns_pkt_set_id(packet.get(), message.id);
  ldns_pkt_set_qr(packet.get(), message.response);
  ldns_pkt_set_opcode(packet.get(), static_cast<ldns_pkt_opcode>(message.opcode & 15));
  ldns_pkt_set_aa(packet.get(), message.authoritative);
  ldns_pkt_set_tc(packet.get(), message.truncated);
  ldns_pkt_set_rd(packet.get(), message.recursion_desired);
  ldns_pkt_set_ra(packet.get(), message.recursion_available);
  ldns_pkt_set_rcode(packet.get(), static_cast<std::uint8_t>(message.rcode) & 15);
  if (message.udp_octets > 0) ldns_pkt_set_edns_udp_size(packet.get(), message.udp_octets);
  for (const Question& question : message.questions) {
    Owned<ldns_rr> rr = to_ldns(question.name, question.type, question.record_class);
    ldns_rr_set_question(rr.get(), true);
    ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, rr.release());
  }
  push(packet.get(), LDNS_SECTION_ANSWER, message.answers);
  push(packet.get(), LDNS_SECTION_AUTHORITY, message.authority);
  push(packet.get(), LDNS_SECTION_ADDITIONAL, message.additional);
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  const ldns_status status = ldns_pkt2wire(&octets, packet.get(), &size);
  const Owned<std::uint8_t> owned(octets);
  assert(status == LDNS_STATUS_OK);
  if (status != LDNS_STATUS_OK) return {};
  return {reinterpret_cast<const char*>(octets), size};
}

tl::expected<Message, std::string> decode(std::string_view octets) {
  if (octets.size() > kMessageOctetsMax)
    return tl::unexpected(std::string("longer than a DNS message over UDP may be"));
  if (signatures(octets) > 1)  // ldns 1.8 loses the memory of all but the last
    return tl::unexpected(std::string("has more than one TSIG record"));
  ldns_pkt* packet = nullptr;
  const ldns_status status =
      ldns_wire2pkt(&packet, reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  const Owned<ldns_pkt> owned(packet);
  if (status != LDNS_STATUS_OK || !packet) return tl::unexpected(error_text(status));
  return message_of(packet);
}

std::string name(Type type) {
  const Owned<char> text(ldns_rr_type2str(static_cast<ldns_rr_type>(type)));
  return text ? text.get() : "TYPE" + std::to_string(static_cast<int>(type));
}

std::optional<Type> parse_type(std::string_view text) {
  if (text.size() > 16 || text.find('\0') != std::string_view::npos) return std::nullopt;
  const ldns_rr_type type = ldns_get_rr_type_by_name(std::string(text).c_str());
  if (type == 0) return std::nullopt;
  return static_cast<Type>(type);
}

std::string name(Rcode rcode) {
  constexpr std::string_view kNames[] = {"NOERROR",  "FORMERR", "SERVFAIL",
                                         "NXDOMAIN", "NOTIMP",  "REFUSED"};
  const auto number = static_cast<std::size_t>(rcode);
  return number < std::size(kNames) ? std::string(kNames[number])
                                    : "RCODE" + std::to_string(number);
}

bool equal_names(std::string_view a, std::string_view b) {
  return equal_no_case(without_last_dot(a), without_last_dot(b));
}

bool is_within(std::string_view name, std::string_view domain) {
  name = without_last_dot(name);
  domain = without_last_dot(domain);
  if (domain == "." || equal_no_case(name, domain)) return true;
  return name.size() > domain.size() && name[name.size() - domain.size() - 1] == '.' &&
         equal_no_case(name.substr(name.size() - domain.size()), domain);
}

bool is_name(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return false;
  return name_field(std::string(text)) != nullptr;
}

Record address_record(std::string name, IpAddress address, std::uint32_t ttl) {
  return {std::move(name), address.v6 ? Type::Aaaa : Type::A, ttl, address};
}

Record mx_record(std::string domain, std::uint16_t preference, std::string exchange,
                 std::uint32_t ttl) {
  return {std::move(domain), Type::Mx, ttl, Mx{preference, std::move(exchange)}};
}

Record target_record(std::string name, Type type, std::string target, std::uint32_t ttl) {
  return {std::move(name), type, ttl, Target{std::move(target)}};
}

tl::expected<Record, std::string> parse_record(std::string_view line) {
  if (line.find('\0') != std::string_view::npos || line.find('\n') != std::string_view::npos)
    return tl::unexpected(std::string("a record is one line of text"));
  ldns_rr* record = nullptr;
  const ldns_status status = ldns_rr_new_frm_str(&record, std::string(line).c_str(), kTtlUnstated,
                                                 name_field(".").get(), nullptr);
  const Owned<ldns_rr> owned(record);
  if (status != LDNS_STATUS_OK || !record) return tl::unexpected(error_text(status));
  return record_of(record);
}

}  // namespace mailscope::dns
