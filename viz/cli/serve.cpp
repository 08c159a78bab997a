#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "captures/export/json.hpp"
#include "captures/export/pcap_export.hpp"
#include "captures/export/transcript.hpp"
#include "protocols/base/ascii.hpp"
#include "scenarios/playing/live.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/options.hpp"
#include "viz/cli/serve_window.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kServeOptions[] = {
    {.name = "listen",
     .value = "ADDRESS",
     .help = "IPv4 address of this machine to listen on (127.0.0.1)"},
    {.name = "smtp",
     .value = "PORT",
     .help = "the first SMTP server's port (2525); the next server takes the next port; 0: any "
             "free ones"},
    {.name = "pop3", .value = "PORT", .help = "the same for POP3, from 2110"},
    {.name = "imap", .value = "PORT", .help = "the same for IMAP, from 2143"},
    {.name = "submission", .value = "PORT", .help = "the same for mail submission, from 2587"},
    {.name = "maildir",
     .value = "DIR",
     .help = "keeps the users' mailboxes in DIR/USER, as Maildirs that outlive the program"},
    {.name = "view", .help = "opens the window on what happens"},
    {.name = "pcap", .value = "FILE", .help = "at the end, saves the record as a capture"},
    {.name = "json",
     .help = "at the end, the report as JSON; it has standard output for itself, and the ports are "
             "said on standard error"},
    {.name = "exchanges",
     .help = "at the end, every command with its replies: in the JSON, or as plain text without "
             "it"},
    {.name = "show-secrets", .help = "does not mask passwords"},
    {.name = "connections", .value = "N", .help = "at a time (200)"},
    {.name = "connections-per-address",
     .value = "N",
     .help = "of them from one address (100, or as many as --connections says)"},
    {.name = "idle",
     .value = "SECONDS",
     .help = "until a silent connection is closed (600); with IMAP three times as long"},
    {.name = "message-size",
     .value = "OCTETS",
     .help = "of the largest message that is taken (10485760)"},
    {.name = "disk-size",
     .value = "MIB",
     .help = "of each server's simulated disk, which is memory too: queue and mailboxes (512; with "
             "--maildir the queue alone); a full one takes no mail (452)"},
    {.name = "record-size",
     .value = "MIB",
     .help = "memory for the record (1024; with --view 256)"},
};

constexpr Usage kServeUsage = {
    "mailscope serve [SCENARIO] [options]",
    "Puts a scenario's mail servers on TCP ports of this machine, so that real mail programs can "
    "be\n"
    "their guests. Prints a line a port and then `ready`; serves until Ctrl+C or SIGTERM. Users "
    "have\n"
    "their own name as password; mail is taken for the scenario's own domains only. Mailboxes "
    "live\n"
    "as long as the program, or in Maildirs with --maildir. SCENARIO is maa if none is given.\n"
    "\n"
    "What happens is recorded if --view, --pcap, --json or --exchanges asks for it. When the "
    "record\n"
    "is full, guests are served on and no more is recorded; that is said on standard error, in "
    "the\n"
    "window and in the JSON. A guest over a limit hears 421 (POP3: -ERR, IMAP: * BYE) and why.",
    "  mailscope serve\n"
    "  mailscope serve maa --view\n"
    "  mailscope serve --maildir ~/served-mail\n"
    "  mailscope serve two-servers --smtp 0 --pop3 0 --pcap guests.pcap\n"
    "  mailscope serve --json | jq '.messages[].fate'           (Ctrl+C ends it)\n"
    "  swaks --server 127.0.0.1:2526 --to bob@beta.example      (in another terminal)\n"
    "  curl -u bob:bob pop3://127.0.0.1:2110/1\n"
    "  curl -u bob:bob 'imap://127.0.0.1:2143/INBOX;MAILINDEX=1'\n",
    "SCENARIO", kServeOptions};

constexpr sim::Time kTurn = 250 * sim::kMillisecond;

bool wants_record(const Given& given) {
  return given.has("view") || given.has("pcap") || given.has("json") || given.has("exchanges");
}

