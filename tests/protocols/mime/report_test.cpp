#include "protocols/mime/report.hpp"

#include <catch2/catch.hpp>

#include "protocols/mime/header.hpp"
#include "protocols/mime/part_reader.hpp"

using namespace mailscope::mime;

namespace {

RecipientStatus status(std::string recipient, DeliveryAction action) {
  RecipientStatus one;
  one.recipient = std::move(recipient);
  one.action = action;
  return one;
}

DeliveryReport sample() {
  DeliveryReport report;
  report.from = "MAILER-DAEMON@mail.alpha.example";
  report.to = "alice@alpha.example";
  report.date = {1'772'442'000, 0};
  report.message_id = "<1@mail.alpha.example>";
  report.reporting_mta = "mail.alpha.example";
  report.received_from = "alice-pc";
  report.envelope_id = "QQ314159";
  report.arrival = Date{1'772'441'000, 60};
  report.recipients.push_back(status("bob@beta.example", DeliveryAction::Failed));
  RecipientStatus& bob = report.recipients[0];
  bob.original = "rfc822;robert@beta.example";
  bob.status = "5.1.1";
  bob.remote_mta = "mail.beta.example";
  bob.diagnostic = "550 5.1.1 No such user here";
  bob.last_attempt = Date{1'772'442'000, 0};
  report.original =
      "From: alice@alpha.example\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"
      "Message-ID: <7@alpha.example>\r\n\r\nThe body\r\n";
  return report;
}

// Type and decoded content of each leaf, with message/rfc822 left closed.
struct Leaf {
  std::string type, content;
};
std::vector<Leaf> leaves(std::string_view message) {
  PartReader reader({.open_messages = false});
  std::vector<Leaf> list;
  const auto take = [&] {
    while (const PartEvent* event = reader.next_event()) {
      if (event->kind == PartEvent::Kind::Begin && event->part->kind != Part::Kind::Multipart)
        list.push_back({event->part->type, ""});
      if (event->kind == PartEvent::Kind::Octets) list.back().content += event->octets;
      if (event->kind == PartEvent::Kind::End) CHECK(event->complete);
    }
  };
  reader.receive(message);
  take();
  reader.receive_end();
  take();
  return list;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a delivery report has a part for people, one for programs, and the message's header") {
  const std::string message = compose(sample());
  const auto fields = read_fields(message);
  CHECK(field_body(fields, "From") == "Mail Delivery System <MAILER-DAEMON@mail.alpha.example>");
  CHECK(field_body(fields, "To") == "alice@alpha.example");
  CHECK(field_body(fields, "Auto-Submitted") == "auto-replied");
  CHECK(field_body(fields, "Content-Type") ==
        "multipart/report; report-type=delivery-status;\tboundary=\"=_report\"");
  const auto parts = leaves(message);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].type == "text/plain");
  CHECK(has(parts[0].content,
            "could not be delivered to:\r\n\r\n  <bob@beta.example>\r\n"
            "    mail.beta.example said: 550 5.1.1 No such user here\r\n"));
  CHECK(parts[1].type == "message/delivery-status");
  CHECK(parts[1].content ==
        "Original-Envelope-Id: QQ314159\r\n"
        "Reporting-MTA: dns; mail.alpha.example\r\n"
        "Received-From-MTA: dns; alice-pc\r\n"
        "Arrival-Date: Mon, 02 Mar 2026 09:43:20 +0100\r\n"
        "\r\n"
        "Original-Recipient: rfc822;robert@beta.example\r\n"
        "Final-Recipient: rfc822; bob@beta.example\r\n"
        "Action: failed\r\n"
        "Status: 5.1.1\r\n"
        "Remote-MTA: dns; mail.beta.example\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\r\n"
        "Last-Attempt-Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n");
  CHECK(parts[2].type == "text/rfc822-headers");
  CHECK(parts[2].content == sample().original.substr(0, sample().original.find("The body")));
}

TEST_CASE("what was composed is read back") {
  DeliveryReport report = sample();
  report.recipients.push_back(status("carol@beta.example", DeliveryAction::Delayed));
  report.recipients[1].will_retry_until = Date{1'772'999'000, 0};
  report.full = GENERATE(false, true);
  const std::string message = compose(report);
  const auto read = read_report(message);
  REQUIRE(read);
  CHECK_FALSE(read->receipt);
  CHECK(read->reporter == "mail.alpha.example");
  CHECK(read->envelope_id == "QQ314159");
  CHECK(read->subject ==
        "Gr\xc3\xbc\xc3\x9f"
        "e");
  CHECK(read->original_id == "<7@alpha.example>");
  REQUIRE(read->recipients.size() == 2);
  CHECK(read->recipients[0].address == "bob@beta.example");
  CHECK(read->recipients[0].original == "robert@beta.example");
  CHECK(read->recipients[0].action == "failed");
  CHECK(read->recipients[0].status == "5.1.1");
  CHECK(read->recipients[0].remote_mta == "mail.beta.example");
  CHECK(read->recipients[0].diagnostic == "550 5.1.1 No such user here");
  CHECK(read->recipients[1].action == "delayed");
  CHECK(read->recipients[1].status == "4.0.0");
  CHECK(has(message, "Will-Retry-Until: "));
  CHECK(has(message, "The body") == report.full);
  CHECK(has(message, "Content-Type: message/rfc822") == report.full);
}

TEST_CASE("a report without a failure gives back the header alone, whatever was asked") {
  for (const auto action : {DeliveryAction::Delayed, DeliveryAction::Delivered,
                            DeliveryAction::Relayed, DeliveryAction::Expanded}) {
    DeliveryReport report = sample();
    report.full = true;
    report.recipients = {status("bob@beta.example", action)};
    const std::string message = compose(report);
    CHECK_FALSE(has(message, "The body"));
    const auto read = read_report(message);
    REQUIRE(read);
    CHECK(read->recipients[0].action == name(action));
  }
}

TEST_CASE("no reply can put a field or a part into a report") {
  DeliveryReport report = sample();
  report.recipients[0].diagnostic = "550 no\r\nAction: delivered\r\n--=_report\r\n\r\nX: y";
  report.full = true;
  report.original += "--=_report--\r\n--=_report_\r\n";
  const std::string message = compose(report);
  CHECK(leaves(message).size() == 3);
  const auto read = read_report(message);
  REQUIRE(read);
  REQUIRE(read->recipients.size() == 1);
  CHECK(read->recipients[0].action == "failed");
}

TEST_CASE("addresses beyond ASCII make it an internationalized report") {
  DeliveryReport report = sample();
  report.recipients[0].recipient = "j\xc3\xbcrgen@beta.example";
  const std::string message = compose(report);
  const auto parts = leaves(message);
  REQUIRE(parts.size() == 3);
  CHECK(parts[1].type == "message/global-delivery-status");
  CHECK(has(parts[1].content, "Final-Recipient: utf-8; j\xc3\xbcrgen@beta.example"));
  CHECK(parts[2].type == "message/global-headers");
  CHECK(read_report(message)->recipients.at(0).address == "j\xc3\xbcrgen@beta.example");
}

TEST_CASE("a receipt says who was shown what") {
  ReadReceipt receipt;
  receipt.from = {"Bob Brown", "bob", "beta.example", ""};
  receipt.to = "alice@alpha.example";
  receipt.date = {1'772'442'000, 0};
  receipt.message_id = "<9@beta.example>";
  receipt.reporting_ua = "bob-pc; MailScope";
  receipt.recipient = "bob@beta.example";
  receipt.original = sample().original;
  receipt.automatic = GENERATE(false, true);
  const std::string message = compose(receipt);
  const auto fields = read_fields(message);
  CHECK(field_body(fields, "In-Reply-To") == "<7@alpha.example>");
  CHECK(is_automatic(message) == receipt.automatic);
  const auto parts = leaves(message);
  REQUIRE(parts.size() == 3);
  CHECK(parts[1].type == "message/disposition-notification");
  CHECK(parts[1].content == std::string("Reporting-UA: bob-pc; MailScope\r\n"
                                        "Final-Recipient: rfc822; bob@beta.example\r\n"
                                        "Original-Message-ID: <7@alpha.example>\r\n"
                                        "Disposition: manual-action/MDN-sent-") +
                                (receipt.automatic ? "automatically" : "manually") +
                                "; displayed\r\n");
  const auto read = read_report(message);
  REQUIRE(read);
  CHECK(read->receipt);
  CHECK(read->reporter == "bob-pc");
  CHECK(read->recipients.at(0).action == "displayed");
  CHECK(read->original_id == "<7@alpha.example>");
}

TEST_CASE("what is no report is none, and a damaged one does no harm") {
  CHECK_FALSE(read_report(""));
  CHECK_FALSE(read_report("Subject: x\r\n\r\nReporting-MTA: dns; a\r\n"));
  CHECK_FALSE(read_report("Content-Type: multipart/report\r\n\r\nno boundary\r\n"));
  const std::string message = compose(sample());
  for (std::size_t size = 0; size < message.size(); size += 7)
    (void)read_report(std::string_view(message).substr(0, size));
}

TEST_CASE("the report of another program is read, too") {
  // As RFC 3464 §E.1 has it: types with other spacing, no empty-line discipline of ours.
  const auto read = read_report(
      "To: alice@alpha.example\nMIME-Version: 1.0\n"
      "Content-Type: MULTIPART/REPORT; boundary=x;\n  report-type=delivery-status\n\n"
      "--x\n\nSorry\n--x\nContent-Type: message/delivery-status\n\n"
      "Reporting-MTA: DNS;cs.utk.example\n\nOriginal-Recipient: rfc822;louisl@larry.example\n"
      "Final-Recipient: rfc822;louisl@larry.example\nAction: FAILED\nStatus: 4.0.0 (reason)\n"
      "Diagnostic-Code: smtp; 426 connection timed out\n\n"
      "Final-Recipient: rfc822;wh@sdcc13.example\nAction: delayed\nStatus: 4.4.1\n"
      "\n--x--\n");
  REQUIRE(read);
  CHECK(read->reporter == "cs.utk.example");
  REQUIRE(read->recipients.size() == 2);
  CHECK(read->recipients[0].action == "failed");
  CHECK(read->recipients[0].status == "4.0.0");
  CHECK(read->recipients[0].diagnostic == "426 connection timed out");
  CHECK(read->recipients[1].address == "wh@sdcc13.example");
}
