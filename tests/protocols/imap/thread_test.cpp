#include "protocols/imap/thread.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::imap;

namespace {

// As THREAD writes them: "(1 2 (3)(4))"; 0 is a message that is not there.
std::string show(const std::vector<ThreadMember>& members, std::size_t index) {
  std::vector<std::size_t> children;
  for (std::size_t i = index + 1; i < members.size(); ++i)
    if (members[i].parent == index) children.push_back(i);
  std::string out = std::to_string(members[index].number);
  for (const std::size_t child : children)
    out += children.size() == 1 ? " " + show(members, child) : "(" + show(members, child) + ")";
  return out;
}
std::string show(const std::vector<ThreadMember>& members) {
  std::string out;
  for (std::size_t i = 0; i < members.size(); ++i) {
    CHECK((members[i].parent == ThreadMember::kNoParent || members[i].parent < i));
    if (members[i].parent == ThreadMember::kNoParent) out += "(" + show(members, i) + ")";
  }
  return out;
}

struct Mail {
  std::string id{}, references{}, subject{};
  std::int64_t arrival = 0;
};
std::string threads(ThreadAlgorithm algorithm, const std::vector<Mail>& mails) {
  Threads threads(algorithm);
  std::uint32_t number = 0;
  for (const Mail& mail : mails) {
    std::string header;
    if (!mail.id.empty()) header += "Message-ID: " + mail.id + "\r\n";
    if (!mail.references.empty()) header += mail.references + "\r\n";
    if (!mail.subject.empty()) header += "Subject: " + mail.subject + "\r\n";
    ++number;
    threads.add(number, header, mail.arrival != 0 ? mail.arrival : number);
  }
  return show(threads.finish());
}
std::string by_references(const std::vector<Mail>& mails) {
  return threads(ThreadAlgorithm::References, mails);
}

}  // namespace

TEST_CASE("Message ids are read without their quoting, and what is none is passed over") {
  using Ids = std::vector<std::string>;
  CHECK(read_message_ids("<a@b> <c@d>") == Ids{"<a@b>", "<c@d>"});
  CHECK(read_message_ids("<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>") ==
        Ids{"<01KF8JCEOCBS0045PS@xxx.yyy.com>"});
  CHECK(read_message_ids("< a @\r\n b >") == Ids{"<a@b>"});
  CHECK(read_message_ids("<\"a\\\"> b\"@c>") == Ids{"<a\"> b@c>"});
  CHECK(read_message_ids("your mail <x> of <@b> <c@> <<d@e> <f@g") == Ids{"<d@e>"});
  CHECK(read_message_ids("").empty());
}

TEST_CASE("Messages of one base subject are a thread, by the date of its first") {
  const auto by_subject = [](const std::vector<Mail>& mails) {
    return threads(ThreadAlgorithm::OrderedSubject, mails);
  };
  CHECK(by_subject({}).empty());
  CHECK(by_subject({{"", "", "a"},
                    {"", "", "C"},
                    {"", "", "b"},
                    {"", "", "Re: [FWD: c]"},
                    {"", "", "b (fwd)"},
                    {"", "", ""},
                    {"", "", "=?utf-8?q?_?="},
                    {"", "", "c"}}) == "(1)(2(4)(8))(3 5)(6 7)");
  CHECK(by_subject({{"", "", "a", 10}, {"", "", "b", 9}, {"", "", "a", 8}, {"", "", "b", 7}}) ==
        "(4 2)(3 1)");
}

TEST_CASE("Messages are children of what they refer to") {
  CHECK(by_references({}).empty());
  CHECK(by_references({{"<a@b>"}, {"<b@b>"}}) == "(1)(2)");
  CHECK(by_references(
            {{"<a@b>"}, {"<b@b>", "References: <a@b>"}, {"<c@b>", "References: <a@b> <b@b>"}}) ==
        "(1 2 3)");
  CHECK(by_references({{"<a@b>"}, {"<b@b>", "In-Reply-To: your <a@b> and <c@b>"}}) == "(1 2)");
  CHECK(by_references({{"<a@b>"}, {"<b@b>", "References: none\r\nIn-Reply-To: <a@b>"}}) == "(1 2)");
  CHECK(by_references({{"<\"a\"@b>"}, {"<b@b>", "References: <a@b>"}}) == "(1 2)");
  CHECK(by_references({{"<b@b>", "References: <a@b>", "", 2}, {"<a@b>", "", "", 1}}) == "(2 1)");
  CHECK(by_references({{"<a@b>"}, {"<a@b>"}}) == "(1)(2)");  // the id is the first one's
  CHECK(by_references({{"<A@b>"}, {"<c@b>", "References: <a@b>"}}) == "(1)(2)");
  // Children by their date, whatever their order.
  CHECK(by_references(
            {{"<a@b>"}, {"<b@b>", "References: <a@b>", "", 9}, {"<c@b>", "References: <a@b>"}}) ==
        "(1(3)(2))");
}

