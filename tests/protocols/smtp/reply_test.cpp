#include "protocols/smtp/reply.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace mailscope::smtp;
using Result = ReplyReader::Result;

TEST_CASE("A reply is written with a hyphen on every line but the last") {
  CHECK(Reply(250, "OK").wire() == "250 OK\r\n");
  CHECK(Reply(250, "").wire() == "250 \r\n");
  CHECK(Reply(250, "First line\nSecond line\n234 Text beginning with numbers\nThe last line")
            .wire() ==
        "250-First line\r\n250-Second line\r\n250-234 Text beginning with numbers\r\n"
        "250 The last line\r\n");
}

TEST_CASE("What is written is read again") {
  const std::vector<Reply> replies = {{250, "OK"}, {421, ""}, {214, "a\n\nb"}, {250, "x\n250 y"}};
  for (const Reply& reply : replies) {
    ReplyReader reader;
    std::string wire = reply.wire();
    Result last = Result::NotAReply;
    while (!wire.empty()) {
      const std::size_t end = wire.find("\r\n");
      last = reader.line(wire.substr(0, end));
      wire.erase(0, end + 2);
      CHECK(last == (wire.empty() ? Result::Complete : Result::NeedMore));
    }
    CHECK(reader.reply() == reply);
  }
}

TEST_CASE("A code alone is a reply, and anything else is none") {
  const auto bare = parse_reply_line("250");
  REQUIRE(bare);
  CHECK(bare->last);
  CHECK(bare->text.empty());
  const auto hyphen = parse_reply_line("250-");
  REQUIRE(hyphen);
  CHECK_FALSE(hyphen->last);
  for (const std::string line : {"", "25", "2500", "250x", "150 x", "650 x", "x50 y", " 250 OK"})
    CHECK_FALSE(parse_reply_line(line));
}

TEST_CASE("A code that changes within a reply is told") {
  ReplyReader reader;
  CHECK(reader.line("250-a") == Result::NeedMore);
  CHECK(reader.line("251 b") == Result::CodeChanged);
  CHECK(reader.complete());
  CHECK(reader.reply() == Reply(251, "b"));
}

TEST_CASE("A line that is no reply is passed over") {
  ReplyReader reader;
  CHECK(reader.line("250-a") == Result::NeedMore);
  CHECK(reader.line("what?") == Result::NotAReply);
  CHECK(reader.line("250 b") == Result::Complete);
  CHECK(reader.reply() == Reply(250, "a\nb"));
}

TEST_CASE("A reply without end takes bounded memory") {
  ReplyReader reader;
  for (int i = 0; i < 100000; ++i) reader.line("250-more");
  CHECK(reader.reply().lines.size() == ReplyReader::kLinesMax);
}
