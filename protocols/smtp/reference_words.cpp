// A few words for each verb and each reply: the column "meaning" of the list.

#include "protocols/smtp/reference.hpp"

namespace mailscope::smtp {
namespace {

struct VerbWords {
  Verb verb;
  std::string_view says;     // the verb itself
  std::string_view granted;  // 2yz and 3yz in answer to it
  std::string_view later;    // 4yz
  std::string_view refused;  // 5yz
};

constexpr VerbWords kVerbWords[] = {
    {Verb::Connect, "calling the server", "service ready", "no service at the moment",
     "no mail service here"},
    {Verb::EndOfData, "end of the message", "message accepted: the server answers for it now",
     "message not taken now, try later", "message refused"},
    {Verb::BdatLast, "the last chunk", "message accepted: the server answers for it now",
     "message not taken now, try later", "message refused"},
    {Verb::Helo, "who is calling", "welcome", "not now", "this caller is not welcome"},
    {Verb::Ehlo, "who is calling", "welcome, and what I can do", "not now",
     "EHLO is not accepted here"},
    {Verb::Lhlo, "who is calling (LMTP)", "welcome, and what I can do", "not now",
     "LHLO is not accepted here"},
    {Verb::Mail, "a new envelope: the sender", "sender accepted", "sender not accepted now",
     "sender refused"},
    {Verb::Rcpt, "for this recipient", "recipient accepted", "recipient not accepted now",
     "recipient refused"},
    {Verb::Data, "now the letter", "go ahead, end with a lone dot", "not now", "no letter now"},
    {Verb::Rset, "forget this envelope", "forgotten", "not now", "not understood"},
    {Verb::Noop, "still there?", "still here", "not now", "not understood"},
    {Verb::Vrfy, "is there such a user?", "yes, this user", "cannot say now", "no such user"},
    {Verb::Expn, "who is on this list?", "its members", "cannot say now", "no such list"},
    {Verb::Help, "what do you understand?", "help text", "not now", "no help"},
    {Verb::Quit, "goodbye", "goodbye, closing", "not now", "not understood"},
    {Verb::Turn, "let us change places", "agreed: roles exchanged", "not now",
     "no exchange of roles"},
    {Verb::Send, "to the terminal", "sender accepted", "not now", "not built here"},
    {Verb::Soml, "to the terminal or mailbox", "sender accepted", "not now", "not built here"},
    {Verb::Saml, "to the terminal and mailbox", "sender accepted", "not now", "not built here"},
    {Verb::Auth, "logging in", "logged in", "no log-in at the moment", "log-in failed"},
    {Verb::Starttls, "let us encrypt", "ready, TLS from here", "no TLS at the moment",
     "no TLS here"},
    {Verb::Bdat, "a chunk of the letter", "chunk received", "not now", "chunk refused"},
    {Verb::Etrn, "send me my mail now", "the queue is started", "not now", "will not"},
    {Verb::Unknown, "not a command of SMTP", "done", "not now", "refused"},
};

const VerbWords& words_of(Verb verb) {
  for (const VerbWords& words : kVerbWords)
    if (words.verb == verb) return words;
  return words_of(Verb::Unknown);
}

// Replies whose code says more than the first digit.
struct ReplyWords {
  std::uint16_t code;
  Verb answers;  // Unknown: any
  std::string_view says;
};

constexpr ReplyWords kReplyWords[] = {
    {211, Verb::Unknown, "system status"},
    {214, Verb::Unknown, "help text"},
    {220, Verb::Starttls, "ready, TLS from here"},
    {235, Verb::Unknown, "logged in"},
    {250, Verb::Expn, "the list's members"},
    {251, Verb::Unknown, "user has moved, will be forwarded"},
    {251, Verb::Etrn, "nothing waits for that host"},
    {252, Verb::Unknown, "cannot say, but send it"},
    {252, Verb::Expn, "will not say who is on it"},
    {252, Verb::Etrn, "what waits is sent now"},
    {253, Verb::Unknown, "what waits is sent now"},
    {334, Verb::Unknown, "log-in: your turn"},
    {421, Verb::Connect, "no service at the moment"},
    {421, Verb::EndOfData, "message not taken: must close now"},
    {421, Verb::Unknown, "must close now"},
    {432, Verb::Unknown, "log in with PLAIN once"},
    {450, Verb::Rcpt, "mailbox busy, try later"},
    {450, Verb::EndOfData, "message not taken now, try later"},
    {451, Verb::Unknown, "trouble inside the server, try later"},
    {452, Verb::Rcpt, "too many recipients at once"},
    {452, Verb::Unknown, "no room at the moment"},
    {453, Verb::Unknown, "no mail for you"},
    {454, Verb::Unknown, "not available at the moment"},
    {455, Verb::Unknown, "parameters not granted now"},
    {458, Verb::Unknown, "cannot start that queue"},
    {459, Verb::Unknown, "not for this caller"},
    {500, Verb::Unknown, "command not understood"},
    {500, Verb::Auth, "log-in line too long"},
    {501, Verb::Unknown, "argument not understood"},
    {501, Verb::Auth, "log-in called off, or no base64"},
    {502, Verb::Unknown, "not built here"},
    {503, Verb::Unknown, "wrong order"},
    {504, Verb::Unknown, "parameter not built here"},
    {504, Verb::Auth, "no such way to log in"},
    {521, Verb::Unknown, "this host takes no mail"},
    {523, Verb::Unknown, "encrypt first"},
    {524, Verb::Unknown, "encrypt first"},
    {525, Verb::Unknown, "account is closed"},
    {530, Verb::Unknown, "log in or encrypt first"},
    {530, Verb::Mail, "log in first"},
    {534, Verb::Unknown, "log-in too weak"},
    {535, Verb::Unknown, "wrong name or password"},
    {538, Verb::Unknown, "log-in only under TLS"},
    {550, Verb::Rcpt, "no such mailbox"},
    {550, Verb::Vrfy, "no such user"},
    {550, Verb::Expn, "no such list"},
    {551, Verb::Unknown, "user has moved, try there"},
    {552, Verb::Unknown, "too large"},
    {552, Verb::Rcpt, "too large for this mailbox"},
    {553, Verb::Unknown, "address not allowed"},
    {553, Verb::Vrfy, "more than one user fits"},
    {554, Verb::Connect, "no mail service here"},
    {554, Verb::Rcpt, "not through this server"},
    {554, Verb::Data, "no valid recipients"},
    {555, Verb::Unknown, "parameters not known"},
    {556, Verb::Unknown, "domain takes no mail"},
};

}  // namespace

std::string_view gist(Verb verb) {
  return words_of(verb).says;
}

std::string_view gist(std::uint16_t code, Verb answers) {
  std::string_view general;
  for (const ReplyWords& words : kReplyWords) {
    if (words.code != code) continue;
    if (words.answers == answers) return words.says;
    if (words.answers == Verb::Unknown) general = words.says;
  }
  if (!general.empty()) return general;
  const VerbWords& words = words_of(answers);
  switch (code / 100) {
    case 2:
    case 3:
      return words.granted;
    case 4:
      return words.later;
    default:
      return words.refused;
  }
}

}  // namespace mailscope::smtp