TEST_CASE("Messages that are not there hold their children together") {
  CHECK(by_references({{"<b@b>", "References: <a@b>"}}) == "(1)");
  CHECK(by_references({{"<b@b>", "References: <a@b>"}, {"<c@b>", "References: <a@b>"}}) ==
        "(0(1)(2))");
  CHECK(by_references({{"<x@b>", "References: <a@b> <b@b> <c@b>"},
                       {"<y@b>", "References: <a@b> <b@b>"}}) == "(0(1)(2))");
  // Below the top they go.
  CHECK(by_references(
            {{"<a@b>"}, {"<x@b>", "References: <a@b> <b@b>"}, {"<y@b>", "References: <b@b>"}}) ==
        "(1(2)(3))");
}

TEST_CASE("No link makes a loop, and a message's own last reference counts most") {
  CHECK(by_references({{"<a@b>", "References: <a@b>"}}) == "(1)");
  CHECK(by_references({{"<a@b>", "References: <b@b>"}, {"<b@b>", "References: <a@b>"}}) == "(2 1)");
  CHECK(by_references({{"<a@b>", "", "", 9},
                       {"<b@b>", "References: <a@b> <c@b>"},
                       {"<c@b>", "References: <b@b>"}}) == "(3 2)(1)");
  // 3's References were cut: 2 is its parent for others until it says so itself.
  CHECK(by_references({{"<a@b>"},
                       {"<b@b>"},
                       {"<d@b>", "References: <b@b> <c@b>"},
                       {"<c@b>", "References: <a@b>"}}) == "(1 4 3)(2)");
}

TEST_CASE("Threads of one subject are joined") {
  // A reply goes below what is none; two that are none become siblings.
  CHECK(by_references({{"", "", "foo"}, {"", "", "Re: foo"}}) == "(1 2)");
  CHECK(by_references({{"", "", "Re: foo"}, {"", "", "foo"}}) == "(2 1)");
  CHECK(by_references({{"", "", "foo"}, {"", "", "foo"}}) == "(0(1)(2))");
  CHECK(by_references({{"", "", "Re: foo"}, {"", "", "Re: foo"}}) == "(0(1)(2))");
  CHECK(by_references({{"", "", "foo"}, {"", "", "foo"}, {"", "", "FOO"}}) == "(0(1)(2)(3))");
  CHECK(by_references({{"", "", ""}, {"", "", "Re: "}}) == "(1)(2)");
  // Dummies: joined with each other, and what is there goes below.
  const std::vector<Mail> pair = {{"", "References: <a@b>", "foo"}, {"", "References: <a@b>", "x"}};
  std::vector<Mail> mails = pair;
  mails.push_back({"", "", "foo"});
  CHECK(by_references(mails) == "(0(1)(2)(3))");
  mails = pair;
  mails.push_back({"", "References: <c@b>", "Re: foo"});
  mails.push_back({"", "References: <c@b>", "y"});
  CHECK(by_references(mails) == "(0(1)(2)(3)(4))");
  mails = {{"", "", "foo"}, pair[0], pair[1]};
  CHECK(by_references(mails) == "(0(1)(2)(3))");
}

TEST_CASE("A conversation of a hundred thousand messages is put together in no time") {
  constexpr std::uint32_t kMessages = 100'000;
  for (const bool backwards : {false, true}) {
    Threads threads(ThreadAlgorithm::References);
    for (std::uint32_t i = 1; i <= kMessages; ++i) {
      const std::uint32_t id = backwards ? kMessages - i : i;
      threads.add(i,
                  "Message-ID: <" + std::to_string(id) + "@x>\r\nReferences: <" +
                      std::to_string(id - 1) + "@x>\r\n",
                  id);
    }
    const std::vector<ThreadMember> members = threads.finish();
    REQUIRE(members.size() == kMessages);
    CHECK(members[0].parent == ThreadMember::kNoParent);
    bool is_chain = true;
    for (std::uint32_t i = 1; i < kMessages; ++i) is_chain &= members[i].parent == i - 1;
    CHECK(is_chain);
  }
}
