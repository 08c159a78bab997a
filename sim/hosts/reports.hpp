// Reports to senders about their mail (delivery status notifications), and who gets none. RFC 3461
// §5.2, §6; RFC 3464; RFC 5321 §4.5.5, §6.1.
//
// A report goes from <> to the mail's sender through the spool, as any mail does. Mail from <> is
// never reported on: that is told, and no more. What a sender asked for with NOTIFY is obeyed.
#pragma once

#include <string>
#include <vector>

#include "protocols/mime/report.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

// Whether this sender wants to hear of this.
bool wants(const SpooledRecipient& recipient, mime::DeliveryAction action);

// One report about those of the recipients whose sender wants it; nothing when that is nobody.
// `words`: a sentence for people about each.
void report(Machine& machine, const SpooledMail& mail, mime::DeliveryAction action,
            const std::vector<SpooledRecipient>& recipients, const std::string& words = {});

}  // namespace mailscope::sim
