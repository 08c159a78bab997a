// Reports about mail, written by programs and read by people and programs: what became of a message
// on its way (delivery status notification, DSN) and that it was read (message disposition
// notification, MDN). RFC 6522 (multipart/report), RFC 3464 (DSN), RFC 8098 (MDN), RFC 3461 §6, RFC
// 6533 (addresses that are not ASCII), RFC 3834 §3.1.7 (Auto-Submitted).
//
//   multipart/report; report-type=delivery-status     multipart/report;
//   |                                                   report-type=disposition-notification
//   |- text/plain: what happened, for people          |- text/plain
//   |- message/delivery-status: the same, in fields   |- message/disposition-notification
//   `- message/rfc822 or text/rfc822-headers          `- text/rfc822-headers
//
//   delivery-status-content = per-message-fields 1*( CRLF per-recipient-fields )   RFC 3464 §2.1
//
// compose() makes a whole message from values; no clock, no randomness. Texts from other hosts lose
// their line ends, so no reply can put a field into a report. read_report() takes one apart again
// and never fails: what is no report gives nothing. Not built: DSN-Gateway, Final-Log-ID, the
// Error field, reports in reports.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mime/address_list.hpp"
#include "protocols/mime/date.hpp"

namespace mailscope::mime {

// RFC 3464 §2.3.3.
enum class DeliveryAction { Failed, Delayed, Delivered, Relayed, Expanded };
std::string_view name(DeliveryAction action);  // "failed", as in the Action field

struct RecipientStatus {
  std::string original{};   // ORCPT, decoded: "rfc822;bob@beta.example"; empty: there was none
  std::string recipient{};  // the envelope's address, without brackets
  DeliveryAction action = DeliveryAction::Failed;
  std::string status{};      // "5.1.1"; empty: that of the action, with .0.0
  std::string remote_mta{};  // the host that said `diagnostic`; empty: the reporting one itself
  std::string diagnostic{};  // "550 5.1.1 No such user"; line ends become spaces
  std::optional<Date> last_attempt{};
  std::optional<Date> will_retry_until{};  // delayed only
  std::string words{};                     // a sentence for people, in the text part; may be empty
};

struct DeliveryReport {
  std::string from{};  // "MAILER-DAEMON@mail.alpha.example"
  std::string to{};    // the message's sender
  Date date{};
  std::string message_id{};     // "<...>"
  std::string reporting_mta{};  // "mail.alpha.example"
  std::string received_from{};  // the host that the message came from; empty: written here
  std::string envelope_id{};    // ENVID, decoded
  std::optional<Date> arrival{};
  std::vector<RecipientStatus> recipients{};  // at least one
  std::string original{};                     // the message
  bool full = false;                          // all of it comes back, else its header section
  std::string boundary = "=_report";          // lengthened when the content holds it
};
std::string compose(const DeliveryReport& report);

struct ReadReceipt {
  Mailbox from{};    // who read it
  std::string to{};  // from Disposition-Notification-To
  Date date{};
  std::string message_id{};
  std::string reporting_ua{};  // "bob-pc; MailScope"
  std::string recipient{};     // the address under which the reader got it
  std::string original{};      // the message; its header section comes back
  bool automatic = false;      // sent without asking the reader each time
  std::string boundary = "=_receipt";
};
std::string compose(const ReadReceipt& receipt);

// What a report says, whoever wrote it.
struct ReportRead {
  bool receipt = false;    // an MDN; else a DSN
  std::string reporter{};  // Reporting-MTA or Reporting-UA, without its type
  std::string envelope_id{};
  struct Recipient {
    std::string address{}, original{};  // without their types
    std::string action{};               // lower case; an MDN's: "displayed", "deleted", ...
    std::string status{}, remote_mta{}, diagnostic{};
  };
  std::vector<Recipient> recipients{};
  std::string subject{}, original_id{};  // of the message that it is about, where it says so
};
std::optional<ReportRead> read_report(std::string_view message);

// Programs do not answer programs: whether a message asks for no automatic answer (RFC 3834 §2,
// RFC 8098 §2.1): Auto-Submitted other than "no", or Precedence bulk, list or junk.
bool is_automatic(std::string_view message);

}  // namespace mailscope::mime
