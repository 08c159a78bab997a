// FETCH: what a server tells of a message. RFC 9051 §7.5.2.
#include <algorithm>

#include "protocols/imap/response_writer.hpp"

namespace mailscope::imap {
namespace {

// "(" 1*address ")" / nil
void append_addresses(std::string& out, const EnvelopeAddresses& addresses, Utf8 utf8) {
  if (addresses.empty()) {
    out += "NIL";
    return;
  }
  out += '(';
  for (const EnvelopeAddress& address : addresses) {
    out += '(';
    append_nstring(out, address.name, utf8);
    out += ' ';
    append_nstring(out, address.route, utf8);
    out += ' ';
    append_nstring(out, address.mailbox, utf8);
    out += ' ';
    append_nstring(out, address.host, utf8);
    out += ')';
  }
  out += ')';
}

class BodyWriter {
 public:
  BodyWriter(std::string& out, bool extended, Utf8 utf8)
      : out_(out), extended_(extended), utf8_(utf8) {}

  // body = "(" (body-type-1part / body-type-mpart) ")"
  void body(const BodyStructure& structure) {
    out_ += '(';
    if (structure.is_multipart())
      multipart(structure);
    else
      part(structure);
    out_ += ')';
  }

 private:
  // body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
  void multipart(const BodyStructure& structure) {
    for (const BodyStructure& inner : structure.parts) body(inner);
    out_ += ' ';
    string(structure.subtype);
    if (!extended_ || structure.extension_fields < 1) return;
    out_ += ' ';
    parameters(structure.parameters);
    extension(structure);
  }
  // body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
  void part(const BodyStructure& structure) {
    string(structure.type);
    out_ += ' ';
    string(structure.subtype);
    out_ += ' ';
    parameters(structure.parameters);
    out_ += ' ';
    nstring(structure.id);
    out_ += ' ';
    nstring(structure.description);
    out_ += ' ';
    string(structure.encoding);
    out_ += ' ';
    append_number(out_, structure.octets);
    if (structure.envelope) {
      out_ += ' ';
      append_envelope(out_, *structure.envelope, utf8_);
      out_ += ' ';
      body(structure.parts.front());
    }
    if (structure.lines) {
      out_ += ' ';
      append_number(out_, *structure.lines);
    }
    if (!extended_ || structure.extension_fields < 1) return;
    out_ += ' ';
    nstring(structure.md5);
    extension(structure);
  }
  // [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]]
  void extension(const BodyStructure& structure) {
    if (structure.extension_fields < 2) return;
    out_ += ' ';
    disposition(structure.disposition);
    if (structure.extension_fields < 3) return;
    out_ += ' ';
    language(structure.language);
    if (structure.extension_fields < 4) return;
    out_ += ' ';
    nstring(structure.location);
  }
  // body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
  void parameters(const BodyParameters& parameters) {
    if (parameters.empty()) {
      out_ += "NIL";
      return;
    }
    char before = '(';
    for (const auto& [attribute, value] : parameters) {
      out_ += before;
      string(attribute);
      out_ += ' ';
      string(value);
      before = ' ';
    }
    out_ += ')';
  }
  // body-fld-dsp = "(" string SP body-fld-param ")" / nil
  void disposition(const std::optional<BodyDisposition>& disposition) {
    if (!disposition) {
      out_ += "NIL";
      return;
    }
    out_ += '(';
    string(disposition->type);
    out_ += ' ';
    parameters(disposition->parameters);
    out_ += ')';
  }
  // body-fld-lang = nstring / "(" string *(SP string) ")"
  void language(const std::vector<std::string>& tags) {
    if (tags.empty()) {
      out_ += "NIL";
      return;
    }
    char before = '(';
    for (const std::string& tag : tags) {
      out_ += before;
      string(tag);
      before = ' ';
    }
    out_ += ')';
  }
  void string(std::string_view text) { append_string(out_, text, utf8_); }
  void nstring(const std::optional<std::string>& text) { append_nstring(out_, text, utf8_); }

