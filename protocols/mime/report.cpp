#include "protocols/mime/report.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/parameter.hpp"
#include "protocols/mime/part_reader.hpp"

namespace mailscope::mime {
namespace {

// No header injection: line ends and other control characters become spaces.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    out += octet < 32 || octet == 127 ? ' ' : c;
  }
  return std::string(trim(out));
}

std::string field(std::string_view name, std::string_view body) {
  return body.empty() ? std::string() : fold_field(name, one_line(body));
}

// "rfc822; bob@beta.example"; RFC 6533 §3 for addresses beyond ASCII.
std::string typed(std::string_view address) {
  return (is_ascii(address) ? "rfc822; " : "utf-8; ") + std::string(address);
}

std::string dns(std::string_view name) {
  return name.empty() ? std::string() : "dns; " + std::string(name);
}

std::string_view header_of(std::string_view message) {
  const std::size_t body = body_offset(message);
  return body == std::string_view::npos ? message : message.substr(0, body);
}

std::string status_of(const RecipientStatus& recipient) {
  if (!recipient.status.empty()) return recipient.status;
  if (recipient.action == DeliveryAction::Failed) return "5.0.0";
  return recipient.action == DeliveryAction::Delayed ? "4.0.0" : "2.0.0";
}

std::string recipient_fields(const RecipientStatus& recipient) {
  std::string out = "\r\n";
  out += field("Original-Recipient", recipient.original);
  out += field("Final-Recipient", typed(recipient.recipient));
  out += field("Action", name(recipient.action));
  out += field("Status", status_of(recipient));
  out += field("Remote-MTA", dns(recipient.remote_mta));
  if (!recipient.diagnostic.empty())
    out += field("Diagnostic-Code", "smtp; " + recipient.diagnostic);
  if (recipient.last_attempt)
    out += field("Last-Attempt-Date", format_date(*recipient.last_attempt));
  if (recipient.will_retry_until && recipient.action == DeliveryAction::Delayed)
    out += field("Will-Retry-Until", format_date(*recipient.will_retry_until));
  return out;
}

std::string status_part(const DeliveryReport& report) {
  std::string out = field("Original-Envelope-Id", report.envelope_id);
  out += field("Reporting-MTA", dns(report.reporting_mta));
  out += field("Received-From-MTA", dns(report.received_from));
  if (report.arrival) out += field("Arrival-Date", format_date(*report.arrival));
  for (const RecipientStatus& recipient : report.recipients) out += recipient_fields(recipient);
  return out;
}

std::string_view what_happened(DeliveryAction action) {
  switch (action) {
    case DeliveryAction::Failed:
      return "It could not be delivered to:";
    case DeliveryAction::Delayed:
      return "It is late, and we go on trying. There is nothing for you to do. It has not\r\n"
             "reached yet:";
    case DeliveryAction::Delivered:
      return "It was put into the mailbox of:";
    case DeliveryAction::Relayed:
      return "It was passed on to a host that does not report deliveries, for:";
    case DeliveryAction::Expanded:
      break;
  }
  return "It was sent on to all for whom this address stands:";
}

std::string_view subject_of(DeliveryAction action) {
  switch (action) {
    case DeliveryAction::Failed:
      return "Undeliverable mail";
    case DeliveryAction::Delayed:
      return "Mail is late";
    case DeliveryAction::Delivered:
      return "Mail was delivered";
    case DeliveryAction::Relayed:
      return "Mail was passed on";
    case DeliveryAction::Expanded:
      break;
  }
  return "Mail was sent on";
}

// Failures are told first: they make the report's subject.
std::vector<const RecipientStatus*> by_action(const DeliveryReport& report) {
  std::vector<const RecipientStatus*> list;
  for (const RecipientStatus& recipient : report.recipients) list.push_back(&recipient);
  std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) {
    return static_cast<int>(a->action) < static_cast<int>(b->action);
  });
  return list;
}

std::string text_part(const DeliveryReport& report) {
  std::string out = "This is the mail system at host " + report.reporting_mta +
                    ".\r\n\r\nIt has to tell you about a message that you sent.\r\n";
  const RecipientStatus* before = nullptr;
  for (const RecipientStatus* recipient : by_action(report)) {
    if (!before || before->action != recipient->action) {
      out += "\r\n";
      out += what_happened(recipient->action);
      out += "\r\n";
    }
    before = recipient;
    out += "\r\n  <" + one_line(recipient->recipient) + ">\r\n";
    if (!recipient->words.empty()) out += "    " + one_line(recipient->words) + "\r\n";
    if (!recipient->diagnostic.empty())
      out += "    " +
             (recipient->remote_mta.empty() ? report.reporting_mta : recipient->remote_mta) +
             " said: " + one_line(recipient->diagnostic) + "\r\n";
  }
  return out;
}

