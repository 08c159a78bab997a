// FETCH: what a server tells of a message. RFC 9051 §7.5.2, §9; RFC 3501 §9 (RFC822 and its like).
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/response_grammar.hpp"

namespace mailscope::imap::grammar {
namespace {

// nstring / literal8, with the literal that it was.
bool section_octets(Scanner& in, SectionData& data) {
  if (!in.at_literal()) return in.nstring(data.octets);
  std::size_t index = 0;
  if (!in.literal(index)) return false;
  data.literal = index;
  data.octets = std::move(in.literal_at(index).octets);
  return true;
}

// "BODY" section ["<" number ">"] SP nstring / "BINARY" section-binary SP (nstring / literal8)
bool section_data(Scanner& in, FetchItem::Kind kind, FetchResponse& response) {
  SectionData& data = response.sections.emplace_back();
  data.kind = kind;
  if (kind >= FetchItem::Kind::BodySection && !section(in, data.section)) return false;
  if (in.take('<') && (!in.number64(data.origin.emplace()) || !in.expect('>'))) return false;
  return in.space() && section_octets(in, data);
}

// "BINARY.SIZE" section-binary SP number
bool binary_size(Scanner& in, FetchResponse& response) {
  BinarySize& size = response.binary_sizes.emplace_back();
  return section_binary(in, size.section) && in.space() && in.number64(size.octets);
}

// fetch-mod-resp = "MODSEQ" SP "(" permsg-modsequence ")"   (RFC 7162 §7)
bool fetch_modseq(Scanner& in, FetchResponse& response) {
  return in.space() && in.expect('(') && in.number64(response.modseq.emplace()) && in.expect(')');
}

// "INTERNALDATE" SP date-time. One that cannot be read is left out.
bool internal_date(Scanner& in, FetchResponse& response) {
  std::optional<std::string> text;
  if (!in.space() || !in.nstring(text)) return false;
  if (text) response.internal_date = DateTime::parse(*text);
  return true;
}

// An item that is not known: a name, perhaps a section, a value.
bool unknown_item(Scanner& in) {
  const bool named = !in.run([](char c) { return is_atom_char(c) && c != '['; }).empty();
  if (!named) return in.fail("an item of FETCH");
  if (in.take('[')) {
    in.run([](char c) { return c != ']' && c != '\r'; });
    if (!in.expect(']')) return false;
  }
  return in.space() && skip_value(in);
}

bool text_item(Scanner& in, FetchResponse& response) {
  using enum FetchItem::Kind;
  if (in.take_word("RFC822")) return section_data(in, Rfc822, response);
  if (in.take_word("RFC822.HEADER")) return section_data(in, Rfc822Header, response);
  if (in.take_word("RFC822.TEXT")) return section_data(in, Rfc822Text, response);
  if (in.take_word("BINARY.SIZE")) return binary_size(in, response);
  if (in.take_word("BINARY")) return section_data(in, Binary, response);
  if (!in.take_word("BODY")) return unknown_item(in);
  if (in.peek() == '[') return section_data(in, BodySection, response);
  return in.space() && body(in, response.body.emplace(), 0);
}

// msg-att-dynamic / msg-att-static
bool fetch_data(Scanner& in, FetchResponse& response) {
  if (in.take_word("UID")) return in.space() && in.nz_number(response.uid.emplace());
  if (in.take_word("FLAGS")) return in.space() && any_flags(in, response.flags.emplace());
  if (in.take_word("MODSEQ")) return fetch_modseq(in, response);
  if (in.take_word("INTERNALDATE")) return internal_date(in, response);
  if (in.take_word("RFC822.SIZE")) return in.space() && in.number64(response.size.emplace());
  if (in.take_word("ENVELOPE")) return in.space() && envelope(in, response.envelope.emplace());
  if (in.take_word("BODYSTRUCTURE"))
    return in.space() && body(in, response.body_structure.emplace(), 0);
  return text_item(in, response);
}

// address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
bool address(Scanner& in, EnvelopeAddress& address) {
  return in.expect('(') && in.nstring(address.name) && in.space() && in.nstring(address.route) &&
         in.space() && in.nstring(address.mailbox) && in.space() && in.nstring(address.host) &&
         in.expect(')');
}

// env-from = "(" 1*address ")" / nil. Some servers put spaces between addresses.
bool addresses(Scanner& in, EnvelopeAddresses& addresses) {
  if (in.take_word("NIL")) return true;
  if (!in.expect('(')) return false;
  for (;;) {
    in.take_spaces();
    if (in.take(')')) return true;
    if (!address(in, addresses.emplace_back())) return false;
  }
}

// body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
bool parameters(Scanner& in, BodyParameters& parameters) {
  if (in.take_word("NIL")) return true;
  return list(in, true, [&] {
    auto& [attribute, value] = parameters.emplace_back();
    return in.string(attribute) && in.space() && in.string(value);
  });
}

// body-fld-dsp = "(" string SP body-fld-param ")" / nil
bool disposition(Scanner& in, std::optional<BodyDisposition>& disposition) {
  if (in.take_word("NIL")) return true;
  BodyDisposition& read = disposition.emplace();
  return in.expect('(') && in.string(read.type) && in.space() && parameters(in, read.parameters) &&
         in.expect(')');
}

// body-fld-lang = nstring / "(" string *(SP string) ")"
bool language(Scanner& in, std::vector<std::string>& tags) {
  if (in.take_word("NIL")) return true;
  if (in.peek() != '(') return in.string(tags.emplace_back());
  return list(in, true, [&] { return in.string(tags.emplace_back()); });
}

// [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]
bool body_extension(Scanner& in, BodyStructure& structure) {
  if (in.peek() != ' ') return true;
  if (!in.space() || !disposition(in, structure.disposition)) return false;
  structure.extension_fields = 2;
  if (in.peek() != ' ') return true;
  if (!in.space() || !language(in, structure.language)) return false;
  structure.extension_fields = 3;
  if (in.peek() != ' ') return true;
  if (!in.space() || !in.nstring(structure.location)) return false;
  structure.extension_fields = 4;
  while (in.peek() == ' ')
    if (!in.space() || !skip_value(in)) return false;
  return true;
}

// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
bool multipart(Scanner& in, BodyStructure& structure, std::size_t depth) {
  structure.type = "MULTIPART";
  do {
    if (!body(in, structure.parts.emplace_back(), depth)) return false;
    if (in.rest().starts_with(" (")) in.take_spaces();
  } while (in.peek() == '(');
  if (!in.space() || !in.string(structure.subtype)) return false;
  if (in.peek() != ' ') return true;
  if (!in.space() || !parameters(in, structure.parameters)) return false;
  structure.extension_fields = 1;
  return body_extension(in, structure);
}

// body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP body-fld-enc SP body-fld-octets
bool body_fields(Scanner& in, BodyStructure& structure) {
  std::optional<std::string> encoding;  // never NIL, but of some servers
  if (!parameters(in, structure.parameters) || !in.space() || !in.nstring(structure.id) ||
      !in.space() || !in.nstring(structure.description) || !in.space() || !in.nstring(encoding) ||
      !in.space() || !in.number64(structure.octets))
    return false;
  structure.encoding = encoding.value_or("7BIT");
  return true;
}

// body-type-msg: SP envelope SP body SP body-fld-lines
bool message_fields(Scanner& in, BodyStructure& structure, std::size_t depth) {
  return in.space() && envelope(in, structure.envelope.emplace()) && in.space() &&
         body(in, structure.parts.emplace_back(), depth) && in.space() &&
         in.number64(structure.lines.emplace());
}

// body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
// A line count shows itself by its digits, an envelope by its parenthesis.
bool single_part(Scanner& in, BodyStructure& structure, std::size_t depth) {
  if (!in.string(structure.type) || !in.space() || !in.string(structure.subtype) || !in.space() ||
      !body_fields(in, structure))
    return false;
  const std::string_view rest = in.rest();
  if (rest.starts_with(" (")) {
    if (!message_fields(in, structure, depth)) return false;
  } else if (rest.size() > 1 && rest[0] == ' ' && is_digit(rest[1])) {
    if (!in.space() || !in.number64(structure.lines.emplace())) return false;
  }
  if (in.peek() != ' ') return true;
  if (!in.space() || !in.nstring(structure.md5)) return false;
  structure.extension_fields = 1;
  return body_extension(in, structure);
}

}  // namespace

// msg-att = "(" (msg-att-dynamic / msg-att-static) *(SP (msg-att-dynamic / msg-att-static)) ")"
bool fetch_response(Scanner& in, FetchResponse& response) {
  if (!in.space() || !in.expect('(')) return false;
  for (;;) {
    in.take_spaces();
    if (in.take(')')) return true;
    if (!fetch_data(in, response)) return false;
    if (in.peek() != ' ' && in.peek() != ')') return in.fail("a space or \")\"");
  }
}

// envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP
//            env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
bool envelope(Scanner& in, Envelope& envelope) {
  if (!in.expect('(') || !in.nstring(envelope.date) || !in.space() || !in.nstring(envelope.subject))
    return false;
  for (EnvelopeAddresses* field : {&envelope.from, &envelope.sender, &envelope.reply_to,
                                  &envelope.to, &envelope.cc, &envelope.bcc})
    if (!in.space() || !addresses(in, *field)) return false;
  return in.space() && in.nstring(envelope.in_reply_to) && in.space() &&
         in.nstring(envelope.message_id) && in.expect(')');
}

// body = "(" (body-type-1part / body-type-mpart) ")"
bool body(Scanner& in, BodyStructure& structure, std::size_t depth) {
  if (depth == BodyStructure::kDepthMax) return in.fail("a body less deep");
  if (!in.expect('(')) return false;
  const bool in_order = in.peek() == '(' ? multipart(in, structure, depth + 1)
                                         : single_part(in, structure, depth + 1);
  return in_order && in.expect(')');
}

}  // namespace mailscope::imap::grammar