bool read_live_options(const Given& given, scenarios::LiveOptions& options) {
  constexpr std::uint64_t kPortMax = 65535, kMany = 1'000'000'000;
  std::uint64_t smtp = options.smtp, pop3 = options.pop3, imap = options.imap,
                submission = options.submission;
  std::uint64_t connections = options.limits.connections, message = options.message_octets_max;
  auto idle = static_cast<std::uint64_t>(options.limits.idle / sim::kSecond);
  std::uint64_t per_address = options.limits.connections_per_address;
  std::uint64_t record = options.limits.record_octets >> 20, disk = options.disk_octets_max >> 20;
  if (!read_number(given, "smtp", kPortMax, smtp) || !read_number(given, "pop3", kPortMax, pop3) ||
      !read_number(given, "imap", kPortMax, imap) ||
      !read_number(given, "submission", kPortMax, submission) ||
      !read_number(given, "connections", 10'000, connections) ||
      !read_number(given, "connections-per-address", 10'000, per_address) ||
      !read_number(given, "idle", kMany, idle) ||
      !read_number(given, "message-size", kMany, message) ||
      !read_number(given, "disk-size", 1 << 20, disk) ||
      !read_number(given, "record-size", 1 << 20, record))
    return false;
  if (given.has("listen")) options.address = given.text("listen");
  if (given.has("maildir")) options.maildir = given.text("maildir");
  options.smtp = static_cast<std::uint16_t>(smtp);
  options.pop3 = static_cast<std::uint16_t>(pop3);
  options.imap = static_cast<std::uint16_t>(imap);
  options.submission = static_cast<std::uint16_t>(submission);
  options.limits.connections = connections;
  const bool named = given.has("connections-per-address");
  options.limits.connections_per_address =
      given.has("connections") && !named ? connections : per_address;
  options.limits.idle = static_cast<sim::Time>(idle) * sim::kSecond;
  options.limits.record_octets = record << 20;
  options.limits.record = wants_record(given);
  options.disk_octets_max = disk << 20;
  options.message_octets_max = message;
  return true;
}

// Said before anything is served: at the end the record would be lost.
bool can_write(const std::string& file) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  std::error_code failed;
  const bool special = std::filesystem::is_other(file, failed);  // /dev/null, a pipe
  if (special && ::access(file.c_str(), W_OK) == 0) return true;
  if (!special && std::filesystem::is_directory(folder, failed) &&
      ::access(folder.c_str(), W_OK) == 0 && !std::filesystem::is_directory(file, failed))
    return true;
  fail(kWrongUsage,
       fmt::format("{}: cannot be written; is the folder right?", printable_utf8(file)));
  return false;
}

std::string bracketed(const std::string& address) {
  return '<' + printable_utf8(address) + '>';
}

// What was taken, as it is taken; for a person who watches.
struct Reporter {
  explicit Reporter(scenarios::Live& live) {
    live.on_mail([this](const scenarios::LiveMail& taken) {
      mails += taken.from_guest ? 1 : 0;
      if (shows_progress()) tell(taken.mail, taken.server);
    });
    live.on_full([] {
      fmt::print(stderr,
                 "mailscope: the record is full: guests are served and no longer recorded\n");
    });
  }

  static void tell(const sim::TakenMail& mail, const std::string& server) {
    std::string to;
    for (const auto& recipient : mail.to)
      to += (to.empty() ? "" : ", ") + bracketed(recipient.address);
    fmt::print(stderr, "{} -> {}  {} octets, from {} to {}\n", mail.client.text(), server,
               mail.octets, bracketed(std::string(mail.from)), to);
  }

  std::uint64_t mails = 0;  // from guests
};

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void print_summary(const sim::LiveCounts& counts, std::uint64_t mails) {
  std::string text = fmt::format("served {}, took {}, {} octets in and {} out",
                                 counted(counts.accepted, "connection"), counted(mails, "message"),
                                 counts.octets_received, counts.octets_sent);
  if (counts.refused > 0)
    text += fmt::format("; turned {} away", counted(counts.refused, "connection"));
  if (counts.unrecorded > 0)
    text += fmt::format("; did not record {}", counted(counts.unrecorded, "connection"));
  std::cout << text << '\n';
}

int save_capture(const trace::Trace& trace, const Given& given) {
  if (!given.has("pcap")) return kDone;
  const auto written = export_::write_pcap(trace, given.text("pcap"));
  return written ? kDone : fail(kWrongUsage, written.error());
}

// The capture first: a reader of standard output may let us wait, and is free to end us.
int report(scenarios::Live& live, const Given& given, std::uint64_t mails) {
  const bool json = given.has("json"), exchanges = given.has("exchanges");
  const bool secrets = given.has("show-secrets");
  int code = kDone;
  if (wants_record(given)) {
    const trace::Trace& trace = live.finish();
    code = save_capture(trace, given);
    if (json || exchanges) live.release_signals();
    if (json)
      export_::write_json(std::cout, trace, {.exchanges = exchanges, .show_secrets = secrets});
    else if (exchanges)
      export_::write_transcript(
          std::cout, trace, {.show_secrets = secrets, .inside_events = false, .narration = false});
  }
  if (!json) print_summary(live.counts(), mails);
  std::cout.flush();
  if (!std::cout)
    return fail(kFailed, fmt::format("standard output: {}, a disk with room or a reader who stays "
                                     "would be right",
                                     std::strerror(errno)));
  return code;
}

void say_ports(std::ostream& out, const scenarios::Live& live) {
  for (const scenarios::LivePort& port : live.ports())
    out << fmt::format("listening {} {} {}:{}\n", port.protocol, port.host, port.address,
                       port.port);
  out << "ready" << std::endl;
}

}  // namespace

#ifndef MAILSCOPE_WITH_WINDOW
bool can_open_window() {
  return false;
}
int watch(scenarios::Live&) {
  return kFailed;
}
#endif

int serve_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kServeUsage, given)) return *over;
  const Arguments names = given.has("SCENARIO") ? given.all("SCENARIO") : Arguments{"maa"};
  if (names.size() != 1)
    return fail(kWrongUsage,
                fmt::format("serve wants one scenario; usage: {}", kServeUsage.synopsis));
  const bool view = given.has("view");
  if (view && !can_open_window())
    return fail(kWrongUsage, "there is no window to be had here; leave out --view");
  if (given.has("pcap") && !can_write(given.text("pcap"))) return kWrongUsage;
  const auto scenario = scenarios::load_scenario(names[0]);
  if (!scenario) return fail(kWrongUsage, scenario.error());
  scenarios::LiveOptions options;
  if (view) options.limits.record_octets = kViewedRecordOctets;
  if (!read_live_options(given, options)) return kWrongUsage;
  auto live = scenarios::Live::open(*scenario, options);
  if (!live) return fail(kWrongUsage, live.error());

  Reporter reporter(**live);
  (*live)->catch_signals();
  say_ports(given.has("json") ? std::cerr : std::cout, **live);
  int code = kDone;
  if (view) code = watch(**live);
  while (!view && !(*live)->stopped()) (*live)->serve_for(kTurn);
  (*live)->shut_down();
  const int reported = report(**live, given, reporter.mails);
  return code != kDone ? code : reported;
}

}  // namespace mailscope::cli
