// A mail: envelope, header, body, and its way.
#include <fmt/format.h>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

void add_envelope(const trace::Mail& mail, Inspector& out) {
  if (!mail.has_envelope) return;
  Section section{"Envelope", "carries the mail", {}, {}};
  add_fact(section, "from", mail.from.empty() ? "<> (nobody)" : mail.from, true);
  add_fact(section, "to", join(mail.to), true);
  out.sections.push_back(std::move(section));
}

void add_header(const trace::Mail& mail, Inspector& out) {
  Section section{"Header", "for people, not for servers", {}, {}};
  add_fact(section, "From", printable_utf8(mail.header_from));
  add_fact(section, "To", printable_utf8(mail.header_to));
  add_fact(section, "Subject", printable_utf8(mail.subject));
  add_fact(section, "Date", printable_utf8(mail.date));
  add_fact(section, "Message-ID", printable_utf8(mail.message_id), true);
  add_section(out, std::move(section));
}

void add_body(const trace::Mail& mail, Inspector& out) {
  const std::string cut = mail.complete ? "" : ", incomplete";
  Section section{"Body", octets_text(mail.octets) + cut, {}, {}};
  for (const trace::MailPart& part : mail.parts) {
    if (section.facts.size() >= kFactsMax) break;
    std::string value = printable_utf8(part.type);
    for (const std::string* more : {&part.encoding, &part.charset, &part.filename})
      if (!more->empty()) value += " · " + printable_utf8(*more);
    value += " · " + octets_text(part.octets);
    add_fact(section, "part " + part.path, value);
  }
  out.sections.push_back(std::move(section));
}

// Hop by hop.
void add_way(const TraceIndex& index, Id id, Inspector& out) {
  Section section{"Its way", "", {}, {}};
  for (const Id hop : index.journey(id)) {
    if (section.facts.size() >= kFactsMax) break;
    const trace::Mail& mail = index.trace().mails[hop];
    const trace::Connection& connection = index.trace().connections[mail.connection];
    const bool pulled = languages::of(mail.protocol).card().pulls;
    Fact fact;
    fact.label = clock_text(mail.at);
    fact.value = fmt::format("{} → {} · {}",
                             index.endpoint_name(pulled ? connection.server : connection.client),
                             index.endpoint_name(pulled ? connection.client : connection.server),
                             languages::title(mail.protocol));
    fact.role = hop == id ? Role::Accent : Role::Text;
    if (mail.data != kNone) fact.leads_to = {Selected::Pdu, mail.data};
    section.facts.push_back(std::move(fact));
  }
  if (section.facts.size() > 1) out.sections.push_back(std::move(section));
}

}  // namespace

void add_mail(const TraceIndex& index, Id id, Inspector& out) {
  const trace::Mail& mail = index.trace().mails[id];
  add_envelope(mail, out);
  add_header(mail, out);
  add_body(mail, out);
  add_way(index, id, out);
}

Inspector inspect_mail(const TraceIndex& index, Id id) {
  const trace::Mail& mail = index.trace().mails[id];
  Inspector out;
  out.chips.push_back({"mail", role_of(mail.protocol), true});
  out.title = mail.subject.empty() ? "a message" : printable_utf8(mail.subject);
  add_mail(index, id, out);
  return out;
}

void add_letters(const TraceIndex& index, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"Messages", "a click opens one", {}, {}};
  for (Id id = 0; id < trace.mails.size() && section.facts.size() < kFactsMax; ++id) {
    const trace::Mail& mail = trace.mails[id];
    const trace::Connection& connection = trace.connections[mail.connection];
    Fact fact;
    fact.label = std::to_string(id + 1);
    fact.value = fmt::format(
        "{}, {}, {} → {}", mail.subject.empty() ? "a message" : printable_utf8(mail.subject),
        languages::title(mail.protocol), index.endpoint_name(connection.client),
        index.endpoint_name(connection.server));
    fact.leads_to = {Selected::Mail, id};
    section.facts.push_back(std::move(fact));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

}  // namespace mailscope::viz
