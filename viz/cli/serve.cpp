#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "captures/export/json.hpp"
#include "captures/export/pcap_export.hpp"
#include "protocols/base/ascii.hpp"
#include "scenarios/live.hpp"
#include "scenarios/loader.hpp"
#include "viz/cli/options.hpp"
#include "viz/cli/serve_window.hpp"

namespace mailscope::cli {
namespace {

constexpr Usage kUsage = {
    "mailscope serve [SCENARIO] [options]",
    "Puts a scenario's mail servers on TCP ports of this machine, so that real mail programs can "
    "be\n"
    "their guests. Prints a line a port and then `ready`; serves until Ctrl+C or SIGTERM. Users "
    "have\n"
    "their own name as password; mail is taken for the scenario's own domains only. Mailboxes "
    "live\n"
    "as long as the program. SCENARIO is maa if none is given.",
    "  mailscope serve\n"
    "  mailscope serve maa --view\n"
    "  mailscope serve two-servers --smtp 0 --pop3 0 --pcap guests.pcap\n"
    "  swaks --server 127.0.0.1:2526 --to bob@beta.example      (in another terminal)\n"
    "  curl -u bob:bob pop3://127.0.0.1:2110/1\n"};

constexpr sim::Time kTurn = 250 * sim::kMillisecond;

po::options_description describe_options() {
  po::options_description options("Options");
  options.add_options()("listen", po::value<std::string>()->value_name("ADDRESS"),
                        "IPv4 address of this machine to listen on; 127.0.0.1 if not given")(
      "smtp", po::value<std::string>()->value_name("PORT"),
      "the first SMTP server's port, 2525 if not given; the next server takes the next port; 0: "
      "any "
      "free ones")("pop3", po::value<std::string>()->value_name("PORT"),
                   "the same for POP3, from 2110")(
      "submission", po::value<std::string>()->value_name("PORT"),
      "the same for mail submission, from 2587")("view", "opens the window on what happens")(
      "pcap", po::value<std::string>()->value_name("FILE"),
      "at the end, saves the record as a capture")("json", "at the end, the report as JSON")(
      "exchanges", "with every command and its replies")("show-secrets", "does not mask passwords")(
      "connections", po::value<std::string>()->value_name("N"),
      "at a time; more are turned away (200)")("idle",
                                               po::value<std::string>()->value_name("SECONDS"),
                                               "until a silent connection is closed (600)")(
      "message-size", po::value<std::string>()->value_name("OCTETS"),
      "of the largest message that is taken (10485760)")(
      "record-size", po::value<std::string>()->value_name("MIB"),
      "memory for the record (1024); beyond it, guests are served and not recorded");
  return options;
}

// Reads the number of an option that is given; false, and the error said, when it is none.
bool read_number(const po::variables_map& values, const char* name, std::uint64_t max,
                 std::uint64_t& number) {
  if (!values.count(name)) return true;
  const std::string text = values[name].as<std::string>();
  std::uint64_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size() || read > max) {
    fail(kWrongUsage, fmt::format("--{} \"{}\" is not a whole number from 0 to {}", name,
                                  printable_utf8(text), max));
    return false;
  }
  number = read;
  return true;
}

bool read_live_options(const po::variables_map& values, scenarios::LiveOptions& options) {
  constexpr std::uint64_t kPortMax = 65535, kMany = 1'000'000'000;
  std::uint64_t smtp = options.smtp, pop3 = options.pop3, submission = options.submission;
  std::uint64_t connections = options.limits.connections, message = options.message_octets_max;
  auto idle = static_cast<std::uint64_t>(options.limits.idle / sim::kSecond);
  std::uint64_t record = options.limits.record_octets >> 20;
  if (!read_number(values, "smtp", kPortMax, smtp) ||
      !read_number(values, "pop3", kPortMax, pop3) ||
      !read_number(values, "submission", kPortMax, submission) ||
      !read_number(values, "connections", 10'000, connections) ||
      !read_number(values, "idle", kMany, idle) ||
      !read_number(values, "message-size", kMany, message) ||
      !read_number(values, "record-size", 1 << 20, record))
    return false;
  if (values.count("listen")) options.address = values["listen"].as<std::string>();
  options.smtp = static_cast<std::uint16_t>(smtp);
  options.pop3 = static_cast<std::uint16_t>(pop3);
  options.submission = static_cast<std::uint16_t>(submission);
  options.limits.connections = connections;
  options.limits.connections_per_address =
      values.count("connections") ? connections : options.limits.connections_per_address;
  options.limits.idle = static_cast<sim::Time>(idle) * sim::kSecond;
  options.limits.record_octets = record << 20;
  options.message_octets_max = message;
  return true;
}

// Said before anything is served: at the end the record would be lost.
bool can_write(const std::string& file) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  std::error_code failed;
  if (std::filesystem::is_directory(folder, failed) && ::access(folder.c_str(), W_OK) == 0 &&
      !std::filesystem::is_directory(file, failed))
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
    live.on_mail([this](const trace::Mail& mail, const trace::Connection& connection) {
      ++mails;
      if (shows_progress()) tell(mail, connection);
    });
    live.on_full([] {
      fmt::print(stderr,
                 "mailscope: the record is full: guests are served and no longer recorded\n");
    });
  }

