#include "protocols/pop3/client.hpp"

#include <catch2/catch.hpp>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::pop3;
using namespace mailscope::pop3::test;

namespace {

struct Outcome {
  std::vector<std::string> messages, uids, headers;
  std::optional<LoginAnswered> login;
  std::optional<MaildropSeen> seen;
  std::optional<Refused> refused;
  std::optional<Finished> finished;
  bool closed = false;
  std::string commands;
};

void note(Outcome& out, Client& client) {
  while (std::optional<ClientEvent> event = client.next_event()) {
    if (const auto* e = std::get_if<MessageRetrieved>(&*event)) {
      out.messages.push_back(e->content);
      out.uids.push_back(e->uid);
    } else if (const auto* header = std::get_if<HeaderRetrieved>(&*event)) {
      out.headers.push_back(header->content);
    } else if (const auto* e1 = std::get_if<LoginAnswered>(&*event)) {
      out.login = *e1;
    } else if (const auto* e2 = std::get_if<MaildropSeen>(&*event)) {
      out.seen = *e2;
    } else if (const auto* e3 = std::get_if<Refused>(&*event)) {
      out.refused = *e3;
    } else if (const auto* e4 = std::get_if<Finished>(&*event)) {
      out.finished = *e4;
    } else {
      out.closed = true;
    }
  }
}

// Joins a client with a server in memory, `chunk` octets at a time.
Outcome fetch(Host& host, ClientOptions options, std::size_t chunk = 1 << 20) {
  Server server({.domain = "mail.beta.example",
                 .apop_timestamp = host.timestamp,
                 .mechanisms = host.mechanisms,
                 .sasl = {"<1.2@b.example>", "server", "salt", {}, sasl::kIterationsMin},
                 .utf8 = true});
  Client client(std::move(options));
  Outcome out;
  for (bool moved = true; moved;) {
    moved = false;
    const std::string down = server.take_output();
    for (std::size_t i = 0; i < down.size(); i += chunk) {
      client.receive(std::string_view(down).substr(i, chunk));
      note(out, client);
      moved = true;
    }
    const std::string up = client.take_output();
    out.commands += up;
    for (std::size_t i = 0; i < up.size(); i += chunk) {
      server.receive(std::string_view(up).substr(i, chunk));
      host.serve(server);
      moved = true;
    }
  }
  CHECK(client.wants_close());
  return out;
}

const std::string kOne = "Subject: One\r\n\r\n.\r\n..\r\nbody .\r\n";
const std::string kLong = "Subject: Long\r\n\r\n" + std::string(100'000, 'x') + "\r\n";

Host bob() {
  Host host;
  host.boxes["bob"] = {"secret", {kOne, kLong}, false};
  host.timestamp = "<7.8@mail.beta.example>";
  return host;
}

}  // namespace

TEST_CASE("Delete mode fetches every message and leaves nothing") {
  for (std::size_t chunk : {1u, 3u, 1000u, 1u << 20}) {
    Host host = bob();
    const Outcome out = fetch(host, {.user = "bob", .password = "secret"}, chunk);
    CHECK(out.messages == std::vector<std::string>{kOne, kLong});
    CHECK(out.seen->messages == 2);
    CHECK(out.seen->octets == kOne.size() + kLong.size());
    REQUIRE(out.finished);
    CHECK(out.finished->retrieved == 2);
    CHECK(out.finished->deleted == 2);
    CHECK(host.boxes["bob"].messages.empty());
    CHECK(out.commands ==
          "USER bob\r\nPASS secret\r\nSTAT\r\nLIST\r\nRETR 1\r\nDELE 1\r\nRETR 2\r\nDELE "
          "2\r\nQUIT\r\n");
  }
}

TEST_CASE("Keep mode leaves the messages, and known ones are not fetched again") {
  Host host = bob();
  const Outcome first =
      fetch(host, {.user = "bob", .password = "secret", .keep = true, .uidl = true});
  CHECK(first.uids == std::vector<std::string>{"uid1", "uid2"});
  CHECK(host.boxes["bob"].messages.size() == 2);
  const Outcome again = fetch(
      host,
      {.user = "bob", .password = "secret", .keep = true, .uidl = true, .known_uids = {"uid1"}});
  CHECK(again.uids == std::vector<std::string>{"uid2"});
}

TEST_CASE("APOP keeps the password off the line") {
  Host host = bob();
  const Outcome out = fetch(host, {.user = "bob", .password = "secret", .log_in = LogIn::Apop});
  CHECK(out.finished);
  CHECK(out.commands.find("secret") == std::string::npos);
  CHECK(out.commands.starts_with("APOP bob "));
}

TEST_CASE("An empty maildrop is left at once") {
  Host host = bob();
  host.boxes["bob"].messages.clear();
  const Outcome out = fetch(host, {.user = "bob", .password = "secret"});
  CHECK(out.finished);
  CHECK(out.commands.ends_with("STAT\r\nQUIT\r\n"));
}

TEST_CASE("A refused log-in is told and followed by QUIT") {
  Host host = bob();
  const Outcome out = fetch(host, {.user = "bob", .password = "wrong"});
  REQUIRE(out.login);
  CHECK(!out.login->ok);
  REQUIRE(out.refused);
  CHECK(out.refused->verb == Verb::Pass);
  CHECK(out.commands.ends_with("QUIT\r\n"));
}

TEST_CASE("A server that talks nonsense or hangs up does not hang the client") {
  Client nonsense({.user = "bob", .password = "secret"});
  nonsense.receive("220 this is SMTP\r\n");
  CHECK(nonsense.wants_close());
  CHECK(std::holds_alternative<Refused>(*nonsense.next_event()));

  Client lost({.user = "bob", .password = "secret"});
  lost.receive("+OK ready\r\n+O");
  lost.receive_eof();
  CHECK(lost.wants_close());
  CHECK(std::holds_alternative<ConnectionClosed>(*lost.next_event()));

  Client huge({.user = "bob", .password = "x", .message_octets_max = 100});
  huge.receive("+OK\r\n+OK\r\n+OK\r\n+OK 1 5000\r\n+OK\r\n1 5000\r\n.\r\n+OK\r\n" +
               std::string(5000, 'x'));
  CHECK(huge.wants_close());

  Client injected({.user = "bob\r\nDELE 1", .password = "x"});
  injected.receive("+OK\r\n");
  CHECK(injected.take_output().empty());
  CHECK(injected.wants_close());
}

TEST_CASE("SASL takes the safest mechanism that the server lists, and no other way in") {
  using enum sasl::Mechanism;
  const std::pair<std::vector<sasl::Mechanism>, std::string> kOffers[] = {
      {{Plain, Login, CramMd5, ScramSha256}, "CAPA\r\nAUTH SCRAM-SHA-256 "},
      {{Plain, CramMd5}, "CAPA\r\nAUTH CRAM-MD5\r\n"},
      {{Login, Plain}, "CAPA\r\nAUTH PLAIN "},
      {{Login}, "CAPA\r\nAUTH LOGIN\r\n"}};
  for (const auto& [mechanisms, commands] : kOffers)
    for (const std::size_t chunk : {1u, 1u << 20}) {
      INFO(commands);
      Host host = bob();
      host.mechanisms = mechanisms;
      const Outcome out = fetch(
          host, {.user = "bob", .password = "secret", .log_in = LogIn::Sasl, .sasl_nonce = "n"},
          chunk);
      CHECK(out.finished);
      CHECK(out.messages.size() == 2);
      CHECK(out.commands.starts_with(commands));
      CHECK(out.commands.find("secret") == std::string::npos);

      const Outcome wrong =
          fetch(host, {.user = "bob", .password = "x", .log_in = LogIn::Sasl, .sasl_nonce = "n"});
      REQUIRE(wrong.login);
      CHECK(!wrong.login->ok);
      CHECK(wrong.commands.ends_with("QUIT\r\n"));
    }
  Host host = bob();
  const Outcome none =
      fetch(host, {.user = "bob", .password = "secret", .log_in = LogIn::Sasl, .sasl_nonce = "n"});
  CHECK(none.refused->verb == Verb::Auth);
  CHECK(none.commands == "CAPA\r\nQUIT\r\n");
}

TEST_CASE("An initial response that is too long for a command waits for the empty challenge") {
  Host host = bob();
  host.mechanisms = {sasl::Mechanism::Plain};
  const std::string password(300, 'p');
  host.boxes["bob"].password = password;
  const Outcome out =
      fetch(host, {.user = "bob", .password = password, .log_in = LogIn::Sasl, .sasl_nonce = "n"});
  CHECK(out.finished);
  CHECK(out.commands.starts_with("CAPA\r\nAUTH PLAIN\r\n"));
}

TEST_CASE("A server that grants SCRAM without its proof is not believed") {
  Client client({.user = "bob", .password = "x", .log_in = LogIn::Sasl, .sasl_nonce = "n"});
  client.receive("+OK\r\n+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n");
  CHECK(client.take_output().find("AUTH SCRAM-SHA-256 ") != std::string::npos);
  client.receive("+OK welcome\r\n");
  CHECK(client.wants_close());
  CHECK(client.take_output().empty());
}

TEST_CASE("Delete mode deletes what an earlier session fetched, without fetching it again") {
  Host host = bob();
  const Outcome out =
      fetch(host, {.user = "bob", .password = "secret", .uidl = true, .known_uids = {"uid1"}});
  CHECK(out.uids == std::vector<std::string>{"uid2"});
  CHECK(out.commands.find("UIDL\r\nDELE 1\r\nRETR 2\r\nDELE 2\r\n") != std::string::npos);
  CHECK(host.boxes["bob"].messages.empty());
}

TEST_CASE("Of a message over the limit only the header comes, and it stays") {
  for (const std::size_t chunk : {1u, 1u << 20}) {
    Host host = bob();
    const Outcome out =
        fetch(host, {.user = "bob", .password = "secret", .whole_octets_max = 1000}, chunk);
    CHECK(out.messages == std::vector<std::string>{kOne});
    CHECK(out.headers == std::vector<std::string>{"Subject: Long\r\n\r\n"});
    CHECK(out.commands.ends_with("DELE 1\r\nTOP 2 0\r\nQUIT\r\n"));
    CHECK(host.boxes["bob"].messages == std::vector<std::string>{kLong});
  }
}

TEST_CASE("UTF-8 mode is asked for where it is announced: a refused message costs no other") {
  const std::string kUtf8 = "Subject: Gr\xc3\xbc\xc3\x9f\r\n\r\nx\r\n";
  Host host = bob();
  host.boxes["bob"].messages = {kUtf8, kOne};
  const Outcome ascii = fetch(host, {.user = "bob", .password = "secret", .keep = true});
  CHECK(ascii.messages == std::vector<std::string>{kOne});
  CHECK(ascii.refused->text.starts_with("[UTF8]"));
  CHECK(ascii.finished);
  const Outcome utf8 = fetch(host, {.user = "bob", .password = "secret", .utf8 = true});
  CHECK(utf8.messages == std::vector<std::string>{kUtf8, kOne});
  CHECK(utf8.commands.starts_with("CAPA\r\nUTF8\r\nUSER bob\r\n"));
}
