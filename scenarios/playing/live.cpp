#include "scenarios/playing/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "captures/languages/languages.hpp"
#include "scenarios/playing/kept_spool.hpp"
#include "scenarios/playing/record_meter.hpp"
#include "scenarios/playing/recorded_frames.hpp"
#include "scenarios/playing/stage.hpp"
#include "sim/live/files.hpp"
#include "sim/live/maildir.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;

// A turn of fewer frames leaves time to read so many that wait.
constexpr std::size_t kQuietFrames = 2000, kFramesReadMax = 10 * kQuietFrames;
// What reading makes of an octet of the store at most: of "\n" a PDU, its exchange and a place in
// each array that grows.
constexpr std::uint64_t kReadFactor = 128;

struct ServiceKind {
  std::string_view name;
  std::uint16_t port;  // where the simulated program listens
  std::uint16_t LiveOptions::*first;
  bool smtp;
};
constexpr ServiceKind kServices[] = {
    {"smtp", 25, &LiveOptions::smtp, true},
    {"pop3", 110, &LiveOptions::pop3, false},
    {"imap", 143, &LiveOptions::imap, false},
    {"submission", 587, &LiveOptions::submission, true},
};

std::int64_t unix_nanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// From the operating system.
std::string random_octets(std::size_t count) {
  std::random_device source;
  std::string octets;
  while (octets.size() < count) octets += static_cast<char>(source() & 0xff);
  return octets;
}

// The scenario as it is served: now, with a submission port, open to its own domains and no other,
// on disks that make nobody wait (but are written after the message has come). Who takes mail for
// others has an MTA client, too, also where the lesson does without: a user may answer a letter.
Scenario prepared(const Scenario& scenario, const LiveOptions& options, std::int64_t begin) {
  Scenario served = scenario;
  served.begin = begin / sim::kSecond;
  const std::string secret = random_octets(32);
  for (HostSpec& host : served.hosts) {
    sim::MailConfig& mail = host.mail;
    for (const HostSpec& other : scenario.hosts)
      if (!other.domain.empty()) mail.server.relay_domains.push_back(other.domain);
    mail.server.submission = !host.domain.empty();
    if (!host.domain.empty() && host.has(AgentKind::MtaServer) && !host.has(AgentKind::MtaClient))
      host.agents.push_back(AgentKind::MtaClient);
    mail.server.smtp.message_octets_max =
        std::min(mail.server.smtp.message_octets_max, options.message_octets_max);
    mail.server.idle_timeout = std::min(mail.server.idle_timeout, options.limits.idle);
    mail.imap = true;
    mail.disk.write = sim::kMicrosecond;
    mail.secret = secret;
    if (mail.disk.octets_max == 0) mail.disk.octets_max = options.disk_octets_max;
  }
  return served;
}

// The end of the record, where it is not the end of the session.
std::string full_text(std::uint64_t unrecorded) {
  std::string text = "the record is full: what came later was served and is not in it";
  if (unrecorded > 0)
    text += fmt::format(", among it {} {}", unrecorded,
                        unrecorded == 1 ? "new connection" : "new connections");
  return text;
}

}  // namespace

struct Live::Impl {
  Impl(const Scenario& given, const LiveOptions& the_options)
      : options(the_options),
        begin(unix_nanoseconds()),
        scenario(prepared(given, the_options, begin)),
        stage(scenario, scenario.seed, {}, record, {.people = false}),
        loop(stage.network(), record, stage.recorder(), options.limits) {
    trace::Source& source = record.source;
    source.name = scenario.name;
    source.title = scenario.title;
    source.seed = scenario.seed;
    source.begin = begin;
    source.kind = trace::SourceKind::Socket;
    if (!options.limits.record) record_no_more();
    loop.measure_with([this] { return measured(); });
    loop.on_full([this] {
      recorded_until = stage.simulator().now();
      record.source.summary =
          "The record is full: guests are served, and it shows no more of "
          "them. " +
          record.source.summary;
      record_no_more();
      add_full_finding();
      if (on_full) on_full();
    });
    for (const auto& [name, machine] : stage.machines())
      machine->on_taken = [this, &server = machine->name()](const sim::TakenMail& mail) {
        if (on_mail) on_mail({mail, server, !is_ours(mail.client)});
      };
  }

