// A client's octets in three cuttings: the same questions and the same answers.
#include "fuzz.hpp"
#include "protocols/pop3/apop.hpp"
#include "protocols/pop3/server.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::pop3;
using namespace mailscope::fuzz;

const std::string kMessage = "Subject: x\r\n\r\n.dot\r\nlast line without an end";

struct Host {
  Server& server;
  std::string& log;

  void operator()(const PasswordAsked& asked) {
    log += "password " + asked.user + '\n';
    server.give_password(asked.user == "no" ? std::nullopt : std::optional<std::string>("x"));
  }
  void operator()(const LoginAsked& asked) {
    log += "login " + asked.user + ' ' + asked.password + ' ' + asked.digest + '\n';
    if (asked.user == "no") return server.refuse_login("no");
    server.accept_login({{wire_octets(kMessage), "a"}, {wire_octets(kMessage), "b"}, {0, "c"}});
  }
  void operator()(const RetrieveAsked& asked) {
    log += "retrieve " + std::to_string(asked.index) + '\n';
    check(asked.index < 3, "only what is in the maildrop is asked for");
    if (asked.index == 1) return server.no_content("gone");
    server.content(asked.index == 0 ? kMessage : "");
  }
  void operator()(const UpdateAsked& asked) {
    log += "update";
    for (const std::size_t index : asked.deleted) {
      check(index < 3, "only what is in the maildrop is removed");
      log += ' ' + std::to_string(index);
    }
    log += '\n';
    asked.deleted.size() == 3 ? server.update_failed("disk") : server.update_done();
  }
  void operator()(const SessionClosed& closed) {
    log += closed.updated ? "closed, updated\n" : "closed\n";
  }
};

std::string serve(const std::vector<Step>& steps, Cut cut, bool apop) {
  ServerOptions options;
  if (apop) options.apop_timestamp = "<1896.697170952@b.example>";
  options.mechanisms = {sasl::mechanisms().begin(), sasl::mechanisms().end()};
  options.sasl = {"<1.2@b.example>", "nonce", "salt", {}, sasl::kIterationsMin};
  options.utf8 = true;
  Server server(options);
  std::string log, said;
  const auto run = [&] {
    while (const auto event = server.next_event()) std::visit(Host{server, log}, *event);
    said += server.take_output();
  };
  for (const Step& step : steps) {
    if (step.kind != Step::Kind::Octets) continue;
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      server.receive(chunk);
      run();
    });
  }
  server.receive_eof();
  run();
  check(server.wants_close(), "the end of input is the end");
  return log + said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const bool apop = (data[0] & 1) != 0;
  const std::string whole = serve(steps, Cut::Whole, apop);
  check_same(whole, serve(steps, Cut::AsSaid, apop), "chunks change nothing");
  check_same(whole, serve(steps, Cut::OctetByOctet, apop), "nor does octet by octet");
  return 0;
}
