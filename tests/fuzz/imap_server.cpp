// Two clients of one account (the turns are theirs) say anything. One alone: any chunking gives the
// same answers. Both: what each is told of numbers adds up to the view that the server has of it.
#include "protocols/imap/server.hpp"

#include <array>
#include <memory>

#include "fuzz.hpp"
#include "protocols/mailbox/account.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::fuzz;

const std::string kMessage =
    "From: a@b.example\r\nSubject: x\r\nMessage-ID: <1@b>\r\nContent-Type: multipart/mixed; "
    "boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: "
    "y\r\n\r\n"
    "two\r\n--b--\r\n";

// Counts a mailbox's messages by what a server says.
class Counter {
 public:
  void hear(std::string_view output) {
    while (!output.empty()) {
      WireReader::Answer answer = reader_.next(output);
      if (std::holds_alternative<LiteralFollows>(answer)) reader_.keep_literal();
      check(!std::holds_alternative<WireFault>(answer), "what a server says is in order");
      if (const auto* text = std::get_if<WireText>(&answer)) hear_line(text->text);
    }
  }
  std::size_t count() const { return count_; }

 private:
  void hear_line(const std::string& line) {
    if (line.starts_with("* OK [CLOSED]")) count_ = 0;
    if (!line.starts_with("* ") || line.size() < 3 || line[2] < '0' || line[2] > '9') return;
    const std::size_t number = std::stoul(line.substr(2));
    const std::string what = line.substr(line.find(' ', 2) + 1);
    if (what == "EXISTS") {
      check(number >= count_, "EXISTS never takes away");
      count_ = number;
    } else if (what == "EXPUNGE") {
      check(number >= 1 && number <= count_, "only what is there is expunged");
      --count_;
    } else if (what.starts_with("FETCH ")) {
      check(number >= 1 && number <= count_, "only what is there is told of");
    }
  }
  WireReader reader_{WireReader::Limits{}};
  std::size_t count_ = 0;
};

class Client {
 public:
  Client(mailbox::Account& account, bool known) : account_(account) {
    ServerOptions options;
    options.append_octets_max = 4096;
    options.auth_mechanisms = {"CRAM-MD5", "PLAIN", "LOGIN"};
    options.sasl_challenge = "<1@b.example>";
    server_ =
        known ? std::make_unique<Server>(options, account) : std::make_unique<Server>(options);
    take();
  }
  void say(std::string_view octets) {
    server_->receive(octets);
    take();
  }
  void take() {
    for (;;) {
      while (auto event = server_->next_event()) answer(*event);
      const std::string output = server_->take_output();
      if (output.empty()) break;
      said += output;
      counter_.hear(output);
    }
    vanishing_ |= said.find("* VANISHED ") != std::string::npos;
    if (server_->view() && !vanishing_)
      check(server_->view()->size() == counter_.count(), "the view is what was told");
  }
  void end() {
    server_->receive_eof();
    take();
    check(server_->wants_close(), "the end of input is the end");
  }
  std::string said;

 private:
  void answer(const ServerEvent& event) {
    if (const auto* asked = std::get_if<LoginAsked>(&event))
      asked->user == "no" ? server_->refuse_login("no") : server_->accept_login(account_);
    if (std::holds_alternative<PasswordAsked>(event)) server_->give_password("secret");
  }
  mailbox::Account& account_;
  std::unique_ptr<Server> server_;
  Counter counter_;
  bool vanishing_ = false;  // told by UIDs
};

std::array<std::string, 2> serve(const std::vector<Step>& steps, Cut cut, bool known) {
  const auto account = mailbox::account_in_memory("bob", 7);
  for (int i = 0; i < 3; ++i)
    check(account->inbox().append(mailbox::NewMessage{kMessage, {}, {}}).has_value(),
          "there is room");
  std::array clients{std::make_unique<Client>(*account, known),
                     std::make_unique<Client>(*account, true)};
  clients[1]->say("x SELECT INBOX\r\n");
  for (const Step& step : steps) {
    if (step.kind != Step::Kind::Octets) continue;
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      clients[step.client ? 1 : 0]->say(chunk);
      clients[step.client ? 0 : 1]->take();
    });
  }
  for (const auto& client : clients) client->end();
  return {clients[0]->said, clients[1]->said};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const bool known = (data[0] & 1) != 0;
  const auto whole = serve(steps, Cut::Whole, known);
  const auto pieces = serve(steps, Cut::AsSaid, known);
  const auto octets = serve(steps, Cut::OctetByOctet, known);
  for (const Step& step : steps)
    if (step.client && !step.octets.empty())
      return 0;  // what one hears of the other goes by chunks
  check_same(whole[0], pieces[0], "chunks change nothing");
  check_same(whole[0], octets[0], "nor does octet by octet");
  return 0;
}
