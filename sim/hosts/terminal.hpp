// A person at a terminal who types a protocol's commands by hand to a server's port, as with
// telnet: for VRFY, EXPN, HELP, RSET, TURN, and for every error that no program would make. RFC
// 5321 §4.1.1.
//
// The lines are typed one after the other, each when the whole reply to the one before has come (a
// reply ends with a line "250 ..." that has no "-" behind its code, or with "+OK", "-ERR" or a
// challenge "+ ...").
// Behind the 354 to DATA the lines up to a lone "." go without waiting. Special forms, each a line
// of its own:
//   "!hangup"       the program resets the connection: RST, the talk is over
//   "!close"        the person closes the connection: FIN
//   "!raw TEXT"     TEXT goes as it is, without a line end of its own and without waiting for an
//                   answer: \r \n \t \0 \\ \xNN in it mean octets
//   "!send TEXT"    TEXT and CRLF go without waiting for the answer to it
//   "!wait 2s"      the person does nothing for so long ("500ms", "2s", "3min")
// When all lines are said and answered and the server has not closed, the person closes. Behind
// TURN the person plays the server: each line then answers a line of the other side (and behind a
// 354 that the person typed, the whole message up to its dot).
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/hosts/machine.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class Terminal final : public Process, private StreamUser, private Handler {
 public:
  Terminal(Machine& machine, Account user);

  void start() override;
  void stop() override;
  // Connects to a host of the hosts file (its addresses one after the other, IPv6 first, until one
  // takes the connection), or to an address ("10.0.0.25"). `pause` is how long the
  // person takes before each line. A talk that is under way is not disturbed: the new one waits
  // until it is over.
  void talk(std::string host, std::uint16_t port, std::vector<std::string> lines,
            Time pause = 500 * kMillisecond);
  bool talking() const { return stream_ != nullptr; }
  const Account& user() const { return user_; }
  // What the servers have said so far, all talks.
  const std::string& heard() const { return heard_; }

 private:
  struct Talk {
    std::string host;
    std::uint16_t port = 25;
    std::vector<std::string> lines;
    Time pause = 0;
  };

  void on_connected(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_event(std::uint64_t token) override;

  void begin();
  void call();
  void take_line(std::string_view line);
  void type_after(Time pause);
  void type();
  bool obey(std::string_view line);
  void type_content();
  void finish(std::string text);

  Account user_;
  Timer timer_;
  std::deque<Talk> talks_;  // the front one is under way when stream_ is
  Stream* stream_ = nullptr;
  std::vector<IpAddress> addresses_;  // to be tried yet, while none has answered
  std::size_t next_ = 0;              // of the lines
  std::size_t awaited_ = 0;           // replies still to come
  std::string unread_;                // the beginning of a line
  std::string last_;                  // what was typed last
  std::string heard_;
  bool in_content_ = false;  // between 354 and the dot
  bool serving_ = false;     // behind TURN
};

}  // namespace mailscope::sim
