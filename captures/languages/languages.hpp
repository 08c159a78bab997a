// The protocols that MailScope knows, by number, name and port: the one place of registration.
//
// A number (trace::Protocol) is the place of registration, from 1; 0 is a protocol that is not
// known. Registered descriptions live as long as the program.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "captures/languages/language.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::languages {

// For tests, and for what a description's own engines are about. Nobody else names a protocol.
inline constexpr trace::Protocol kUnknown{0};
inline constexpr trace::Protocol kSmtp{1}, kPop3{2}, kImap{3}, kDns{4}, kHttp{5}, kTls{6};

const Language& smtp_language();
const Language& pop3_language();
const Language& imap_language();
const Language& dns_language();
const Language& http_language();
const Language& tls_language();

// All of them in the order of registration.
std::span<const Language* const> all();
trace::Protocol protocol_at(std::size_t place);  // the number of all()[place]
// One more, to the end of the program: for a test's own protocol. kUnknown when
// there are 32 already. Not while another thread asks.
trace::Protocol add(const Language& language);

// A description without a word for what is not known.
const Language& of(trace::Protocol protocol);
const Language& of(const trace::Trace& trace, const trace::Pdu& pdu);
std::string_view name(trace::Protocol protocol);   // "smtp", "unknown"
std::string_view title(trace::Protocol protocol);  // "SMTP"; "TCP" for what is not known

// The agents that speak it with each other; those of the first language for what is not known.
struct Speakers {
  trace::AgentKind client, server;
};
Speakers speakers(trace::Protocol protocol);

// What a server's port stands for.
struct Service {
  trace::Protocol protocol = kUnknown;
  bool tls = false;
};
Service service_at(std::uint16_t port);
std::string_view service_name(std::uint16_t port);  // IANA's: "submission", "" for none
// The language of datagrams at either of two ports; kUnknown for none.
trace::Protocol datagrams_at(std::uint16_t source_port, std::uint16_t destination_port);
// The first that agents of this kind speak; kUnknown for none.
trace::Protocol spoken_by(trace::AgentKind kind);

// Every kind of finding there is, sorted by code.
std::vector<trace::FindingKind> finding_kinds();
// Null when there is none of this code.
const trace::FindingKind* find_finding_kind(std::string_view code);

// A verb of any language that talks over a connection, in any case.
bool is_verb(std::string_view word);
// "250" and "25x" (x or y: any digit) fit reply codes in digits, "+OK" and "NXDOMAIN" those in
// letters, in any case.
bool code_fits(const Language& language, std::uint16_t code, std::string_view wanted);

}  // namespace mailscope::languages
