// The mechanisms against the examples of their RFCs, against each other, and against nonsense.

#include "protocols/sasl/sasl.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocols/mime/base64.hpp"
#include "protocols/sasl/crypto.hpp"

namespace mailscope::sasl {
namespace {

using namespace std::string_literals;

constexpr std::string_view kClientNonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

ServerSecrets secrets() {
  ServerSecrets made;
  made.challenge = "<1896.697170952@postoffice.reston.mci.net>";
  made.nonce = kServerNonce;
  made.salt_key = "of this server";
  return made;
}

std::string challenge(const Step& step) {
  const Challenge* const given = std::get_if<Challenge>(&step);
  REQUIRE(given != nullptr);
  return given->text;
}
bool failed(const Step& step, Failed::Why why) {
  const Failed* const failure = std::get_if<Failed>(&step);
  return failure != nullptr && failure->why == why;
}
bool granted(const Step& step, std::string_view user) {
  const Granted* const grant = std::get_if<Granted>(&step);
  return grant != nullptr && grant->user == user;
}

// A whole exchange in memory; `known` is the password that the server has, if any.
Step exchange(Mechanism mechanism, const Credentials& credentials,
              const std::optional<std::string>& known, std::vector<std::string>* said = nullptr) {
  Client client(mechanism, credentials, std::string(kClientNonce));
  Server server(mechanism, secrets());
  Step step = server.start(client.initial_response());
  while (true) {
    if (std::holds_alternative<AskPassword>(step)) {
      CHECK(std::get<AskPassword>(step).user == credentials.user);
      step = server.give_password(known);
    }
    if (!std::holds_alternative<Challenge>(step)) break;
    if (said != nullptr) said->push_back(std::get<Challenge>(step).text);
    const auto response = client.respond(std::get<Challenge>(step).text);
    REQUIRE(response);
    if (said != nullptr) said->push_back(*response);
    step = server.respond(*response);
  }
  if (std::holds_alternative<Granted>(step)) CHECK(client.complete());
  return step;
}

}  // namespace

TEST_CASE("Every mechanism lets in who knows the password and nobody else") {
  for (const Mechanism mechanism : mechanisms()) {
    INFO(name(mechanism));
    CHECK(granted(exchange(mechanism, {"tim", "tanstaaftanstaaf"}, "tanstaaftanstaaf"), "tim"));
    CHECK(failed(exchange(mechanism, {"tim", "tanstaaf"}, "tanstaaftanstaaf"),
                 Failed::Why::Credentials));
    CHECK(failed(exchange(mechanism, {"tim", "tanstaaftanstaaf"}, "x"), Failed::Why::Credentials));
    CHECK(failed(exchange(mechanism, {"nobody", "x"}, std::nullopt), Failed::Why::Credentials));
  }
}

TEST_CASE("An unknown user draws the same words as a wrong password, up to the same end") {
  for (const Mechanism mechanism : mechanisms()) {
    INFO(name(mechanism));
    std::vector<std::string> wrong, unknown;
    exchange(mechanism, {"tim", "guess"}, "secret", &wrong);
    exchange(mechanism, {"tim", "guess"}, std::nullopt, &unknown);
    CHECK(wrong == unknown);
  }
}

TEST_CASE("A password that nobody has set lets nobody in") {
  // An empty password is what an unknown user is compared with: it must never match.
  Server cram(Mechanism::CramMd5, secrets());
  (void)cram.start({});
  Client client(Mechanism::CramMd5, {"ghost", ""});
  const auto response = client.respond(secrets().challenge);
  REQUIRE(std::holds_alternative<AskPassword>(cram.respond(*response)));
  CHECK(failed(cram.give_password(std::nullopt), Failed::Why::Credentials));
  Client scram_client(Mechanism::ScramSha256, {"ghost", ""}, "abc");
  Server scram(Mechanism::ScramSha256, secrets());
  REQUIRE(std::holds_alternative<AskPassword>(scram.start(scram_client.initial_response())));
  const auto last = scram_client.respond(challenge(scram.give_password(std::nullopt)));
  CHECK(failed(scram.respond(*last), Failed::Why::Credentials));
}

TEST_CASE("CRAM-MD5 gives the digest of RFC 2195 section 2") {
  Client client(Mechanism::CramMd5, {"tim", "tanstaaftanstaaf"});
  CHECK_FALSE(client.initial_response());
  CHECK(client.respond("<1896.697170952@postoffice.reston.mci.net>") ==
        "tim b913a602c7eda7a495b4e6e7334d3890");
  CHECK(mime::base64_encode("tim b913a602c7eda7a495b4e6e7334d3890") ==
        "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
}

TEST_CASE("PLAIN has the form of RFC 4616 section 4") {
  Client client(Mechanism::Plain, {"tim", "tanstaaftanstaaf"});
  CHECK(client.initial_response() == "\0tim\0tanstaaftanstaaf"s);
  Server server(Mechanism::Plain, secrets());
  const Step step = server.start("\0tim\0tanstaaftanstaaf"s);
  REQUIRE(std::holds_alternative<AskPassword>(step));
  CHECK(std::get<AskPassword>(step).user == "tim");
}

TEST_CASE("PLAIN without an initial response draws an empty challenge first") {
  Server server(Mechanism::Plain, secrets());
  CHECK(challenge(server.start({})).empty());
  Client client(Mechanism::Plain, {"tim", "x"});
  CHECK(client.respond("") == "\0tim\0x"s);
}

TEST_CASE("PLAIN that is not in order, or acts for somebody else, is refused") {
  const auto start = [](std::string_view text) {
    Server server(Mechanism::Plain, secrets());
    return server.start(text);
  };
  for (const std::string& bad : {""s, "tim"s, "\0tim"s, "tim\0pw"s, "\0\0pw"s, "\0tim\0"s,
                                 "\0tim\0pw\0"s, "\0t\x01im\0pw"s, "\0tim\0\xff\xfe"s}) {
    INFO(mime::base64_encode(bad));
    CHECK(failed(start(bad), Failed::Why::Malformed));
  }
  CHECK(failed(start("kurt\0tim\0pw"s), Failed::Why::Credentials));
  CHECK(std::holds_alternative<AskPassword>(start("tim\0tim\0pw"s)));
}

TEST_CASE("LOGIN asks for name and password, and takes the name as an initial response") {
  Server asked(Mechanism::Login, secrets());
  CHECK(challenge(asked.start({})) == "Username:");
  CHECK(challenge(asked.respond("tim")) == "Password:");
  CHECK(std::holds_alternative<AskPassword>(asked.respond("pw")));
  CHECK(granted(asked.give_password("pw"), "tim"));
  Server told(Mechanism::Login, secrets());
  CHECK(challenge(told.start("tim")) == "Password:");
  Server empty(Mechanism::Login, secrets());
  CHECK(failed(empty.start(""), Failed::Why::Malformed));
}

TEST_CASE("SCRAM-SHA-256 gives the exchange of RFC 7677 section 3") {
  Client client(Mechanism::ScramSha256, {"user", "pencil"}, std::string(kClientNonce));
  CHECK(client.initial_response() == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  const std::string server_first =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  const std::string client_final =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  const std::string server_final = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
  CHECK(client.respond(server_first) == client_final);
  CHECK_FALSE(client.complete());
  CHECK(client.respond(server_final) == "");
  CHECK(client.complete());

  ServerSecrets with_salt = secrets();
  with_salt.salt = decode_strictly("W22ZaJ0SNY7soEsUEjb6gQ==");
  Server server(Mechanism::ScramSha256, with_salt);
  REQUIRE(std::holds_alternative<AskPassword>(
      server.start(std::string_view("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))));
  CHECK(challenge(server.give_password("pencil")) == server_first);
  CHECK(challenge(server.respond(client_final)) == server_final);
  CHECK(granted(server.respond(""), "user"));
}

TEST_CASE("A SCRAM client does not believe a server that cannot prove itself") {
  const auto after_first = [] {
    Client client(Mechanism::ScramSha256, {"user", "pencil"}, "abc");
    (void)client.initial_response();
    return client;
  };
  const auto answers = [&](std::string_view server_first) {
    Client client = after_first();
    return client.respond(server_first).has_value();
  };
  CHECK(answers("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
  CHECK_FALSE(answers("r=xyzdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));        // not our nonce
  CHECK_FALSE(answers("r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));           // nothing added
  CHECK_FALSE(answers("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1"));           // too cheap
  CHECK_FALSE(answers("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4000000000"));  // too dear
  CHECK_FALSE(answers("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999"));
  CHECK_FALSE(answers("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096x"));
  CHECK_FALSE(answers("r=abcdef,s=,i=4096"));
  CHECK_FALSE(answers("r=abcdef,s=!!,i=4096"));
  CHECK_FALSE(answers("m=must,r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
  CHECK_FALSE(answers("e=other-error"));
  CHECK_FALSE(answers(""));
  Client client = after_first();
  REQUIRE(client.respond("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
  CHECK_FALSE(client.respond("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  CHECK_FALSE(client.complete());
}

TEST_CASE("A SCRAM server refuses first messages that are not in order") {
  const auto start = [](std::string_view text) {
    Server server(Mechanism::ScramSha256, secrets());
    return server.start(text);
  };
  CHECK(std::holds_alternative<AskPassword>(start("y,,n=user,r=abc,x=ext")));
  CHECK(std::holds_alternative<AskPassword>(start("n,a=user,n=user,r=abc")));
  CHECK(failed(start("n,a=root,n=user,r=abc"), Failed::Why::Credentials));
  for (const std::string_view bad :
       {"", "n", "n,", "n,,", "n,,n=user", "n,,n=,r=abc", "n,,n=us=3Eer,r=abc", "n,,n=us=,r=abc",
        "n,,r=abc,n=user", "p=tls-unique,,n=user,r=abc", "n,,m=x,n=user,r=abc",
        "n,,n=user,r=", "n,,n=user,r=a bc", "n,user,n=user,r=abc", "n,,n=u\x01,r=abc"}) {
    INFO(bad);
    CHECK(failed(start(bad), Failed::Why::Malformed));
  }
}

TEST_CASE("A SCRAM server refuses final messages that were tampered with") {
  const auto finish = [](const std::function<void(std::string&)>& tamper) {
    Client client(Mechanism::ScramSha256, {"user", "pencil"}, std::string(kClientNonce));
    Server server(Mechanism::ScramSha256, secrets());
    (void)server.start(client.initial_response());
    std::string last = *client.respond(challenge(server.give_password("pencil")));
    tamper(last);
    return server.respond(last);
  };
  CHECK(std::holds_alternative<Challenge>(finish([](std::string&) {})));
  CHECK(failed(finish([](std::string& s) { s.replace(0, 6, "c=eSws"); }),  // "y,,"
               Failed::Why::Credentials));
  CHECK(
      failed(finish([](std::string& s) { s[s.find("r=") + 2] = 'X'; }), Failed::Why::Credentials));
  CHECK(failed(finish([](std::string& s) { s.insert(s.find(",p="), ",x=1"); }),
               Failed::Why::Credentials));  // not what was signed
  CHECK(failed(finish([](std::string& s) { s.erase(s.find(",p=")); }), Failed::Why::Malformed));
  CHECK(failed(finish([](std::string& s) { s.erase(s.size() - 4); }), Failed::Why::Malformed));
  CHECK(failed(finish([](std::string& s) { s.clear(); }), Failed::Why::Malformed));
}

TEST_CASE("A right proof over another channel binding or another nonce lets nobody in") {
  // A client that knows the password, and signs what it should not say.
  const auto finish = [](const std::string& without_proof) {
    Server server(Mechanism::ScramSha256, secrets());
    (void)server.start("n,,n=user,r=abc");
    const std::string server_first = challenge(server.give_password("pencil"));
    const std::string salt64 = server_first.substr(server_first.find(",s=") + 3);
    const ScramKeys keys =
        scram_keys("pencil", *decode_strictly(salt64.substr(0, salt64.find(','))), kIterationsMin);
    const std::string all = "n=user,r=abc," + server_first + "," + without_proof;
    const std::string proof = exclusive_or(keys.client_key, hmac_sha256(keys.stored_key, all));
    return server.respond(without_proof + ",p=" + mime::base64_encode(proof));
  };
  const std::string nonce = "abc" + std::string(kServerNonce);
  CHECK(std::holds_alternative<Challenge>(finish("c=biws,r=" + nonce)));
  CHECK(failed(finish("c=eSws,r=" + nonce), Failed::Why::Credentials));  // "y,,"
  CHECK(failed(finish("c=biws,r=" + nonce + "x"), Failed::Why::Credentials));
  CHECK(failed(finish("c=biws,r=abc"), Failed::Why::Credentials));
}

TEST_CASE("Names with commas and equals signs survive SCRAM") {
  CHECK(granted(exchange(Mechanism::ScramSha256, {"a,b=c=2C", "p,=w"}, "p,=w"), "a,b=c=2C"));
}

TEST_CASE("Salts differ from user to user and stay the same for one") {
  const auto salt_of = [](std::string_view user, const std::optional<std::string>& password) {
    Server server(Mechanism::ScramSha256, secrets());
    (void)server.start("n,,n=" + std::string(user) + ",r=abc");
    const std::string first = challenge(server.give_password(password));
    return first.substr(first.find(",s="));
  };
  CHECK(salt_of("alice", "pw") == salt_of("alice", std::nullopt));
  CHECK(salt_of("alice", "pw") != salt_of("bob", "pw"));
}

TEST_CASE("base64 in a log-in is read strictly") {
  CHECK(decode_strictly("") == "");
  CHECK(decode_strictly("dGlt") == "tim");
  CHECK(decode_strictly("dGk=") == "ti");
  CHECK(decode_strictly("dA==") == "t");
  for (const std::string_view bad : {"=", "=AAA", "AAA=BBB=", "dGl", "dGlt ", " dGlt", "dG\tt",
                                     "A===", "====", "dGl*", "d=lt", "dGlt\r\n12"}) {
    INFO(bad);
    CHECK_FALSE(decode_strictly(bad));
  }
  CHECK_FALSE(decode_strictly(std::string(8 * kTextOctetsMax, 'A')));
}

TEST_CASE("Mechanisms are found by name in any case") {
  CHECK(find_mechanism("scram-sha-256") == Mechanism::ScramSha256);
  CHECK(find_mechanism("Plain") == Mechanism::Plain);
  CHECK_FALSE(find_mechanism("DIGEST-MD5"));
  for (const Mechanism mechanism : mechanisms())
    CHECK(find_mechanism(name(mechanism)) == mechanism);
}

TEST_CASE("A client that is asked for more than its mechanism has cancels") {
  Client plain(Mechanism::Plain, {"tim", "x"});
  (void)plain.initial_response();
  CHECK_FALSE(plain.respond("more"));
  Client login(Mechanism::Login, {"tim", "x"});
  CHECK(login.respond("Username:") == "tim");
  CHECK(login.respond("Password:") == "x");
  CHECK_FALSE(login.respond("Anything else?"));
  Client cram(Mechanism::CramMd5, {"tim", "x"});
  CHECK_FALSE(cram.respond(""));
}

}  // namespace mailscope::sasl
