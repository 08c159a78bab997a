#include "protocols/pop3/client.hpp"

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::pop3 {
namespace {

std::optional<std::uint64_t> parse_octets(std::string_view digits) {
  if (digits.empty() || digits.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

struct TwoWords {
  std::string_view first, second;
};
// RFC 1939 §5 allows more text behind the second word, and a client is to pass over it.
TwoWords two_words(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return {text, {}};
  const std::string_view rest = text.substr(space + 1);
  return {text.substr(0, space), rest.substr(0, rest.find(' '))};
}

// A server with more of them is not believed.
constexpr std::size_t kCapabilitiesMax = 100;

//   capability = tag *(SP param)                       ; RFC 2449 §3
bool has_tag(std::string_view capability, std::string_view tag) {
  return equal_no_case(two_words(capability).first, tag);
}

}  // namespace

Client::Client(ClientOptions options) : options_(std::move(options)) {}

void Client::receive(std::string_view octets) {
  while (!wants_close_ && !octets.empty()) {
    if (multi_line_ && (outstanding_ == Verb::Retr || outstanding_ == Verb::Top)) {
      take_content(octets);
    } else if (const std::optional<Line> next = lines_.next(octets)) {
      line(*next);
    }
  }
}

void Client::receive_eof() {
  if (wants_close_) return;
  wants_close_ = true;
  events_.push_back(ConnectionClosed{});
}

std::optional<ClientEvent> Client::next_event() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::string Client::take_output() {
  return std::exchange(output_, {});
}

void Client::line(const Line& line) {
  if (!multi_line_) return status_line(line.text);
  if (line.text == ".") return multi_line_done();
  listing_line(line.text.starts_with('.') ? line.text.substr(1) : line.text);
}

//   status-line = ("+OK" / "-ERR") [SP text] CRLF     ; RFC 1939 §3: upper case
//   continue-req = "+" SP [base64] CRLF                ; RFC 5034 §5
void Client::status_line(std::string_view text) {
  if (outstanding_ == Verb::Auth && sasl_ && (text == "+" || text.starts_with("+ ")))
    return challenged(text.substr(std::min<std::size_t>(2, text.size())));
  const bool ok = text.starts_with("+OK");
  if (!ok && !text.starts_with("-ERR")) return give_up("neither +OK nor -ERR");
  text.remove_prefix(ok ? 3 : 4);
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (outstanding_ != Verb::Connect) session_.reply(ok);
  answered(ok, text);
}

void Client::answered(bool ok, std::string_view text) {
  const bool is_login =
      outstanding_ == Verb::Pass || outstanding_ == Verb::Apop || outstanding_ == Verb::Auth;
  if (is_login) events_.push_back(LoginAnswered{ok, std::string(text)});
  if (outstanding_ == Verb::Quit) {
    wants_close_ = true;
    if (!ok) return events_.push_back(Refused{Verb::Quit, std::string(text)});
    return events_.push_back(Finished{retrieved_, deleted_});
  }
  if (!ok) return refused(text);
  switch (outstanding_) {
    case Verb::Connect:
      greeting_ = text;
      return greeted();
    case Verb::Utf8:
      return log_in();
    case Verb::User:
      return send(Verb::Pass, options_.password);
    case Verb::Pass:
    case Verb::Apop:
    case Verb::Auth:
      return logged_in();
    case Verb::Stat: {
      const TwoWords counts = two_words(text);
      const auto messages = parse_number(counts.first);
      const auto octets = parse_octets(counts.second);
      if (!messages || !octets) return give_up("no counts in the answer to STAT");
      events_.push_back(MaildropSeen{*messages, *octets});
      return *messages == 0 ? send(Verb::Quit) : send(Verb::List);
    }
    case Verb::Dele:
      ++deleted_;
      ++at_;
      return next_message();
    default:  // CAPA, LIST, UIDL, RETR, TOP
      multi_line_ = true;
      decoder_.reset();
  }
}

void Client::refused(std::string_view text) {
  if (outstanding_ == Verb::Capa || outstanding_ == Verb::Utf8) return log_in();
  sasl_.reset();
  events_.push_back(Refused{outstanding_, std::string(text)});
  switch (outstanding_) {
    case Verb::Connect:
      wants_close_ = true;
      return;
    case Verb::Retr:
    case Verb::Top:
    case Verb::Dele:
      ++at_;
      return next_message();
    default:
      return send(Verb::Quit);
  }
}

void Client::multi_line_done() {
  multi_line_ = false;
  if (outstanding_ == Verb::Retr || outstanding_ == Verb::Top) return message_over();
  if (outstanding_ == Verb::Capa) {
    const bool utf8 = std::any_of(capabilities_.begin(), capabilities_.end(),
                                  [](const std::string& line) { return has_tag(line, "UTF8"); });
    return options_.utf8 && utf8 ? send(Verb::Utf8) : log_in();
  }
  if (outstanding_ == Verb::List) {
    std::sort(list_.begin(), list_.end(),
              [](const Listed& a, const Listed& b) { return a.number < b.number; });
    if (options_.uidl) return send(Verb::Uidl);
  }
  next_message();
}

//   scan-listing = msg SP octets            unique-id-listing = msg SP unique-id
void Client::listing_line(std::string_view text) {
  if (outstanding_ == Verb::Capa) {
    if (capabilities_.size() < kCapabilitiesMax) capabilities_.emplace_back(text);
    return;
  }
  const TwoWords words = two_words(text);
  const auto number = parse_number(words.first);
  if (!number || *number == 0) return give_up("a listing line without a message number");
  if (outstanding_ == Verb::List) {
    if (list_.size() == kMessagesMax) return give_up("more messages than this client takes");
    list_.push_back({*number, parse_octets(words.second).value_or(0), {}});
    return;
  }
  const auto found =
      std::lower_bound(list_.begin(), list_.end(), *number,
                       [](const Listed& a, std::uint32_t n) { return a.number < n; });
  if (found != list_.end() && found->number == *number) found->uid = words.second;
}

void Client::take_content(std::string_view& octets) {
  const std::size_t before = octets.size();
  while (!octets.empty() && !decoder_.finished()) content_ += decoder_.next(octets);
  lines_.skip(before - octets.size());
  if (content_.size() > options_.message_octets_max)
    return give_up("the message is larger than this client takes");
  if (decoder_.finished()) multi_line_done();
}

bool Client::is_known(const std::string& uid) const {
  return !uid.empty() && options_.known_uids.count(uid) > 0;
}

void Client::next_message() {
  while (options_.keep && at_ < list_.size() && is_known(list_[at_].uid)) ++at_;
  if (at_ == list_.size()) return send(Verb::Quit);
  const Listed& listed = list_[at_];
  const std::string number = std::to_string(listed.number);
  if (is_known(listed.uid)) return send(Verb::Dele, number);
  if (options_.whole_octets_max && listed.octets > *options_.whole_octets_max)
    return send(Verb::Top, number + " 0");
  send(Verb::Retr, number);
}

void Client::message_over() {
  const Listed& listed = list_[at_];
  std::string content = std::exchange(content_, {});
  if (outstanding_ == Verb::Top) {
    events_.push_back(
        HeaderRetrieved{listed.number, listed.octets, listed.uid, std::move(content)});
  } else {
    ++retrieved_;
    events_.push_back(MessageRetrieved{listed.number, listed.uid, std::move(content)});
    if (!options_.keep) return send(Verb::Dele, std::to_string(listed.number));
  }
  ++at_;
  next_message();
}

void Client::send(Verb verb, std::string_view argument) {
  if (argument.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    return give_up("a name or password that holds a line end");
  outstanding_ = verb;
  session_.command(verb, !argument.empty());
  output_ += name(verb);
  if (!argument.empty()) output_.append(1, ' ').append(argument);
  output_ += "\r\n";
}

void Client::give_up(std::string_view text) {
  events_.push_back(Refused{outstanding_, std::string(text)});
  wants_close_ = true;
}

}  // namespace mailscope::pop3
