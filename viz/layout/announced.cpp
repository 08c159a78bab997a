#include "viz/layout/announced.hpp"

#include <algorithm>

#include "captures/observe/masking.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::viz {
namespace {

using trace::Protocol;

struct Extension {
  Protocol protocol;
  std::string_view command, keyword;
};
constexpr Extension kExtensions[] = {
    {Protocol::Smtp, "STARTTLS", "STARTTLS"}, {Protocol::Smtp, "AUTH", "AUTH"},
    {Protocol::Smtp, "BDAT", "CHUNKING"},     {Protocol::Smtp, "ETRN", "ETRN"},
    {Protocol::Pop3, "STLS", "STLS"},         {Protocol::Pop3, "AUTH", "SASL"},
};

bool lists(const Trace& trace, const trace::Pdu& reply) {
  const Protocol protocol = trace.connections[reply.connection].protocol;
  if (reply.kind != trace::PduKind::Reply) return false;
  return protocol == Protocol::Smtp ? reply.answers == static_cast<std::uint8_t>(smtp::Verb::Ehlo)
                                    : reply.answers == static_cast<std::uint8_t>(pop3::Verb::Capa);
}

// "250-AUTH PLAIN" and "AUTH PLAIN" begin with AUTH behind the code.
bool has_keyword(std::string_view line, std::string_view keyword, Protocol protocol) {
  if (protocol == Protocol::Smtp) line.remove_prefix(std::min<std::size_t>(4, line.size()));
  if (!line.starts_with(keyword)) return false;
  return line.size() == keyword.size() || line[keyword.size()] == ' ' ||
         line[keyword.size()] == '\r';
}

}  // namespace

bool is_announced(const TraceIndex& index, Id pdu, std::string_view command) {
  const Trace& trace = index.trace();
  const trace::Connection& connection = trace.connections[trace.pdus[pdu].connection];
  const auto extension = std::ranges::find_if(kExtensions, [&](const Extension& one) {
    return one.protocol == connection.protocol && one.command == command;
  });
  if (extension == std::end(kExtensions)) return true;
  const std::span<const Id> all = index.pdus_of(trace.pdus[pdu].connection);
  for (std::size_t i = index.place_in_connection(pdu) + 1; i-- > 0;) {
    const trace::Pdu& reply = trace.pdus[all[i]];
    if (!lists(trace, reply)) continue;
    const auto lines = observe::display_lines(trace, reply, false, 100, 400);
    return std::ranges::any_of(lines, [&](const std::string& line) {
      return has_keyword(line, extension->keyword, connection.protocol);
    });
  }
  return false;
}

}  // namespace mailscope::viz
