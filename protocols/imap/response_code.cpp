// The response codes: their words, and what stands between the brackets.
#include <array>

#include "protocols/imap/response.hpp"
#include "protocols/imap/response_writer.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, kResponseCodes> kCodeNames = {"ALERT",
                                                                     "ALREADYEXISTS",
                                                                     "APPENDUID",
                                                                     "AUTHENTICATIONFAILED",
                                                                     "AUTHORIZATIONFAILED",
                                                                     "BADCHARSET",
                                                                     "CANNOT",
                                                                     "CAPABILITY",
                                                                     "CLIENTBUG",
                                                                     "CLOSED",
                                                                     "COMPRESSIONACTIVE",
                                                                     "CONTACTADMIN",
                                                                     "COPYUID",
                                                                     "CORRUPTION",
                                                                     "EXPIRED",
                                                                     "EXPUNGEISSUED",
                                                                     "HASCHILDREN",
                                                                     "HIGHESTMODSEQ",
                                                                     "INUSE",
                                                                     "LIMIT",
                                                                     "MODIFIED",
                                                                     "NOMODSEQ",
                                                                     "NONEXISTENT",
                                                                     "NOPERM",
                                                                     "NOTSAVED",
                                                                     "OVERQUOTA",
                                                                     "PARSE",
                                                                     "PERMANENTFLAGS",
                                                                     "PRIVACYREQUIRED",
                                                                     "READ-ONLY",
                                                                     "READ-WRITE",
                                                                     "SERVERBUG",
                                                                     "TOOBIG",
                                                                     "TRYCREATE",
                                                                     "UIDNEXT",
                                                                     "UIDNOTSTICKY",
                                                                     "UIDVALIDITY",
                                                                     "UNAVAILABLE",
                                                                     "UNKNOWN-CTE",
                                                                     "UNSEEN",
                                                                     "USEATTR",
                                                                     ""};

// What follows the code's name, the space in front of it included.
struct CodeDataWriter {
  ResponseCode::Kind kind;
  std::string& out;

  void operator()(std::monostate) const {}
  void operator()(std::uint64_t number) const {
    out += ' ';
    append_number(out, number);
  }
  void operator()(const std::vector<std::string>& words) const {
    const bool charsets = kind == ResponseCode::Kind::BadCharset;
    if (words.empty()) return;
    if (charsets) out += " (";
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!charsets ? !out.empty() : i > 0) out += ' ';
      if (charsets)
        append_astring(out, words[i]);
      else
        out += words[i];
    }
    if (charsets) out += ')';
  }
  void operator()(const std::vector<Flag>& flags) const {
    out += " (";
    for (std::size_t i = 0; i < flags.size(); ++i) {
      if (i > 0) out += ' ';
      out += flags[i].name();
    }
    out += ')';
  }
  void operator()(const SequenceSet& set) const {
    out += ' ';
    set.append_to(out);
  }
  void operator()(const AppendUid& code) const {
    (*this)(std::uint64_t{code.uid_validity});
    out += ' ';
    append_uid_sequence(out, code.uids);
  }
  void operator()(const CopyUid& code) const {
    (*this)(std::uint64_t{code.uid_validity});
    out += ' ';
    append_uid_sequence(out, code.source);
    out += ' ';
    append_uid_sequence(out, code.destination);
  }
};

}  // namespace

std::string_view name(ResponseCode::Kind kind) {
  return kCodeNames[static_cast<std::size_t>(kind)];
}

std::string format_code(const ResponseCode& code) {
  std::string out(name(code.kind));
  std::visit(CodeDataWriter{code.kind, out}, code.data);
  return out;
}

}  // namespace mailscope::imap