  void add_full_finding() {
    trace::Finding finding;
    finding.severity = trace::Severity::Warning;
    finding.code = "record.full";
    finding.at = recorded_until;
    finding.text = full_text(0);
    full = static_cast<Id>(record.findings.size());
    record.findings.push_back(std::move(finding));
  }

  void settle() {
    if (full != kNone) record.findings[full].text = full_text(loop.counts().unrecorded);
    reader.settle();
  }

  void record_no_more() {
    stage.network().set_tap(nullptr);
    for (const auto& [name, machine] : stage.machines()) machine->teller().stop();
  }

  bool is_ours(IpAddress address) const {
    return std::ranges::any_of(stage.machines(), [&](const auto& named) {
      return !address.is_loopback() && named.second->node().has_address(address);
    });
  }

  // What the record takes. Frames that are not read yet count for what they may become; only when
  // that matters are they read at once.
  std::uint64_t measured() {
    const std::uint64_t unread = record.store.memory_octets() - octets_read;
    const std::uint64_t known = meter.octets();
    if (unread == 0 || known + unread * kReadFactor < options.limits.record_octets) return known;
    read();
    return meter.octets();
  }

  void read(std::size_t frames_max = SIZE_MAX) {
    reader.read(frames_max);
    if (reader.frames_read() == record.frames.size()) octets_read = record.store.memory_octets();
  }

  tl::expected<void, std::string> listen(const IpAddress& address) {
    for (const ServiceKind& kind : kServices) {
      std::uint16_t port = options.*kind.first;
      for (const HostSpec& host : scenario.hosts) {
        sim::Node& node = stage.machine(host.name).node();
        if (!listens(node, kind.port)) continue;
        const auto given =
            loop.listen(service(kind, host, stage.machine(host.name)), address, port);
        if (!given) return tl::unexpected(given.error());
        ports.push_back({std::string(kind.name), host.name, address.text(), *given});
        if (port == 65535) return tl::unexpected(fmt::format("there is no port above {}", port));
        if (port != 0) ++port;
      }
    }
    if (ports.empty())
      return tl::unexpected(
          fmt::format("{}: this scenario has no mail server to serve", scenario.file));
    record.source.summary = invitation();
    return {};
  }

  // The users' mailboxes, before anybody is served.
  tl::expected<void, std::string> open_maildirs() {
    if (options.maildir.empty()) return {};
    for (const UserSpec& user : scenario.users) {
      sim::MailStore& store = stage.machine(user.server).store();
      if (!store.account(user.name)) continue;
      auto opened = sim::open_maildir(options.maildir, user.name).and_then([&](auto storage) {
        return mailbox::open_account(user.name, std::move(storage),
                                     static_cast<std::uint32_t>(scenario.begin));
      });
      if (!opened) return tl::unexpected(opened.error().text);
      store.keep_outside(user.name, *std::move(opened));
    }
    return open_spools();
  }

  // No user's folder begins with a dot.
  tl::expected<void, std::string> open_spools() {
    const std::string folder = options.maildir + "/.spool";
    if (auto made = sim::files::make_folder(folder); !made)
      return tl::unexpected(made.error().text);
    for (const auto& [name, machine] : stage.machines()) {
      if (!machine->store().has_spool()) continue;
      auto spool = KeptSpool::open(folder + '/' + name);
      if (!spool) return tl::unexpected(spool.error().text);
      spools.push_back(*std::move(spool));
      if (auto again = spool_again(*machine, *spools.back()); !again) return again;
    }
    return {};
  }

  // What an earlier program had taken and not yet handed on.
  static tl::expected<void, std::string> spool_again(sim::Machine& machine, KeptSpool& spool) {
    auto left = spool.left();
    if (!left) return tl::unexpected(left.error().text);
    if (!left->empty())
      machine.store().spool().count_from(
          std::max(machine.store().spool().next_number(), left->back().number + 1));
    machine.store().keep_spool(spool);
    for (sim::SpooledMail& mail : *left) {
      const std::uint64_t number = mail.number;
      machine.spool(std::move(mail), "a mail that was in the spool before the program ended");
      if (const std::string trouble = machine.store().take_trouble(); !trouble.empty())
        return tl::unexpected(trouble);
      spool.drop(number);
    }
    return {};
  }

