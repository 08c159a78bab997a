#include "viz/cli/samples.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "captures/observe/capture/capture.hpp"

namespace mailscope::cli {
namespace {

constexpr Sample kSamples[] = {
    {"swaks.pcap", "swaks hands in a letter",
     "One letter to two recipients. A line of it begins with a dot, which is doubled on the wire.",
     "swaks", "aiosmtpd", "SMTP"},
    {"swaks-attachment.pcap", "swaks sends a picture",
     "A letter in two MIME parts: a text, and a picture that travels as Base64.", "swaks",
     "aiosmtpd", "SMTP"},
    {"swaks-recipient-refused.pcap", "One recipient is refused",
     "AUTH PLAIN in the clear, then two recipients: 550 for one, 250 for the other, and the letter "
     "is sent all the same.",
     "swaks", "aiosmtpd", "SMTP"},
    {"curl-smtp.pcap", "curl hands in a letter",
     "MAIL says with SIZE how large the letter is going to be.", "curl", "aiosmtpd", "SMTP"},
    {"msmtp.pcap", "msmtp hands in a letter", "One letter, two recipients, both accepted.", "msmtp",
     "aiosmtpd", "SMTP"},
    {"mutt-smtp.pcap", "mutt sends umlauts",
     "BODY=8BITMIME announces a text of 8-bit octets; the subject travels as an encoded word.",
     "mutt", "aiosmtpd", "SMTP"},
    {"curl-pop3.pcap", "curl fetches a letter",
     "CAPA asks what the server can do, AUTH PLAIN logs in, RETR brings the letter.", "curl",
     "Dovecot", "POP3"},
    {"fetchmail-pop3.pcap", "fetchmail empties a mailbox",
     "LAST, which RFC 1939 no longer has, is refused. Then UIDL, TOP in place of RETR, and DELE "
     "for each of two letters.",
     "fetchmail", "Dovecot", "POP3"},
    {"curl-imap.pcap", "curl fetches by IMAP",
     "The log-in is one line, its proof within it. SELECT opens the mailbox, and FETCH BODY[] "
     "brings the letter as a literal.",
     "curl", "Dovecot", "IMAP"},
    {"fetchmail-imap.pcap", "fetchmail empties a mailbox by IMAP",
     "SEARCH finds what is unread. Each of two letters comes in two pieces, header and text; then "
     "STORE marks it as deleted and EXPUNGE removes it.",
     "fetchmail", "Dovecot", "IMAP"},
};

// A file in memory, under a path of its own while this lives.
class MemoryFile {
 public:
  MemoryFile(std::string_view name, std::string_view octets)
      : fd_(memfd_create(std::string(name).c_str(), MFD_CLOEXEC)),
        whole_(fd_ >= 0 &&
               write(fd_, octets.data(), octets.size()) == static_cast<ssize_t>(octets.size())) {}
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool whole() const { return whole_; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  int fd_;
  bool whole_;
};

}  // namespace

std::span<const Sample> samples() {
  return kSamples;
}

const Sample* find_sample(std::string_view name) {
  const auto* found = std::ranges::find(kSamples, name, &Sample::name);
  return found == std::end(kSamples) ? nullptr : found;
}

tl::expected<std::unique_ptr<trace::Trace>, std::string> open_sample(const Sample& sample) {
  const MemoryFile file(sample.name, sample_octets(sample.name));
  if (!file.whole())
    return tl::unexpected(
        fmt::format("{}: no room in memory ({})", sample.name, std::strerror(errno)));
  auto trace = std::make_unique<trace::Trace>();
  if (const auto read = observe::analyze_file(file.path(), *trace); !read)
    return tl::unexpected(fmt::format("{}: {}", sample.name, read.error()));
  trace->source.name = sample.name;
  trace->source.title = fmt::format("{} ({} to {})", sample.title, sample.client, sample.server);
  trace->source.summary = sample.summary;
  return trace;
}

}  // namespace mailscope::cli
