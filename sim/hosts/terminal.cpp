#include "sim/hosts/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {
namespace {

// Of a line that nobody ends.
constexpr std::size_t kLineOctetsMax = 64 * 1024;

bool is_reply_code(std::string_view line) {
  return line.size() >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]);
}

bool ends_reply(std::string_view line) {
  if (is_reply_code(line)) return line.size() == 3 || line[3] != '-';
  return line.starts_with("+OK") || line.starts_with("-ERR") || line.starts_with("+ ");
}

int hex(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string octets_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'r')
      out += '\r';
    else if (kind == 'n')
      out += '\n';
    else if (kind == 't')
      out += '\t';
    else if (kind == '0')
      out += '\0';
    else if (kind == 'x' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += kind;
    }
  }
  return out;
}

std::optional<Time> time_of(std::string_view text) {
  text = trim(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 1'000'000) return std::nullopt;
  const std::string_view unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit == "ms") return number * kMillisecond;
  if (unit == "s") return number * kSecond;
  if (unit == "min") return number * kMinute;
  return std::nullopt;
}

}  // namespace

Terminal::Terminal(Machine& machine, Account user)
    : Process(machine, trace::AgentKind::Terminal,
              user.name.empty() ? "terminal" : user.name + "'s terminal"),
      user_(std::move(user)),
      timer_(machine.simulator(), *this, 0) {}

void Terminal::start() {
  become(State::Idle, "nobody types at the terminal");
}

void Terminal::stop() {
  timer_.cancel();
  talks_.clear();
  stream_ = nullptr;
}

void Terminal::talk(std::string host, std::uint16_t port, std::vector<std::string> lines,
                    Time pause) {
  if (!machine_.powered()) return;
  talks_.push_back({std::move(host), port, std::move(lines), pause});
  if (!talking()) begin();
}

void Terminal::begin() {
  while (!talks_.empty() && !talking()) {
    const Talk& talk = talks_.front();
    addresses_ = machine_.hosts.to_try(talk.host, machine_.network());
    const auto literal = IpAddress::parse(talk.host);
    if (addresses_.empty() && literal) addresses_.push_back(*literal);
    if (addresses_.empty()) {
      tell(VariableKind::Talk, State::Failed, fmt::format("{} is not known here", talk.host));
      talks_.pop_front();
      continue;
    }
    become(State::Running,
           fmt::format("{} opens a connection by hand to {}, port {}",
                       user_.name.empty() ? "a person" : user_.name, talk.host, talk.port));
    next_ = 0;
    awaited_ = 1;  // the greeting
    unread_.clear();
    last_.clear();
    in_content_ = serving_ = false;
    call();
    if (!stream_) talks_.pop_front();
  }
}

void Terminal::call() {
  const IpAddress address = addresses_.front();
  addresses_.erase(addresses_.begin());
  const std::uint16_t port = talks_.front().port;
  socket_call(Syscall::Socket);
  socket_call(Syscall::Connect, {address, port});
  stream_ = machine_.network().connect(address, port, *this);
}

void Terminal::on_connected(Stream& stream) {
  if (&stream == stream_) addresses_.clear();
}

void Terminal::on_octets(Stream& stream, std::string_view octets) {
  if (&stream != stream_) return;
  socket_call(Syscall::Recv, octets.size());
  heard_ += octets;
  unread_ += octets;
  std::size_t begin = 0;
  for (std::size_t end; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string line = unread_.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    take_line(line);
    if (stream_ != &stream) return;
  }
  unread_.erase(0, begin);
  if (unread_.size() > kLineOctetsMax) unread_.clear();
}

void Terminal::take_line(std::string_view line) {
  const bool message_comes = serving_ && last_.starts_with("354");
  const bool answered = serving_ ? (!message_comes || line == ".") : ends_reply(line);
  if (!answered) return;
  if (!serving_ && line.starts_with("354")) in_content_ = true;
  if (line.starts_with("250") && equal_no_case(last_, "TURN")) serving_ = true;
  if (awaited_ > 0) --awaited_;
  if (awaited_ == 0) type_after(talks_.front().pause);
}

void Terminal::type_after(Time pause) {
  if (!timer_.armed()) timer_.arm_after(pause);
}

void Terminal::on_event(std::uint64_t) {
  if (talking()) type();
}

void Terminal::type() {
  const Talk& talk = talks_.front();
  if (next_ >= talk.lines.size()) {
    if (awaited_ > 0) return;
    socket_call(Syscall::Close);
    stream_->close();
    return finish("everything is said: this side closes the connection");
  }
  const std::string& line = talk.lines[next_];
  if (line.starts_with('!') && obey(line)) return;
  if (in_content_) return type_content();
  ++next_;
  last_ = line;
  ++awaited_;
  send(*stream_, line + "\r\n");
}

// A special form; false when the line is none.
bool Terminal::obey(std::string_view line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  const std::string_view text = line.substr(std::min(space + 1, line.size()));
  const Time pause = talks_.front().pause;
  if (word == "!hangup") {
    stream_->abort();
    finish("the program resets the connection");
  } else if (word == "!close") {
    socket_call(Syscall::Close);
    stream_->close();
    finish("this side closes the connection");
  } else if (word == "!wait" && time_of(text)) {
    ++next_;
    type_after(std::max(*time_of(text), kMillisecond));
  } else if (word == "!send") {
    ++next_;
    last_ = text;
    ++awaited_;
    send(*stream_, std::string(text) + "\r\n");
    type_after(pause);
  } else if (word == "!raw") {
    ++next_;
    const std::string octets = octets_of(text);
    if (!in_content_) {
      for (std::size_t at = 0; (at = octets.find("\r\n", at)) != std::string::npos; at += 2)
        ++awaited_;
    } else if (octets.ends_with("\r\n.\r\n")) {
      in_content_ = false;
      ++awaited_;
    }
    send(*stream_, octets);
    type_after(pause);
  } else {
    return false;
  }
  return true;
}

// All lines up to the dot, or to a special form.
void Terminal::type_content() {
  const Talk& talk = talks_.front();
  std::string octets;
  while (in_content_ && next_ < talk.lines.size() && !talk.lines[next_].starts_with('!')) {
    const std::string& line = talk.lines[next_++];
    octets += line + "\r\n";
    if (line != ".") continue;
    in_content_ = false;
    last_ = line;
    ++awaited_;
  }
  send(*stream_, std::move(octets));
  if (in_content_) type_after(talk.pause);
}

void Terminal::on_eof(Stream& stream) {
  if (&stream != stream_) return;
  socket_call(Syscall::Close);
  stream_->close();
  finish("the server has closed the connection, and so does this side");
}

void Terminal::on_closed(Stream& stream, CloseReason reason) {
  if (&stream != stream_) return;
  stream_ = nullptr;
  if (!addresses_.empty()) call();
  if (!stream_) finish(fmt::format("the connection is over: {}", sim::name(reason)));
}

void Terminal::finish(std::string text) {
  timer_.cancel();
  stream_ = nullptr;
  talks_.pop_front();
  become(State::Idle, std::move(text));
  begin();
}

}  // namespace mailscope::sim