std::string choose_boundary(std::string boundary, const std::string& text) {
  while (text.find("--" + boundary) != std::string::npos) boundary += "_";
  return boundary;
}

bool ascii_only(const std::string& text) {
  return is_ascii(text);
}

// A part's header, with the encoding that its octets need.
std::string part(std::string_view type, const std::string& content) {
  std::string out = "Content-Type: " + std::string(type) + "\r\n";
  if (!ascii_only(content)) out += "Content-Transfer-Encoding: 8bit\r\n";
  return out + "\r\n" + content;
}

std::string text_type(const std::string& text) {
  return std::string("text/plain; charset=") + (ascii_only(text) ? "us-ascii" : "utf-8");
}

// The three parts as one body, with the fields that describe it.
std::string multipart(std::string_view report_type, std::string boundary,
                      const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  boundary = choose_boundary(std::move(boundary), all);
  std::string out = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" +
                    std::string(report_type) + ";\r\n\tboundary=\"" + boundary + "\"\r\n";
  if (!ascii_only(all)) out += "Content-Transfer-Encoding: 8bit\r\n";
  out += "\r\n";
  for (const std::string& part : parts) out += "--" + boundary + "\r\n" + part + "\r\n";
  return out + "--" + boundary + "--\r\n";
}

bool needs_utf8(const DeliveryReport& report) {
  return std::any_of(
      report.recipients.begin(), report.recipients.end(),
      [](const RecipientStatus& recipient) { return !is_ascii(recipient.recipient); });
}

// The value behind "rfc822;" or "dns;".
std::string without_type(std::string_view body) {
  const std::size_t semicolon = body.find(';');
  if (semicolon == std::string_view::npos) return std::string(trim(body));
  return std::string(trim(body.substr(semicolon + 1)));
}

std::string first_word(const std::string& text) {
  return text.substr(0, std::min(text.find_first_of(" \t("), text.size()));
}

void read_status(std::string_view content, ReportRead& read) {
  std::string_view rest = content;
  bool first = true;
  while (!rest.empty()) {
    const std::size_t end = std::min(body_offset(rest), rest.size());
    const std::vector<Field> fields = read_fields(rest.substr(0, end));
    rest.remove_prefix(end);
    if (fields.empty()) continue;
    if (std::exchange(first, false)) {
      read.reporter = without_type(field_body(fields, "Reporting-MTA"));
      read.envelope_id = field_body(fields, "Original-Envelope-Id");
      if (!find_field(fields, "Final-Recipient")) continue;  // some leave out the empty line
    }
    ReportRead::Recipient recipient;
    recipient.address = without_type(field_body(fields, "Final-Recipient"));
    recipient.original = without_type(field_body(fields, "Original-Recipient"));
    recipient.action = lower_case(trim(field_body(fields, "Action")));
    recipient.status = first_word(field_body(fields, "Status"));
    recipient.remote_mta = without_type(field_body(fields, "Remote-MTA"));
    recipient.diagnostic = without_type(field_body(fields, "Diagnostic-Code"));
    read.recipients.push_back(std::move(recipient));
  }
}

void read_disposition(std::string_view content, ReportRead& read) {
  const std::vector<Field> fields = read_fields(content);
  read.receipt = true;
  const std::string agent = field_body(fields, "Reporting-UA");
  read.reporter = std::string(trim(std::string_view(agent).substr(0, agent.find(';'))));
  read.original_id = field_body(fields, "Original-Message-ID");
  ReportRead::Recipient recipient;
  recipient.address = without_type(field_body(fields, "Final-Recipient"));
  recipient.original = without_type(field_body(fields, "Original-Recipient"));
  recipient.action =
      lower_case(trim(without_type(field_body(fields, "Disposition"))));
  recipient.action = recipient.action.substr(0, recipient.action.find('/'));
  read.recipients.push_back(std::move(recipient));
}

void read_original(std::string_view content, ReportRead& read) {
  const std::vector<Field> fields = read_fields(header_of(content));
  read.subject = decode_words(field_body(fields, "Subject"));
  if (read.original_id.empty()) read.original_id = field_body(fields, "Message-ID");
}

}  // namespace

