#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>

#include "captures/export/text.hpp"
#include "captures/export/transcript.hpp"
#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::export_ {
namespace {

using trace::Id;
using trace::kNone;
using trace::Trace;

// A table of left-aligned columns, as wide as their widest cell.
class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void write(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : rows_) {
      std::string line = " ";
      for (std::size_t i = 0; i < row.size(); ++i)
        line += fmt::format(" {:<{}}", row[i], widths[i] + 1);
      line.resize(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string endpoint(const trace::Endpoint& end) {
  const std::string address = end.address.text();
  return fmt::format("{}:{}", end.address.v6 ? '[' + address + ']' : address, end.port);
}

std::string ending(const trace::Connection& connection) {
  constexpr std::string_view kClosing[] = {"open", "closed", "reset", "timed out"};
  std::string text(kClosing[static_cast<int>(connection.closing)]);
  if (connection.opening == trace::Opening::Datagrams)
    text = connection.complete                             ? "answered"
           : connection.closing == trace::Closing::Timeout ? "not answered"
                                                           : "datagrams";
  if (connection.tls != trace::Tls::None) text += ", TLS";
  const std::uint64_t missing = connection.missing[0] + connection.missing[1];
  if (missing > 0) text += fmt::format(", {} octets missing", grouped(missing));
  if (connection.opening == trace::Opening::Midstream) text += ", joined in the middle";
  return text;
}

void heading(std::ostream& out, std::string_view text) {
  out << '\n' << text << '\n' << std::string(text.size(), '-') << '\n';
}

void write_rest(std::ostream& out, std::size_t all, std::size_t shown) {
  if (all > shown) out << fmt::format("  ... and {} more\n", grouped(all - shown));
}

void write_connections(std::ostream& out, const Trace& trace, std::size_t rows_max) {
  heading(out, counted_connections(trace));
  const std::size_t rows = std::min(rows_max, trace.connections.size());
  Table table(
      {"#", "at s", "protocol", "client", "server", "commands", "replies", "octets", "how"});
  for (Id id = 0; id < rows; ++id) {
    const trace::Connection& connection = trace.connections[id];
    table.add({std::to_string(id + 1),
               fmt::format("{:.3f}", static_cast<double>(connection.opened) / 1e9),
               std::string(languages::name(connection.protocol)), endpoint(connection.client),
               endpoint(connection.server), grouped(connection.commands),
               grouped(connection.replies), grouped(connection.octets[0] + connection.octets[1]),
               ending(connection)});
  }
  if (rows > 0) table.write(out);
  write_rest(out, trace.connections.size(), rows);
}

// ", accepted with 250", ", fetched", ", no answer seen".
std::string fate_of(const trace::Mail& mail) {
  if (mail.kind == trace::MailKind::Top) return ", shown by TOP";
  if (mail.fate == trace::MailFate::Served) return ", fetched";
  if (mail.fate == trace::MailFate::Unanswered) return ", no answer seen";
  return fmt::format(", {} with {}", trace::name(mail.fate),
                     languages::of(mail.protocol).code(mail.code));
}

void write_message(std::ostream& out, const trace::Mail& mail, Id id) {
  out << fmt::format("  {}. {} on connection {}, {}{}{}\n", id + 1, languages::name(mail.protocol),
                     mail.connection + 1, counted(mail.octets, "octet", "octets"), fate_of(mail),
                     mail.complete ? "" : ", not whole");
  if (mail.has_envelope) {
    std::string to;
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, mail.to.size()); ++i)
      to += (i == 0 ? "" : ", ") + printable_utf8(mail.to[i]);
    if (mail.to.size() > kShown) to += fmt::format(" and {} more", mail.to.size() - kShown);
    out << fmt::format("     envelope: <{}> to {}\n", printable_utf8(mail.from), to);
  }
  if (!mail.subject.empty())
    out << fmt::format("     subject: {}\n", printable_utf8(mail.subject.substr(0, 500)));
  out << fmt::format("     SHA-256: {}\n", mail.sha256);
  constexpr std::size_t kPartsShown = 20;
  for (std::size_t i = 0; i < std::min(kPartsShown, mail.parts.size()); ++i) {
    const trace::MailPart& part = mail.parts[i];
    out << fmt::format("     part {}: {}, {}{}{}\n", part.path, printable_utf8(part.type),
                       counted(part.octets, "octet", "octets"), part.filename.empty() ? "" : ", ",
                       printable_utf8(part.filename));
  }
  write_rest(out, mail.parts.size(), std::min(kPartsShown, mail.parts.size()));
}

void write_findings(std::ostream& out, const Trace& trace, std::size_t rows_max) {
  heading(out, counted(trace.findings.size(), "finding", "findings"));
  const std::size_t rows = std::min(rows_max, trace.findings.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const trace::Finding& finding = trace.findings[trace.findings_by_time[i]];
    std::string text = fmt::format(
        "{} at {:.6f} s{}: {} ({}{}{})", trace::name(finding.severity),
        static_cast<double>(finding.at) / 1e9,
        finding.connection == kNone ? "" : fmt::format(", connection {}", finding.connection + 1),
        printable_utf8(finding.text), finding.code, finding.rfc.empty() ? "" : "; ", finding.rfc);
    std::string_view indent = "  ";
    for (const std::string& line : wrapped(text, 94)) {
      out << indent << line << '\n';
      indent = "      ";
    }
  }
  write_rest(out, trace.findings.size(), rows);
}

}  // namespace

void write_summary(std::ostream& out, const Trace& trace, const SummaryOptions& options) {
  out << fmt::format("{}: {}, {} on the wire, from {}, {} s\n", printable_utf8(trace.source.name),
                     counted(trace.source.frames, "frame", "frames"),
                     counted(trace.source.octets, "octet", "octets"), utc_time(trace.source.begin),
                     seconds(trace.source.duration));
  write_connections(out, trace, options.rows_max);
  heading(out, counted(trace.mails.size(), "message", "messages"));
  const std::size_t rows = std::min(options.rows_max, trace.mails.size());
  for (Id id = 0; id < rows; ++id) write_message(out, trace.mails[id], id);
  write_rest(out, trace.mails.size(), rows);
  write_findings(out, trace, options.rows_max);
}

std::string summary(const Trace& trace, const SummaryOptions& options) {
  std::ostringstream out;
  write_summary(out, trace, options);
  return out.str();
}

}  // namespace mailscope::export_
