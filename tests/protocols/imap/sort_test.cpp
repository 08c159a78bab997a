#include "protocols/imap/sort.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::imap;

namespace {

// The numbers in the order of the criteria; the headers count from 1, a day apart and backwards.
std::vector<std::uint32_t> sorted(const std::vector<std::string>& headers,
                                  const std::vector<SortCriterion>& criteria) {
  std::vector<SortedMessage> messages;
  for (const std::string& header : headers) {
    SortedMessage& message = messages.emplace_back();
    message.number = static_cast<std::uint32_t>(messages.size());
    message.arrival = -86'400 * static_cast<std::int64_t>(messages.size());
    message.octets = header.size();
    read_sort_keys(message, header + "\r\n", criteria);
  }
  sort_messages(messages, criteria);
  std::vector<std::uint32_t> numbers;
  for (const SortedMessage& message : messages) numbers.push_back(message.number);
  return numbers;
}
using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("The base subject is what replying and forwarding leave") {
  struct Row {
    std::string_view subject, base;
    bool is_reply;
  };
  for (const Row& row : {
           Row{"", "", false},
           Row{"  a \t b  ", "A B", false},
           Row{"Re: b", "B", true},
           Row{"re:b", "B", true},
           Row{"RE  : b", "B", true},
           Row{"Fw: b", "B", true},
           Row{"fwd: b", "B", true},
           Row{"fwdx: b", "FWDX: B", false},
           Row{"Re", "RE", false},
           Row{"Re: ", "", true},
           Row{"Re[4]: b", "B", true},
           Row{"Re [a b] : b", "B", true},
           Row{"Re a: b", "RE A: B", false},
           Row{"Re [a b]: b", "B", true},
           Row{"b (fwd)", "B", true},
           Row{"b (fWd)  (fwd) ", "B", true},
           Row{"b (a)", "B (A)", false},
           Row{"[xyz]", "[XYZ]", false},
           Row{"[a] [b]", "[B]", false},
           Row{"[a] b", "B", false},
           Row{"[a] [b] Re: c", "C", true},
           Row{"[a [b] c", "[A [B] C", false},
           Row{"[foo] Fwd: [bar] Re: fw: b (fWd)  (fwd)", "B", true},
           Row{"Re: [FWD: c]", "C", true},
           Row{"re: [fwd: [fwd: re: [fwd: babylon]]]", "BABYLON", true},
           Row{"[fwd: c] d", "D", false},
           Row{"[fwd: c", "[FWD: C", false},
           Row{"[fwd:]", "", true},
           Row{"Ad: Re: x", "AD: RE: X", false},
           Row{"=?iso-8859-1?q?_?=", "", false},
           Row{"Re: =?utf-8?q?b?=", "B", true},
           Row{"=?iso-8859-1?q?RE:_C?=", "C", true},
           Row{"=?us-ascii?b?UmU6IGM=?=", "C", true},
           Row{"=?utf-8?q?=C3=A9t=C3=A9?=", "E\u0301TE\u0301", false},
           Row{"one\r\n two", "ONE TWO", false},
       }) {
    INFO(row.subject);
    CHECK(base_subject(row.subject).text == row.base);
    CHECK(base_subject(row.subject).is_reply_or_forward == row.is_reply);
  }
}

TEST_CASE("A hostile subject takes no longer than a plain one") {
  std::string blobs, forwards, replies;
  for (int i = 0; i < 100'000; ++i) blobs += "[a]", forwards += "[fwd:", replies += "Re:";
  CHECK(base_subject(blobs).text == "[A]");
  CHECK(base_subject(forwards).text.size() == forwards.size());
  CHECK(base_subject(forwards + std::string(100'000, ']')).text.empty());
  CHECK(base_subject(replies).text.empty());
}

TEST_CASE("Messages are sorted by each criterion, alike ones as they stand") {
  const std::vector<std::string> headers = {
      "From: user2@b\r\nTo: Foo <x@a>\r\nSubject: a\r\nDate: 22 Feb 2008 02:00:00 +0200\r\n",
      "From: \"Z\" <User1@c>\r\nTo: group: blah@a;\r\nSubject: Re: C\r\n",
      "To: b@a\r\nSubject: _\r\nDate: 22 Feb 2008 01:00:00 +0100\r\n",
      "From: user1@a\r\nCc: q@x, a@x\r\nSubject: b\r\nDate: 21 Feb 2008 23:59:59 -0000\r\nX: "
      "longer\r\n",
  };
  CHECK(sorted(headers, {{SortKey::From, false}}) == Numbers{3, 2, 4, 1});
  CHECK(sorted(headers, {{SortKey::From, true}}) == Numbers{1, 2, 4, 3});
  CHECK(sorted(headers, {{SortKey::To, false}}) == Numbers{4, 3, 2, 1});
  CHECK(sorted(headers, {{SortKey::Cc, false}}) == Numbers{1, 2, 3, 4});
  CHECK(sorted(headers, {{SortKey::Subject, false}}) == Numbers{1, 4, 2, 3});
  CHECK(sorted(headers, {{SortKey::Date, false}}) == Numbers{2, 4, 1, 3});
  CHECK(sorted(headers, {{SortKey::Arrival, false}}) == Numbers{4, 3, 2, 1});
  CHECK(sorted(headers, {{SortKey::Size, true}}) == Numbers{4, 1, 2, 3});
  CHECK(sorted(headers, {{SortKey::Cc, false}, {SortKey::From, true}}) == Numbers{1, 2, 3, 4});
  CHECK(sorted(headers, {{SortKey::Date, false}, {SortKey::Arrival, false}}) ==
        Numbers{2, 4, 3, 1});
}

TEST_CASE("The sent date is UTC, and a day where the time is nonsense") {
  const auto sent = [](std::string_view header) {
    const auto date = sent_date(header);
    return date ? date->unix_seconds : -1;
  };
  CHECK(sent("Date: 31 Dec 2000 16:01:33 -0800\r\n") ==
        sent("Date: 1 Jan 2001 00:01:33 +0000\r\n"));
  CHECK(sent("Date: 1 Jan 1970 99:00 +0000\r\n") == 0);
  CHECK(sent("Date: Thu, 1 Jan 1970\r\n") == 0);
  CHECK(sent("Date: soon\r\n") == -1);
  CHECK(sent("Subject: x\r\n\r\nDate: 1 Jan 1970 00:00:00 +0000\r\n") == -1);
}