  std::string& out_;
  bool extended_;
  Utf8 utf8_;
};

}  // namespace

// envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP
//            env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
void append_envelope(std::string& out, const Envelope& envelope, Utf8 utf8) {
  out += '(';
  append_nstring(out, envelope.date, utf8);
  out += ' ';
  append_nstring(out, envelope.subject, utf8);
  for (const EnvelopeAddresses* addresses : {&envelope.from, &envelope.sender, &envelope.reply_to,
                                             &envelope.to, &envelope.cc, &envelope.bcc}) {
    out += ' ';
    append_addresses(out, *addresses, utf8);
  }
  out += ' ';
  append_nstring(out, envelope.in_reply_to, utf8);
  out += ' ';
  append_nstring(out, envelope.message_id, utf8);
  out += ')';
}

void append_body(std::string& out, const BodyStructure& structure, bool extended, Utf8 utf8) {
  BodyWriter(out, extended, utf8).body(structure);
}

void ResponseWriter::begin_fetch(std::uint32_t number) {
  out_ += "* ";
  append_number(out_, number);
  out_ += " FETCH (";
  first_ = true;
}

void ResponseWriter::end_fetch() {
  out_ += ")\r\n";
}

// The item's name, and a space behind it and the items before.
void ResponseWriter::item(std::string_view name) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name;
  out_ += ' ';
}

void ResponseWriter::fetch_uid(std::uint32_t uid) {
  item("UID");
  append_number(out_, uid);
}

void ResponseWriter::fetch_modseq(ModSeq modseq) {
  item("MODSEQ");
  out_ += '(';
  append_number(out_, modseq);
  out_ += ')';
}

void ResponseWriter::fetch_size(std::uint64_t octets) {
  item("RFC822.SIZE");
  append_number(out_, octets);
}

void ResponseWriter::fetch_internal_date(DateTime date) {
  item("INTERNALDATE");
  out_ += '"';
  date.append_to(out_);
  out_ += '"';
}

void ResponseWriter::begin_fetch_flags() {
  item("FLAGS");
  out_ += '(';
  first_ = true;
  after_flags_ = {};
}

void ResponseWriter::fetch_envelope(const Envelope& envelope) {
  item("ENVELOPE");
  append_envelope(out_, envelope, utf8_);
}

void ResponseWriter::fetch_body(const BodyStructure& structure) {
  item("BODY");
  append_body(out_, structure, false, utf8_);
}

void ResponseWriter::fetch_body_structure(const BodyStructure& structure) {
  item("BODYSTRUCTURE");
  append_body(out_, structure, true, utf8_);
}

void ResponseWriter::fetch_item(std::string_view name, std::string_view value) {
  item(name);
  out_ += value;
}

// "BODY" section ["<" number ">"] SP nstring / "BINARY" section-binary SP (nstring / literal8)
void ResponseWriter::fetch_section(FetchItem::Kind kind, const Section& section,
                                   std::optional<std::uint64_t> origin,
                                   const std::optional<std::string_view>& octets) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name(kind);
  if (kind >= FetchItem::Kind::BodySection) section.append_to(out_);
  if (origin) {
    out_ += '<';
    append_number(out_, *origin);
    out_ += '>';
  }
  out_ += ' ';
  if (!octets)
    out_ += "NIL";
  else if (octets->empty())
    out_ += "\"\"";
  else if (kind == FetchItem::Kind::Binary && octets->find('\0') != std::string_view::npos)
    append_literal8(out_, *octets);
  else
    append_literal(out_, *octets);
}

void ResponseWriter::fetch_binary_size(const Section& section, std::uint64_t octets) {
  if (!first_) out_ += ' ';
  first_ = false;
  out_ += name(FetchItem::Kind::BinarySize);
  section.append_to(out_);
  out_ += ' ';
  append_number(out_, octets);
}

}  // namespace mailscope::imap
