#include "protocols/imap/envelope.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/address_list.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::imap {
namespace {

std::string body_without_nul(const mime::Field& field) {
  std::string text = field.body();
  std::replace(text.begin(), text.end(), '\0', '\x80');
  return text;
}

std::optional<std::string> unless_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void append_addresses(EnvelopeAddresses& addresses, const mime::Field& field) {
  for (mime::AddressElement& element : mime::read_address_elements(body_without_nul(field))) {
    EnvelopeAddress& address = addresses.emplace_back();
    switch (element.kind) {
      case mime::AddressElement::Kind::Mailbox:
        address.name = unless_empty(std::move(element.name));
        address.route = unless_empty(std::move(element.route));
        address.mailbox = std::move(element.local_part);
        address.host = std::move(element.domain);
        break;
      case mime::AddressElement::Kind::GroupBegin:
        address.mailbox = std::move(element.name);
        break;
      case mime::AddressElement::Kind::GroupEnd:
        break;
    }
  }
}

struct TextField {
  std::string_view name;
  std::optional<std::string> Envelope::*member;
};
constexpr std::array<TextField, 4> kTextFields = {{{"Date", &Envelope::date},
                                                   {"Subject", &Envelope::subject},
                                                   {"In-Reply-To", &Envelope::in_reply_to},
                                                   {"Message-ID", &Envelope::message_id}}};

struct AddressField {
  std::string_view name;
  EnvelopeAddresses Envelope::*member;
  bool joined;  // several count as one
};
constexpr std::array<AddressField, 6> kAddressFields = {{{"From", &Envelope::from, false},
                                                         {"Sender", &Envelope::sender, false},
                                                         {"Reply-To", &Envelope::reply_to, false},
                                                         {"To", &Envelope::to, true},
                                                         {"Cc", &Envelope::cc, true},
                                                         {"Bcc", &Envelope::bcc, true}}};

}  // namespace

Envelope read_envelope(std::string_view header) {
  Envelope envelope;
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);) {
    for (const TextField& row : kTextFields)
      if (!(envelope.*row.member) && equal_no_case(field.name, row.name))
        envelope.*row.member = body_without_nul(field);
    for (const AddressField& row : kAddressFields)
      if ((row.joined || (envelope.*row.member).empty()) && equal_no_case(field.name, row.name))
        append_addresses(envelope.*row.member, field);
  }
  if (envelope.sender.empty()) envelope.sender = envelope.from;
  if (envelope.reply_to.empty()) envelope.reply_to = envelope.from;
  return envelope;
}

}  // namespace mailscope::imap
