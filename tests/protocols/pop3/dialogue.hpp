// A POP3 server in memory for the tests: a script of C: and S: lines is run against it, with a
// little host behind it that has users and their messages.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/pop3/apop.hpp"
#include "protocols/pop3/server.hpp"

namespace mailscope::pop3::test {

struct Box {
  std::string password;
  std::vector<std::string> messages;
  bool locked = false;
};

// Answers a server's questions, as a host would.
class Host {
 public:
  std::map<std::string, Box> boxes;
  bool fail_update = false;
  std::vector<sasl::Mechanism> mechanisms;
  ResponseCode refuse_all = ResponseCode::None;
  std::string timestamp;
  std::vector<std::string> log;

  void serve(Server& server) {
    while (std::optional<ServerEvent> event = server.next_event())
      std::visit([&](const auto& e) { answer(server, e); }, *event);
  }

 private:
  void answer(Server& server, const PasswordAsked& asked) {
    const auto box = boxes.find(asked.user);
    server.give_password(box == boxes.end() ? std::nullopt
                                            : std::optional<std::string>(box->second.password));
  }
  bool proven(const LoginAsked& asked, const Box& box) const {
    if (asked.proof == LoginAsked::Proof::Sasl) return true;
    if (asked.proof == LoginAsked::Proof::Digest)
      return asked.digest == apop_digest(timestamp, box.password);
    return asked.password == box.password;
  }
  void answer(Server& server, const LoginAsked& asked) {
    const auto box = boxes.find(asked.user);
    if (box == boxes.end() || !proven(asked, box->second))
      return server.refuse_login("name or password is wrong");
    if (refuse_all != ResponseCode::None) return server.refuse_login("not now", refuse_all);
    if (box->second.locked)
      return server.refuse_login("another session has it", ResponseCode::InUse);
    box->second.locked = true;
    Maildrop maildrop;
    for (const std::string& message : box->second.messages)
      maildrop.push_back({wire_octets(message), "uid" + std::to_string(maildrop.size() + 1)});
    server.accept_login(std::move(maildrop));
  }
  void answer(Server& server, const RetrieveAsked& asked) {
    server.content(boxes.at(server.user()).messages.at(asked.index));
  }
  void answer(Server& server, const UpdateAsked& asked) {
    auto& messages = boxes.at(server.user()).messages;
    if (fail_update) return server.update_failed("some messages were not removed");
    for (auto i = asked.deleted.rbegin(); i != asked.deleted.rend(); ++i)
      messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(*i));
    server.update_done();
  }
  void answer(Server& server, const SessionClosed& closed) {
    if (closed.logged_in) boxes.at(server.user()).locked = false;
    log.push_back(closed.updated ? "closed after update" : "closed without update");
  }
};

inline std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

// Runs "C: ..." and "S: ..." lines. "S: +OK..." with three dots compares only what is in front of
// them.
inline void run(Server& server, Host& host, std::string_view script, std::size_t chunk = 0) {
  std::string output = server.take_output();
  for (const std::string& line : lines_of(script)) {
    INFO(line);
    if (line.starts_with("C:")) {
      CHECK(output.empty());
      const std::string sent = (line.size() > 3 ? line.substr(3) : "") + "\r\n";
      const std::size_t step = chunk == 0 ? sent.size() : chunk;
      for (std::size_t i = 0; i < sent.size(); i += step) {
        server.receive(std::string_view(sent).substr(i, step));
        host.serve(server);
      }
      output += server.take_output();
      continue;
    }
    const std::size_t end = output.find("\r\n");
    REQUIRE(end != std::string::npos);
    const std::string said = output.substr(0, end);
    output.erase(0, end + 2);
    std::string expected = line.size() > 3 ? line.substr(3) : "";
    if (expected.ends_with("...")) {
      expected.resize(expected.size() - 3);
      CHECK(said.substr(0, expected.size()) == expected);
    } else {
      CHECK(said == expected);
    }
  }
  CHECK(output.empty());
}

}  // namespace mailscope::pop3::test
