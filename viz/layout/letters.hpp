// Which letter an envelope on the screen is: in a spool, a mailbox, a user agent's hands, or under
// way.
//
// A store's count is recorded, its letters are not: they are told from the hops on the wire. Where
// a letter never crossed one, the inside event that put it there stands for it.
#pragma once

#include <vector>

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

// The mails in an agent's store at the cursor, those that still have to go on first, then the
// newest; of each message one hop: that which brought it there, else that which takes it away.
std::vector<Id> letters_in(const TraceIndex& index, const Cursor& cursor, Id agent);

// What a click on the agent's envelopes selects: a mail, or the inside event that counts them; the
// next mail where one of them is selected already. Nothing where the agent holds none.
Selection letter_at(const TraceIndex& index, const Cursor& cursor, Id agent);

// The letter that a PDU carries, else the PDU itself.
Selection carried_by(const TraceIndex& index, Id pdu);

}  // namespace mailscope::viz
