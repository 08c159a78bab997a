#include <catch2/catch.hpp>

#include "protocols/dns/message.hpp"

using namespace mailscope;
using namespace mailscope::dns;

namespace {

Message answer_to(Question question, std::vector<Record> answers, Rcode rcode = Rcode::NoError) {
  Message message;
  message.response = true;
  message.rcode = rcode;
  message.questions.push_back(std::move(question));
  message.answers = std::move(answers);
  return message;
}

}  // namespace

TEST_CASE("Questions and answers read as an administrator writes them and in words") {
  const Question mx{"beta.example", Type::Mx};
  CHECK(text(mx) == "MX beta.example");
  CHECK(words(mx) == "who takes mail for beta.example?");
  const Message message = answer_to(mx, {mx_record("beta.example", 10, "mail.beta.example"),
                                         mx_record("beta.example", 20, "mail2.beta.example")});
  CHECK(text_of_answers(message) == "10 mail.beta.example\n20 mail2.beta.example");
  CHECK(words_of_answers(message) ==
        "mail.beta.example, preference 10; mail2.beta.example, preference 20");
  CHECK(text(message.answers[0]) == "beta.example 3600 MX 10 mail.beta.example");
  CHECK(words_of_answers(answer_to(mx, {mx_record("beta.example", 0, ".")})) ==
        "beta.example takes no mail");
}

TEST_CASE("An alias in an answer says what it stands for") {
  const Question a{"www.beta.example", Type::A};
  const Message message =
      answer_to(a, {target_record("www.beta.example", Type::Cname, "mail.beta.example"),
                    address_record("mail.beta.example", IpAddress::v4(10, 0, 2, 25))});
  CHECK(text_of_answers(message) == "www.beta.example CNAME mail.beta.example\n10.0.2.25");
  CHECK(words_of_answers(message) ==
        "www.beta.example is another name for mail.beta.example; mail.beta.example has 10.0.2.25");
}

TEST_CASE("An answer without records says why there are none") {
  const Question mx{"beta.example", Type::Mx};
  struct Case {
    Rcode rcode;
    const char* text;
    const char* words;
  };
  const Case cases[] = {
      {Rcode::NoError, "no MX record", "beta.example has no MX record"},
      {Rcode::NxDomain, "no such name", "there is no beta.example"},
      {Rcode::ServFail, "the server could not find out", "the server could not find out"},
      {Rcode::Refused, "refused", "refused"},
      {Rcode{9}, "RCODE9", "RCODE9"},
  };
  for (const Case& c : cases) {
    CHECK(text_of_answers(answer_to(mx, {}, c.rcode)) == c.text);
    CHECK(words_of_answers(answer_to(mx, {}, c.rcode)) == c.words);
  }
  CHECK(text_of_answers({}) == "no answer");
}

TEST_CASE("Whatever is in a record reads as printable text") {
  Record txt{"beta.example", Type::Txt, 60, Text{{"v=spf1 \"x\"", "\x1b[31m"}}};
  CHECK(data_text(txt) == R"("v=spf1 \"x\"" "\x1b[31m")");
  CHECK(data_text({"x", Type{4711}, 60, Raw{"\x1b\x01"}}) == "2 octets");
}
