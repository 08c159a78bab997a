#include "sim/live/guest.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace mailscope::sim {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

// Octets already written are dropped from the front when they are so many.
constexpr std::size_t kWrittenMax = 1 << 20;

}  // namespace

Guest::Guest(GuestHost& host, const LiveService& service, Socket socket, Endpoint remote,
             std::optional<FrameScribe> scribe)
    : host_(host),
      service_(service),
      socket_(std::move(socket)),
      remote_(remote),
      scribe_(std::move(scribe)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  active_ = host_.now();
  if (scribe_) scribe_->open(active_);
}

void Guest::admit() {
  admitted_ = true;
  // The program may speak, and even close or abort, before its stream is known here.
  program_ = service_.node->accept_external(service_.port, *this, remote_);
  if (!program_) return cut();
  host_.touch(*this);
}

void Guest::dismiss(std::string line) {
  if (over_ || closing_) return;
  if (!line.empty()) external_send(std::move(line) + "\r\n");
  leave_program(CloseReason::Finished);
  external_close();
}

void Guest::look_at_clock(Time now) {
  if (over_) return;
  // Without a reset: what was said last may not have been read yet.
  if (fin_sent_ && now - fin_at_ >= host_.limits.linger) return lose(CloseReason::TimedOut);
  if (fin_sent_ || now - active_ < host_.limits.idle * service_.idle_times) return;
  // Who does not take what was said is not spoken to any more.
  if (closing_ || external_backlog() > 0) return cut();
  dismiss(service_.idle);
}

// ---- what the program does ----

void Guest::external_send(std::string octets) {
  host_.backlog += octets.size();
  if (out_.empty())
    out_ = std::move(octets);
  else
    out_ += octets;
  host_.touch(*this);
}

void Guest::external_close() {
  closing_ = true;
  read_on_ = true;  // what still comes is let go
  host_.touch(*this);
}

void Guest::external_abort() {
  program_ = nullptr;
  cut();
}

void Guest::external_read(bool on) {
  read_on_ = on;
  host_.touch(*this);
}

// ---- the socket ----

bool Guest::may_read() const {
  if (over_ || eof_seen_ || reading_ || !read_on_ || lines_at_ < lines_.size()) return false;
  return external_backlog() < host_.limits.backlog_octets;
}

void Guest::wait_to_read() {
  reading_ = true;
  ++waits_;
  socket_.async_wait(Socket::wait_read, [this](const error_code& failed) {
    --waits_;
    reading_ = false;
    if (!over_ && !failed) on_readable();
    host_.touch(*this);
    host_.settle_soon();
  });
}

void Guest::wait_to_write() {
  writing_ = true;
  ++waits_;
  socket_.async_wait(Socket::wait_write, [this](const error_code&) {
    --waits_;
    writing_ = false;
    host_.catch_up();
    host_.touch(*this);
    host_.settle_soon();
  });
}

void Guest::on_readable() {
  host_.catch_up();
  const Time now = host_.now();
  if (over_ || !read_on_) return;  // something that was due has changed it
  const std::span<char> buffer = host_.buffer();
  const ssize_t count = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (count == 0) {
    eof_seen_ = true;
    if (scribe_) scribe_->fin(Direction::ToServer, now);
    return on_eof();
  }
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return;
    if (scribe_) scribe_->reset(Direction::ToServer, now);
    return lose(CloseReason::Reset);
  }
  active_ = now;
  const std::string_view octets(buffer.data(), static_cast<std::size_t>(count));
  host_.counts.octets_received += octets.size();
  record(Direction::ToServer, now, octets);
  take(octets);
}

void Guest::take(std::string_view octets) {
  if (!program_) return;  // it has closed; nobody listens
  if (!service_.by_lines) return program_->octets(octets);
  lines_ += octets;
  hand_over_lines();
}

// Each line may ask for any amount: the next one waits until there is room for an answer.
void Guest::hand_over_lines() {
  const auto room = [&] {
    return read_on_ && external_backlog() < host_.limits.backlog_octets &&
           (external_backlog() == 0 || host_.backlog < host_.limits.backlog_octets_total);
  };
  while (lines_at_ < lines_.size() && program_ && room()) {
    const std::size_t feed = lines_.find('\n', lines_at_);
    const std::size_t end = feed == std::string::npos ? lines_.size() : feed + 1;
    const std::string_view line = std::string_view(lines_).substr(lines_at_, end - lines_at_);
    lines_at_ = end;
    program_->octets(line);
  }
  if (lines_at_ == lines_.size() || !program_) {
    lines_.clear();
    lines_at_ = 0;
  }
}

void Guest::on_eof() {
  if (eof_told_ || lines_at_ < lines_.size()) return;
  eof_told_ = true;
  if (program_) program_->eof();
}

// False when the connection was lost.
bool Guest::write() {
  const Time now = host_.now();
  while (out_at_ < out_.size() && !writing_) {
    const ssize_t count =
        ::send(socket_.native_handle(), out_.data() + out_at_, out_.size() - out_at_, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      wait_to_write();
      break;
    }
    if (count <= 0) {
      if (scribe_) scribe_->reset(Direction::ToServer, now);
      lose(CloseReason::Reset);
      return false;
    }
    const auto octets = static_cast<std::size_t>(count);
    record(Direction::ToClient, now, std::string_view(out_).substr(out_at_, octets));
    out_at_ += octets;
    host_.backlog -= octets;
    host_.counts.octets_sent += octets;
    active_ = now;
  }
  if (out_at_ == out_.size() || out_at_ > kWrittenMax) {
    out_.erase(0, out_at_);
    out_at_ = 0;
  }
  return true;
}

void Guest::settle() {
  if (over_ || !write()) return;
  if (external_backlog() >= service_.node->tcp_options().send_low_octets) {
    high_ = true;
  } else {
    high_ = false;
    if (program_) program_->writable();  // if it has waited for that
  }
  if (lines_at_ < lines_.size()) hand_over_lines();
  if (eof_seen_) on_eof();
  if (over_) return;
  if (out_.empty() && closing_ && !fin_sent_) {
    fin_sent_ = true;
    fin_at_ = host_.now();
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (scribe_) scribe_->fin(Direction::ToClient, fin_at_);
  }
  if (fin_sent_ && eof_seen_) return lose(CloseReason::Finished);
  if (may_read()) wait_to_read();
  if (out_at_ < out_.size() && !writing_) host_.touch(*this);
}

void Guest::cut() {
  if (over_) return;
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  if (scribe_ && !(fin_sent_ && eof_seen_)) scribe_->reset(Direction::ToClient, host_.now());
  lose(CloseReason::Reset);
}

void Guest::lose(CloseReason reason) {
  if (std::exchange(over_, true)) return;
  host_.backlog -= external_backlog();
  out_.clear();
  out_at_ = 0;
  error_code ignored;
  socket_.close(ignored);  // its handlers come once more, with an error
  leave_program(reason);
  host_.touch(*this);
}

void Guest::leave_program(CloseReason reason) {
  if (ExternalStream* program = std::exchange(program_, nullptr)) program->closed(reason);
}

void Guest::record(Direction direction, Time at, std::string_view octets) {
  if (!scribe_) return;
  host_.look_at_record();
  if (scribe_) scribe_->octets(direction, at, octets);
}

}  // namespace mailscope::sim