std::string_view name(DeliveryAction action) {
  constexpr std::string_view kNames[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
  return kNames[static_cast<std::size_t>(action)];
}

std::string compose(const DeliveryReport& report) {
  const bool utf8 = needs_utf8(report);
  std::string out = "Date: " + format_date(report.date) + "\r\n";
  out += "From: Mail Delivery System <" + one_line(report.from) + ">\r\n";
  out += field("To", report.to);
  const auto* first = by_action(report).front();
  out += field("Subject", subject_of(first->action));
  out += field("Message-ID", report.message_id);
  // RFC 3834 §5: "auto-replied" answers one message; so nobody's program answers it.
  out += "Auto-Submitted: auto-replied\r\n";
  const std::string text = text_part(report);
  const bool full = report.full && first->action == DeliveryAction::Failed;  // RFC 3461 §6.2
  const std::string original(full ? std::string_view(report.original) : header_of(report.original));
  const std::string_view original_type =
      full ? (utf8 ? "message/global" : "message/rfc822")
           : (utf8 ? "message/global-headers" : "text/rfc822-headers");
  return out + multipart("delivery-status", report.boundary,
                         {part(text_type(text), text),
                          part(utf8 ? "message/global-delivery-status" : "message/delivery-status",
                               status_part(report)),
                          part(original_type, original)});
}

std::string compose(const ReadReceipt& receipt) {
  const std::vector<Field> fields = read_fields(header_of(receipt.original));
  const std::string subject = decode_words(field_body(fields, "Subject"));
  std::string out = "Date: " + format_date(receipt.date) + "\r\n";
  out += field("From", format_mailbox(receipt.from));
  out += field("To", receipt.to);
  out += fold_field("Subject", encode_words("Read: " + one_line(subject), 9));
  out += field("Message-ID", receipt.message_id);
  const std::string id = field_body(fields, "Message-ID");
  out += field("In-Reply-To", id) + field("References", id);
  out += receipt.automatic ? "Auto-Submitted: auto-replied\r\n" : "";
  const std::string text = "Your message to " + receipt.recipient + " with the subject \"" +
                           one_line(subject) +
                           "\"\r\nwas shown to its reader. That does not mean that it was "
                           "understood.\r\n";
  std::string status = field("Reporting-UA", receipt.reporting_ua);
  status += field("Original-Recipient", field_body(fields, "Original-Recipient"));
  status += field("Final-Recipient", typed(receipt.recipient));
  status += field("Original-Message-ID", id);
  status +=
      field("Disposition", receipt.automatic ? "manual-action/MDN-sent-automatically; displayed"
                                             : "manual-action/MDN-sent-manually; displayed");
  return out +
         multipart("disposition-notification", receipt.boundary,
                   {part(text_type(text), text), part("message/disposition-notification", status),
                    part("text/rfc822-headers", std::string(header_of(receipt.original)))});
}

std::optional<ReportRead> read_report(std::string_view message) {
  const std::vector<Field> fields = read_fields(header_of(message));
  const std::string stated = field_body(fields, "Content-Type");
  if (read_content_type(stated).value != "multipart/report") return std::nullopt;
  PartReader reader({.open_messages = false});
  reader.receive(message);
  ReportRead read;
  bool known = false;
  std::string content;
  const auto take = [&] {
    while (const PartEvent* event = reader.next_event()) {
      if (event->kind == PartEvent::Kind::Begin) content.clear();
      if (event->kind == PartEvent::Kind::Octets) content += event->octets;
      if (event->kind != PartEvent::Kind::End || event->part->depth != 1) continue;
      const std::string& type = event->part->type;
      known |= type.ends_with("delivery-status") || type == "message/disposition-notification";
      if (type.ends_with("delivery-status")) read_status(content, read);
      if (type == "message/disposition-notification") read_disposition(content, read);
      if (type == "text/rfc822-headers" || type == "message/rfc822" ||
          type.starts_with("message/global"))
        if (!type.ends_with("delivery-status")) read_original(content, read);
    }
  };
  take();
  reader.receive_end();
  take();
  if (!known || read.recipients.empty()) return std::nullopt;
  return read;
}

bool is_automatic(std::string_view message) {
  const std::vector<Field> fields = read_fields(header_of(message));
  const std::string submitted = lower_case(trim(field_body(fields, "Auto-Submitted")));
  if (!submitted.empty() && !submitted.starts_with("no")) return true;
  const std::string precedence = lower_case(trim(field_body(fields, "Precedence")));
  return precedence == "bulk" || precedence == "list" || precedence == "junk";
}

}  // namespace mailscope::mime