  static sim::LiveService service(const ServiceKind& kind, const HostSpec& host,
                                  sim::Machine& machine) {
    sim::LiveService service{&machine.node(), kind.port, {}, {}, {}, kind.name == "pop3"};
    if (kind.name == "imap") {
      service.turned_away = "* BYE ";
      service.idle = "* BYE Idle for too long";
      service.shut_down = "* BYE The service is not available";
      service.idle_times = 3;  // RFC 9051 §5.4: half an hour for ten minutes
      return service;
    }
    if (!kind.smtp) {  // RFC 1939 §3: a session that is idle is closed without a word
      service.turned_away = "-ERR ";
      return service;
    }
    // RFC 3463 codes, but not in a greeting (RFC 2034 §4).
    const bool codes = host.mail.server.smtp.enhanced_status_codes && !host.mail.classic;
    const auto line = [&](std::string_view code, std::string_view text) {
      return fmt::format("421 {}{} {}", codes ? code : "", machine.mail_name(), text);
    };
    service.turned_away = line("", "");
    service.idle = line("4.4.2 ", "Idle for too long, closing transmission channel");
    service.shut_down = line("4.3.2 ", "Service not available, closing transmission channel");
    return service;
  }

  std::string invitation() const {
    std::string text =
        "Its mail servers stand on ports of this machine, for real mail programs. Users have their "
        "own name as password.";
    for (const LivePort& port : ports)
      text += fmt::format(" {} {}: {}:{}.", port.host, port.protocol, port.address, port.port);
    return text;
  }

  static bool listens(const sim::Node& node, std::uint16_t port) {
    const auto sockets = node.sockets();
    return std::ranges::any_of(sockets, [&](const sim::SocketInfo& socket) {
      return socket.listening && socket.local.port == port;
    });
  }

  LiveOptions options;
  std::int64_t begin;
  Scenario scenario;
  Trace record;
  std::vector<std::unique_ptr<KeptSpool>> spools;  // outlive the stage
  Stage stage;
  sim::LiveLoop loop;
  RecordReader reader{record, stage.recorder()};
  RecordMeter meter{record};
  std::uint64_t octets_read = 0;  // of the store
  trace::Time recorded_until = trace::kNever;
  Id full = kNone;  // the finding that says so
  std::vector<LivePort> ports;
  std::function<void(const LiveMail&)> on_mail;
  std::function<void()> on_full;
};

Live::Live(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Live::~Live() = default;

tl::expected<std::unique_ptr<Live>, std::string> Live::open(const Scenario& scenario,
                                                            const LiveOptions& options) {
  const auto address = IpAddress::parse(options.address);
  if (!address || address->v6)
    return tl::unexpected(
        fmt::format("\"{}\" is not an IPv4 address; write 127.0.0.1", options.address));
  auto impl = std::make_unique<Impl>(scenario, options);
  if (const auto opened = impl->open_maildirs(); !opened) return tl::unexpected(opened.error());
  if (const auto listening = impl->listen(*address); !listening)
    return tl::unexpected(listening.error());
  return std::unique_ptr<Live>(new Live(std::move(impl)));
}

const std::vector<LivePort>& Live::ports() const {
  return impl_->ports;
}
void Live::catch_signals() {
  impl_->loop.catch_signals();
}
bool Live::stopped() const {
  return impl_->loop.stopped();
}

void Live::serve_for(sim::Time wall) {
  const std::size_t before = impl_->record.frames.size();
  impl_->loop.serve_for(wall);
  if (impl_->record.frames.size() - before < kQuietFrames) impl_->read(kFramesReadMax);
}

void Live::shut_down() {
  impl_->loop.shut_down();
}

void Live::release_signals() {
  impl_->loop.release_signals();
}

void Live::on_mail(std::function<void(const LiveMail&)> call) {
  impl_->on_mail = std::move(call);
}
void Live::on_full(std::function<void()> call) {
  impl_->on_full = std::move(call);
}

const sim::LiveCounts& Live::counts() const {
  return impl_->loop.counts();
}
std::uint64_t Live::grown() const {
  const Trace& record = impl_->record;
  const bool full = impl_->recorded_until != trace::kNever;
  return record.frames.size() + record.changes.size() + (full ? 1 : 0);
}

void Live::settle() {
  impl_->settle();
}

const Trace& Live::trace() const {
  return impl_->record;
}

const Trace& Live::finish() {
  impl_->settle();
  impl_->reader.finish();
  return impl_->record;
}

}  // namespace mailscope::scenarios