  static void tell(const trace::Mail& mail, const trace::Connection& connection) {
    std::string to;
    for (const std::string& one : mail.to) to += (to.empty() ? "" : ", ") + bracketed(one);
    fmt::print(stderr, "{} -> {}  {} octets, from {} to {}\n", connection.client.address.text(),
               connection.server.address.text(), mail.octets, bracketed(mail.from), to);
  }

  std::uint64_t mails = 0;
};

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
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

int save(scenarios::Live& live, const po::variables_map& values) {
  if (!values.count("pcap") && !values.count("json")) return kDone;
  const trace::Trace& trace = live.finish();
  if (values.count("json"))
    export_::write_json(std::cout, trace,
                        {.exchanges = values.count("exchanges") > 0,
                         .show_secrets = values.count("show-secrets") > 0});
  if (!values.count("pcap")) return kDone;
  const auto written = export_::write_pcap(trace, values["pcap"].as<std::string>());
  return written ? kDone : fail(kWrongUsage, written.error());
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
  po::variables_map values;
  if (const auto over = read_options(arguments, describe_options(), "SCENARIO", kUsage, values))
    return *over;
  const auto names =
      values.count("SCENARIO") ? values["SCENARIO"].as<Arguments>() : Arguments{"maa"};
  if (names.size() != 1)
    return fail(kWrongUsage, fmt::format("serve wants one scenario; usage: {}", kUsage.synopsis));
  const bool view = values.count("view") > 0;
  if (view && !can_open_window())
    return fail(kWrongUsage, "there is no window to be had here; leave out --view");
  if (values.count("pcap") && !can_write(values["pcap"].as<std::string>())) return kWrongUsage;
  const auto scenario = scenarios::load_scenario(names[0]);
  if (!scenario) return fail(kWrongUsage, scenario.error());
  scenarios::LiveOptions options;
  if (view) options.limits.record_octets = kViewedRecordOctets;
  if (!read_live_options(values, options)) return kWrongUsage;
  auto live = scenarios::Live::open(*scenario, options);
  if (!live) return fail(kWrongUsage, live.error());

  Reporter reporter(**live);
  (*live)->catch_signals();
  for (const scenarios::LivePort& port : (*live)->ports())
    std::cout << fmt::format("listening {} {} {}:{}\n", port.protocol, port.host, port.address,
                             port.port);
  std::cout << "ready" << std::endl;
  int code = kDone;
  if (view) code = watch(**live);
  while (!view && !(*live)->stopped()) (*live)->serve_for(kTurn);
  (*live)->shut_down();
  if (!values.count("json")) print_summary((*live)->counts(), reporter.mails);
  const int saved = save(**live, values);
  std::cout.flush();
  return code != kDone ? code : saved;
}

}  // namespace mailscope::cli
