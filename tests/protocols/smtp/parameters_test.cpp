#include "protocols/smtp/parameters.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace mailscope::smtp;

namespace {

Extensions all() {
  Extensions extensions;
  extensions.size = extensions.eight_bit_mime = extensions.binary_mime = true;
  extensions.smtputf8 = extensions.dsn = extensions.auth = true;
  return extensions;
}

}  // namespace

TEST_CASE("xtext is undone by its reading, whatever octets there are") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  CHECK(from_xtext(to_xtext(every)) == every);
  CHECK(to_xtext("a+b=c d") == "a+2Bb+3Dc+20d");
  for (const std::string_view bad : {"+", "+2", "a b", "a=b", "+2b", "+zz", "\x7f", "\xe9"})
    CHECK_FALSE(from_xtext(bad));
}

TEST_CASE("Options of MAIL are undone by their reading") {
  for (const auto body : {MailOptions::Body::SevenBit, MailOptions::Body::EightBitMime,
                          MailOptions::Body::BinaryMime})
    for (const auto ret :
         {MailOptions::Return::NotSaid, MailOptions::Return::Full, MailOptions::Return::Headers})
      for (const bool utf8 : {false, true}) {
        MailOptions options;
        options.body = body;
        options.ret = ret;
        options.smtputf8 = utf8;
        options.envelope_id = utf8 ? "a b+c=d" : "";
        options.auth = utf8 ? std::optional<std::string>("e=mc2@example.com") : std::nullopt;
        options.size = 77;
        CHECK(read_mail_parameters(mail_parameters(options, all()), all()) == options);
        CHECK(mail_parameters(options, {}).empty());
      }
  MailOptions nobody;
  nobody.auth = "";
  CHECK(mail_parameters(nobody, all()).at(0).value == "<>");
  CHECK(read_mail_parameters(mail_parameters(nobody, all()), all()) == nobody);
}

TEST_CASE("Options of RCPT are undone by their reading") {
  for (std::uint8_t notify = 0; notify <= 14; notify = static_cast<std::uint8_t>(notify + 2))
    for (const bool unitext : {false, true}) {
      Extensions extensions = all();
      extensions.smtputf8 = unitext;
      for (const RecipientOptions& options :
           {RecipientOptions{notify, "", ""},
            {notify, "rfc822", "a b+c=d@beta.example"},
            {notify, "utf-8", "b\xc3\xb6\\+=\xe2\x82\xac\xf0\x9f\x93\xac@x"}})
        CHECK(read_rcpt_parameters(rcpt_parameters(options, extensions), extensions) == options);
    }
  const RecipientOptions never{kNotifyNever, "", ""};
  CHECK(read_rcpt_parameters(rcpt_parameters(never, all()), all()) == never);
}

TEST_CASE("The forms of an original recipient in UTF-8 (RFC 6533 section 3)") {
  const auto read = [](std::string value) {
    const auto options =
        read_rcpt_parameters(std::vector<Parameter>{{"ORCPT", std::move(value)}}, all());
    return options ? options->original_recipient : "?";
  };
  CHECK(read("utf-8;b\\x{F6}@x") == "b\xc3\xb6@x");
  CHECK(read("UTF-8;b\xc3\xb6@x") == "b\xc3\xb6@x");
  CHECK(read("utf-8;\\x{10FFFF}") == "\xf4\x8f\xbf\xbf");
  for (const char* bad : {"utf-8;\\x{D800}", "utf-8;\\x{110000}", "utf-8;\\x{", "utf-8;\\x{}",
                          "utf-8;\\x{0A}", "utf-8;\\x{f6}", "utf-8;a+2Bb", "utf-8;\\y",
                          "utf-8;\xff", "rfc822;\xc3\xb6", "\xc3\xb6;x"}) {
    INFO(bad);
    CHECK(read(bad) == "?");
  }
}

TEST_CASE("A server's code and its usual enhanced code agree in their class") {
  for (int code = 200; code < 600; ++code)
    for (const Verb verb : verbs()) {
      const auto usual = usual_code(static_cast<std::uint16_t>(code), verb);
      const bool has_none = code / 100 == 3 || verb == Verb::Helo || verb == Verb::Ehlo;
      CHECK(usual.has_value() == !has_none);
      if (usual) CHECK(usual->status_class == code / 100);
    }
  CHECK_FALSE(usual_code(220, Verb::Connect));
  CHECK_FALSE(usual_code(554, Verb::Connect));
}

TEST_CASE("Enhanced codes are read, put in front and taken away") {
  CHECK(parse_enhanced_code("5.1.1 No such user") == EnhancedCode{5, 1, 1});
  CHECK(parse_enhanced_code("2.999.999") == EnhancedCode{2, 999, 999});
  for (const std::string_view bad :
       {"", "5", "5.1", "5.1.", "5..1", "3.1.1 x", "5.1.1x", "5.1.1000", "5.1000.1", "55.1.1",
        " 5.1.1", "5.1.1.1", "10.0.1.2 x"}) {
    INFO(bad);
    CHECK_FALSE(parse_enhanced_code(bad));
  }
  CHECK(enhanced_code(Reply(550, "5.1.1 x")) == EnhancedCode{5, 1, 1});
  CHECK_FALSE(enhanced_code(Reply(550, "4.1.1 x")));
  const Reply reply = with_code(Reply(550, "5.0.0 One\nTwo"), {5, 7, 1});
  CHECK(reply.wire() == "550-5.7.1 One\r\n550 5.7.1 Two\r\n");
  CHECK(without_code(reply) == Reply(550, "One\nTwo"));
  CHECK(text_behind_code("5.1.1") == "");
}
