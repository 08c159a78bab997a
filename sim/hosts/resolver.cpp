#include "sim/hosts/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/hosts/words.hpp"

namespace mailscope::sim {
namespace {

using Status = Resolved::Status;

// What the timers say.
constexpr std::uint64_t kDeadline = 0, kExpiry = 1;
constexpr std::uint16_t kFirstPort = 49152;
constexpr std::uint32_t kTtlMax = 7 * 86'400;        // RFC 8767 §4
constexpr std::uint32_t kNegativeTtlMax = 3 * 3600;  // RFC 2308 §5
constexpr std::uint32_t kTtlNonsense = 0x8000'0000;  // RFC 2181 §8: counts as zero

std::uint32_t sane(std::uint32_t ttl, std::uint32_t max) {
  return ttl >= kTtlNonsense ? 0 : std::min(ttl, max);
}

// How long it may be remembered that there is nothing (RFC 2308 §5); without a SOA not at all.
std::uint32_t negative_ttl(const dns::Message& message) {
  for (const dns::Record& record : message.authority)
    if (const auto* soa = std::get_if<dns::Soa>(&record.data))
      return sane(std::min(record.ttl, soa->minimum), kNegativeTtlMax);
  return 0;
}

bool has_soa(const dns::Message& message) {
  return std::any_of(message.authority.begin(), message.authority.end(),
                     [](const dns::Record& r) { return r.type == dns::Type::Soa; });
}

// The record that says what the name stands for.
const dns::Record* alias_record(const std::vector<dns::Record>& records, std::string_view name) {
  for (const dns::Record& record : records)
    if (record.type == dns::Type::Cname && std::holds_alternative<dns::Target>(record.data) &&
        dns::equal_names(record.name, name))
      return &record;
  return nullptr;
}

Resolved alias_of(const std::string& name, const dns::Message& message) {
  return {Status::Found, {}, name, {*alias_record(message.answers, name)}, false};
}

Resolved failed(std::string why) {
  return {Status::Failed, std::move(why), {}, {}, false};
}

// Only an alias was learned; the question has to be asked about its target.
bool is_alias(const Resolved& resolved) {
  return resolved.status == Status::Found && resolved.records.empty();
}

}  // namespace

Resolver::Resolver(Machine& machine, ResolverOptions options)
    : Process(machine, trace::AgentKind::Resolver, "resolver"),
      options_(std::move(options)),
      random_(options_.seed, "resolver " + machine.name()),
      timer_(machine.simulator(), *this, kDeadline),
      expiry_(machine.simulator(), *this, kExpiry) {}

void Resolver::start() {
  tell_cache("the resolver knows nothing yet");
}

void Resolver::stop() {
  timer_.cancel();
  expiry_.cancel();
  pending_.clear();
  cache_.clear();
}

void Resolver::resolve(std::string_view name, dns::Type type, Then then) {
  if (!dns::is_name(name))
    return then({Status::NoSuchName, "this is no domain name", std::string(name), {}, false});
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  step(std::string(name), type, 0, std::move(then));
}

const Resolver::Entry* Resolver::remembered(const Key& key) const {
  const auto found = cache_.find(key);
  return found != cache_.end() && found->second.expires > machine_.simulator().now()
             ? &found->second
             : nullptr;
}

void Resolver::step(const std::string& name, dns::Type type, int aliases, Then then) {
  if (aliases > kAliasesMax) return then(failed("one name stands for another without an end"));
  if (const Entry* entry = remembered({lower_case(name), type})) {
    tell_cache("remembered: " + entry->words);
    return then(Resolved(entry->resolved));  // a copy: `then` may change the cache
  }
  if (const Entry* alias = remembered({lower_case(name), dns::Type::Cname});
      alias && !alias->resolved.records.empty()) {
    tell_cache("remembered: " + alias->words);
    const auto& target = std::get<dns::Target>(alias->resolved.records.front().data);
    return step(std::string(target.name), type, aliases + 1, std::move(then));
  }
  ask(name, type, [this, type, aliases, then = std::move(then)](const Resolved& resolved) {
    if (is_alias(resolved)) return step(resolved.name, type, aliases + 1, then);
    then(resolved);
  });
}

// ---- questions ----

void Resolver::ask(const std::string& name, dns::Type type, Then then) {
  const Key key{lower_case(name), type};
  if (const auto found = pending_.find(key); found != pending_.end()) {
    found->second.waiting.push_back(std::move(then));
    return;
  }
  const std::uint16_t port = options_.servers.empty() ? std::uint16_t{0} : bind_somewhere();
  if (port == 0) return then(failed("this host knows no DNS server"));
  Pending& pending = pending_[key];
  pending.question = {name, type};
  pending.port = port;
  pending.id = static_cast<std::uint16_t>(random_.below(65536));
  pending.waiting.push_back(std::move(then));
  socket_call(Syscall::Socket);
  send_query(pending);
  arm();
}

std::uint16_t Resolver::bind_somewhere() {
  for (int i = 0; i < 8; ++i) {
    const auto port = static_cast<std::uint16_t>(kFirstPort + random_.below(65536 - kFirstPort));
    if (machine_.network().bind(port, *this) != 0) return port;
  }
  return machine_.network().bind(0, *this);
}

void Resolver::send_query(Pending& pending) {
  const IpAddress server =
      options_.servers[static_cast<std::size_t>(pending.tries) % options_.servers.size()];
  if (std::find(pending.asked.begin(), pending.asked.end(), server) == pending.asked.end())
    pending.asked.push_back(server);
  ++pending.tries;
  pending.deadline = machine_.simulator().now() + options_.timeout;
  dns::Message query;
  query.id = pending.id;
  query.recursion_desired = true;
  query.questions.push_back(pending.question);
  const std::string octets = dns::encode(query);
  // Where there is no way to the server, no answer comes either.
  machine_.network().send_to(pending.port, server, dns::kPort, octets);
  socket_call(Syscall::SendTo, {server, dns::kPort}, octets.size());
}

void Resolver::on_event(std::uint64_t token) {
  if (token == kExpiry) return forget();
  time_out();
}

void Resolver::time_out() {
  const Time now = machine_.simulator().now();
  std::vector<Key> given_up;
  for (auto& [key, pending] : pending_) {
    if (pending.deadline > now) continue;
    if (pending.tries < options_.tries)
      send_query(pending);
    else
      given_up.push_back(key);
  }
  for (const Key& key : given_up) finish(key, failed("no DNS server answers"));
  arm();
}

void Resolver::arm() {
  Time earliest = kNever;
  for (const auto& [key, pending] : pending_) earliest = std::min(earliest, pending.deadline);
  if (earliest == kNever)
    timer_.cancel();
  else
    timer_.arm_at(earliest);
}

// ---- answers ----

void Resolver::on_datagram(const Datagram& datagram) {
  socket_call(Syscall::RecvFrom, datagram.from, datagram.octets.size());
  const auto message = dns::decode(datagram.octets);
  for (const auto& [key, pending] : pending_) {
    if (pending.port != datagram.to.port) continue;
    const bool from_server =
        datagram.from.port == dns::kPort && std::find(pending.asked.begin(), pending.asked.end(),
                                                      datagram.from.address) != pending.asked.end();
    const bool fits = from_server && message && message->response && message->id == pending.id &&
                      message->questions.size() == 1 &&
                      message->questions.front().type == pending.question.type &&
                      dns::equal_names(message->questions.front().name, pending.question.name);
    if (fits) return take_answer(Key(key), *message);
  }
  tell(VariableKind::Dropped, "datagram", "an answer to no question of ours is dropped");
}

void Resolver::take_answer(const Key& key, const dns::Message& message) {
  Pending& pending = pending_.at(key);
  std::uint32_t ttl = 0;
  const Resolved resolved = read(pending.question, message, ttl);
  if (resolved.status == Status::Failed) {
    // Another server may know better.
    if (options_.servers.size() > 1 && pending.tries < options_.tries) {
      send_query(pending);
      return arm();
    }
    return finish(key, resolved);
  }
  std::string words = dns::words_of_answers(message);
  if (pending.question.type == dns::Type::Mx && resolved.status == Status::Found)
    words = fmt::format("{} {}", dns::words(pending.question), words);
  if (is_alias(resolved))
    remember({key.first, dns::Type::Cname}, alias_of(pending.question.name, message), ttl, words);
  else
    remember(key, resolved, ttl, words);
  finish(key, resolved);
}

// What the message says about the question; `ttl` for how long.
Resolved Resolver::read(const dns::Question& question, const dns::Message& message,
                        std::uint32_t& ttl) {
  if (message.truncated) return failed("the DNS server's answer did not fit into a datagram");
  if (message.rcode != dns::Rcode::NoError && message.rcode != dns::Rcode::NxDomain)
    return failed(fmt::format("the DNS server says {}", dns::name(message.rcode)));
  Resolved resolved;
  resolved.name = question.name;
  ttl = kTtlMax;
  for (int aliases = 0;; ++aliases) {
    for (const dns::Record& record : message.answers) {
      if (record.type != question.type || !dns::equal_names(record.name, resolved.name)) continue;
      ttl = std::min(ttl, sane(record.ttl, kTtlMax));
      resolved.records.push_back(record);
    }
    if (!resolved.records.empty()) {
      resolved.status = Status::Found;
      return resolved;
    }
    const dns::Record* alias = alias_record(message.answers, resolved.name);
    if (!alias) break;
    if (aliases == kAliasesMax) return failed("one name stands for another without an end");
    ttl = std::min(ttl, sane(alias->ttl, kTtlMax));
    resolved.name = std::get<dns::Target>(alias->data).name;
  }
  if (message.rcode == dns::Rcode::NxDomain) {
    resolved.status = Status::NoSuchName;
    resolved.why = fmt::format("there is no {}", resolved.name);
  } else if (resolved.name != question.name && !has_soa(message)) {
    resolved.status = Status::Found;  // an alias, see is_alias()
    return resolved;
  } else {
    resolved.status = Status::NoData;
    resolved.why = fmt::format("{} has no {} record", resolved.name, dns::name(question.type));
  }
  ttl = std::min(ttl, negative_ttl(message));
  return resolved;
}

void Resolver::finish(const Key& key, const Resolved& resolved) {
  auto pending = pending_.extract(key);
  if (pending.empty()) return;
  machine_.network().unbind(pending.mapped().port);
  socket_call(Syscall::Close);
  arm();
  const std::uint32_t boots = machine_.boots();
  for (const Then& then : pending.mapped().waiting)
    if (machine_.boots() == boots) then(resolved);
}

// ---- the cache ----

void Resolver::remember(const Key& key, Resolved resolved, std::uint32_t ttl,
                        const std::string& words) {
  if (ttl == 0) return;
  if (cache_.size() >= kCacheMax)
    cache_.erase(std::min_element(cache_.begin(), cache_.end(), [](const auto& a, const auto& b) {
      return a.second.expires < b.second.expires;
    }));
  resolved.from_cache = true;
  const Time expires = machine_.simulator().now() + Time{ttl} * kSecond;
  cache_[key] = {std::move(resolved), expires, words};
  tell_cache(fmt::format("learned for {} s: {}", ttl, words));
  if (!expiry_.armed() || expires < expiry_.deadline())
    expiry_.arm_background_after(Time{ttl} * kSecond);
}

void Resolver::forget() {
  const Time now = machine_.simulator().now();
  const std::size_t gone =
      std::erase_if(cache_, [&](const auto& entry) { return entry.second.expires <= now; });
  if (gone > 0)
    tell_cache(gone == 1 ? "one answer is too old: forgotten"
                         : fmt::format("{} answers are too old: forgotten", gone));
  Time earliest = kNever;
  for (const auto& [key, entry] : cache_) earliest = std::min(earliest, entry.expires);
  if (earliest != kNever) expiry_.arm_background_after(earliest - now);
}

void Resolver::tell_cache(std::string text) {
  tell(VariableKind::Cache, std::uint64_t{cache_.size()}, std::move(text));
}

}  // namespace mailscope::sim
