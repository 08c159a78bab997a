#include "captures/observe/stream/identify.hpp"

namespace mailscope::observe {
namespace {

using languages::kUnknown;
using trace::Protocol;
using Kind = FirstWords::Kind;

// Octets of a first line behind which it is judged although it has not ended.
constexpr std::size_t kLineOctetsMax = 256;

// The first language that knows the line decides, unless others may say the same.
FirstWords first_words_in(std::string_view line) {
  FirstWords words{Kind::Other};
  const auto known = languages::all();
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto sound = known[i]->sound_of(line);
    if (!sound) continue;
    const Kind kind = sound->server ? Kind::Server : Kind::Client;
    if (sound->sure && words.perhaps == 0) return {kind, languages::protocol_at(i)};
    if (sound->sure || (words.perhaps != 0 && words.kind != kind)) continue;
    words.kind = kind;
    words.perhaps |= std::uint64_t{1} << (i + 1);
  }
  return words;
}

bool is_mail(Protocol protocol) {
  return languages::of(protocol).card().mail;
}

// With the sides as given.
Identity by_first_words(const Evidence& evidence, const FirstWords& client,
                        const FirstWords& server) {
  const Protocol port = evidence.by_port.protocol;
  if (server.kind == Kind::Server && server.sure != kUnknown)
    return {true, server.sure, false, false};
  // "220 ..." settles it only with the port, or with a client that speaks SMTP.
  if (server.kind == Kind::Server)
    for (const Protocol protocol : {client.kind == Kind::Client ? client.sure : kUnknown, port})
      if (protocol != kUnknown && server.may_be(protocol)) return {true, protocol, false, false};
  if (client.kind != Kind::Client) return {};
  // What a client says in the middle may be a message's text: then it has to fit the port.
  const bool fits = !evidence.midstream || !is_mail(port) || client.sure == port;
  if (client.sure != kUnknown && fits) return {true, client.sure, false, false};
  // Words that several protocols have: the port says which.
  if (port != kUnknown && client.may_be(port) && !evidence.by_port.tls)
    return {true, port, false, false};
  return {};
}

}  // namespace

FirstWords first_words_of(std::string_view octets, bool ended) {
  if (octets.size() >= 3 && octets[0] == 0x16 && octets[1] == 0x03 && octets[2] >= 0 &&
      octets[2] <= 4)
    return {Kind::Tls};
  const std::size_t line_end = octets.find_first_of("\r\n");
  if (line_end != std::string_view::npos) return first_words_in(octets.substr(0, line_end));
  if (octets.empty()) return {Kind::Silent};
  for (const char c : octets)
    if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f)
      return {octets.size() < 3 && !ended ? Kind::Silent : Kind::Other};
  if (!ended && octets.size() < kLineOctetsMax) return {Kind::Silent};
  return first_words_in(octets);
}

Identity identify(const Evidence& evidence) {
  const languages::Service port = evidence.by_port;
  const bool mail_port = is_mail(port.protocol);
  if (evidence.to_server.kind == Kind::Tls || evidence.to_client.kind == Kind::Tls)
    return {true, mail_port ? port.protocol : languages::kTls, true, false};
  if (const Identity found = by_first_words(evidence, evidence.to_server, evidence.to_client);
      found.decided)
    return found;
  if (evidence.may_swap) {
    Identity found = by_first_words(evidence, evidence.to_client, evidence.to_server);
    found.swapped = found.decided;
    if (found.decided) return found;
  }
  const bool both_unknown =
      evidence.to_server.kind == Kind::Other && evidence.to_client.kind == Kind::Other;
  const bool server_hints =
      evidence.to_client.kind == Kind::Server && evidence.to_client.sure == kUnknown;
  const bool may_still_tell = mail_port || server_hints || evidence.to_server.kind != Kind::Other;
  if (!evidence.final && !both_unknown && may_still_tell) return {};
  return {true, port.protocol, port.tls, false};
}

}  // namespace mailscope::observe
