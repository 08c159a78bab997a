// DNS messages as values: questions and resource records, and their octets in a UDP datagram. RFC
// 1034, RFC 1035 §3 and §4; AAAA: RFC 3596; MX: RFC 5321 §5.1, null MX: RFC 7505.
//
// Names are text without the dot at the end ("mail.beta.example"); the root is ".". A dot or a
// backslash within a label is written `\.` and `\\`, an octet that is not printable `\DDD`. Case is
// kept and does not count (equal_names). TTLs are seconds.
//
// decode() takes any octets, of kMessageOctetsMax at most (so that many pointers to long chains of
// compressed names stay cheap), and says in one line what is wrong with them. encode() compresses
// names and asserts that names and counts fit. Octets behind the last record are passed over.
//
// The coding itself is ldns' work. Left out: DNSSEC (its records are Raw), EDNS options (RFC 6891;
// the size that the sender can take is kept), messages over TCP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "protocols/base/address.hpp"

namespace mailscope::dns {

inline constexpr std::uint16_t kPort = 53;
inline constexpr std::size_t kUdpOctetsMax = 512;  // RFC 1035 §4.2.1
inline constexpr std::size_t kMessageOctetsMax =
    4096;  // RFC 6891 §6.2.5: what is asked for at most

// RFC 1035 §3.2.2, §3.2.3; any other number may occur.
enum class Type : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  Any = 255,
};
std::string name(Type type);  // "MX"; "TYPE4711" for one without a name (RFC 3597 §5)
std::optional<Type> parse_type(std::string_view text);  // in any case

// RFC 1035 §4.1.1; any other number may occur.
enum class Rcode : std::uint8_t { NoError, FormErr, ServFail, NxDomain, NotImp, Refused };
std::string name(Rcode rcode);  // "NOERROR", "NXDOMAIN"; "RCODE9"

inline constexpr std::uint16_t kClassIn = 1;

struct Question {
  std::string name;
  Type type = Type::A;
  std::uint16_t record_class = kClassIn;

  friend bool operator==(const Question&, const Question&) = default;
};

struct Mx {
  std::uint16_t preference = 0;  // the lowest is tried first
  std::string exchange;          // "." : the domain takes no mail (RFC 7505)

  friend bool operator==(const Mx&, const Mx&) = default;
};
// Of NS, CNAME and PTR.
struct Target {
  std::string name;

  friend bool operator==(const Target&, const Target&) = default;
};
struct Text {
  std::vector<std::string> strings;  // of 255 octets at most each

  friend bool operator==(const Text&, const Text&) = default;
};
struct Soa {
  std::string primary;  // name server
  std::string mailbox;  // the first dot stands for an @
  std::uint32_t serial = 1;
  std::uint32_t refresh = 3600, retry = 600, expire = 86'400;
  std::uint32_t minimum = 300;  // how long "there is none" may be remembered (RFC 2308 §4)

  friend bool operator==(const Soa&, const Soa&) = default;
};
// Data of a type that is not read here.
struct Raw {
  std::string octets;

  friend bool operator==(const Raw&, const Raw&) = default;
};
using Data = std::variant<Raw, IpAddress, Mx, Target, Text, Soa>;  // IpAddress: A and AAAA

struct Record {
  std::string name;
  Type type = Type::A;
  std::uint32_t ttl = 3600;
  Data data;
  std::uint16_t record_class = kClassIn;

  friend bool operator==(const Record&, const Record&) = default;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false;             // QR
  std::uint8_t opcode = 0;           // 0: a query
  bool authoritative = false;        // AA
  bool truncated = false;            // TC
  bool recursion_desired = false;    // RD
  bool recursion_available = false;  // RA
  Rcode rcode = Rcode::NoError;
  std::uint16_t udp_octets = 0;  // what the sender can take (EDNS, RFC 6891); 0: not said
  std::vector<Question> questions;
  std::vector<Record> answers, authority, additional;

  friend bool operator==(const Message&, const Message&) = default;
};

std::string encode(const Message& message);
tl::expected<Message, std::string> decode(std::string_view octets);

// ---- names ----
// Where the name ends that begins at offset `at` of a message: behind a pointer or the root.
// Nothing where it does not end within the octets. RFC 1035 §4.1.4.
std::optional<std::size_t> behind_name(std::string_view octets, std::size_t at);
bool equal_names(std::string_view a, std::string_view b);
// `name` is `domain` or below it.
bool is_within(std::string_view name, std::string_view domain);
// Labels of 1 to 63 octets, 255 octets in all (RFC 1035 §2.3.4). A dot at the end is allowed.
bool is_name(std::string_view text);

// ---- records, made easily ----
Record address_record(std::string name, IpAddress address, std::uint32_t ttl = 3600);
Record mx_record(std::string domain, std::uint16_t preference, std::string exchange,
                 std::uint32_t ttl = 3600);
Record target_record(std::string name, Type type, std::string target, std::uint32_t ttl = 3600);
// From a zone file's line (RFC 1035 §5.1), each on its own: "beta.example 3600 IN MX 10
// mail.beta.example"; TTL and class may be missing, names are complete without a dot at the end.
tl::expected<Record, std::string> parse_record(std::string_view line);

// ---- for people ----
std::string text(const Question& question);   // "MX beta.example"
std::string text(const Record& record);       // "beta.example 3600 MX 10 mail.beta.example"
std::string data_text(const Record& record);  // "10 mail.beta.example"
// A line for each answer, or what the answer is without any. Its own name and type stand in front
// of a record that is not of the type asked for: "www.beta.example CNAME mail.beta.example".
std::string text_of_answers(const Message& message);
// The same with the type in front of every line: "MX 10 mail.beta.example", "NXDOMAIN no such
// name".
std::vector<std::string> lines_of_answers(const Message& message);
std::string words(const Question& question);  // "who takes mail for beta.example?"
// "mail.beta.example, preference 10", "mail.beta.example has 10.0.2.25"
std::string words(const Record& record);
// "mail.beta.example, preference 10; mail2.beta.example, preference 20", "there is no such name".
std::string words_of_answers(const Message& message);

}  // namespace mailscope::dns
