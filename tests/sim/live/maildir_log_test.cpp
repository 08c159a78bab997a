#include "sim/live/maildir_log.hpp"

#include <catch2/catch.hpp>

#include "sim/live/maildir_catalog.hpp"

using namespace mailscope;
using namespace mailscope::sim::maildir;

namespace {

mailbox::Message message(mailbox::Uid uid, mailbox::ModSeq modseq) {
  return {uid, 100, modseq, {-5, -60}, {mailbox::kSeen, 0x8000000000000001}};
}

std::string first_change() {
  Record record;
  record.uid_validity = 77;
  return text_of(record);
}

std::string appended(mailbox::Uid uid, mailbox::ModSeq modseq) {
  ChangeText change;
  change.add(message(uid, modseq), "1.M2P3.host,S=1,W=2 with a space");
  return std::move(change).end(modseq);
}

}  // namespace

TEST_CASE("A log tells what was written, change by change, and the same when written anew") {
  std::string text = first_change() + appended(1, 2) + appended(2, 3) + appended(3, 4);
  ChangeText change;
  change.keyword("later");
  change.flags(message(2, 5));
  change.expunged({1, 1});
  change.recent(3);
  text += std::move(change).end(5);
  for (int pass = 0; pass < 2; ++pass) {
    const auto log = read_log(text);
    REQUIRE(log);
    CHECK(log->octets == text.size());
    const Record& record = log->record;
    CHECK(record.uid_validity == 77);
    CHECK(record.uid_next == 4);
    CHECK(record.recent_from == 3);
    CHECK(record.highest_modseq == 5);
    CHECK(record.keywords == std::vector<std::string>{"later"});
    REQUIRE(record.kept.size() == 2);
    CHECK(record.kept[0].message == message(2, 5));
    CHECK(record.kept[1].message == message(3, 4));
    CHECK(record.kept[1].base == "1.M2P3.host,S=1,W=2 with a space");
    REQUIRE(record.expunged.size() == 1);
    CHECK(record.expunged[0].modseq == 5);
    text = text_of(record);
  }
}

TEST_CASE("A log that was cut off anywhere tells the changes before") {
  const std::string before = first_change() + appended(1, 2), whole = before + appended(2, 3);
  for (std::size_t octets = 0; octets <= whole.size(); ++octets) {
    const auto log = read_log(std::string_view(whole).substr(0, octets));
    if (octets < first_change().size()) {
      CHECK(!log);
      continue;
    }
    REQUIRE(log);
    const std::size_t messages = octets < before.size() ? 0 : octets < whole.size() ? 1 : 2;
    CHECK(log->record.kept.size() == messages);
  }
}

TEST_CASE("A log that is damaged, not cut off, is no log, since UIDs may be missing in it") {
  const std::string text = first_change() + appended(1, 2) + appended(2, 3) + appended(3, 4);
  // In the last end line there is no telling the one from the other.
  const std::size_t last = text.rfind("\nc ");
  for (std::size_t at = 0; at < last; ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    INFO(at);
    CHECK(!read_log(damaged));
  }
  CHECK(!read_log("something else\n"));
  CHECK(!read_log(""));
}

TEST_CASE("The names of an account are read as they were written, or not at all") {
  CatalogFile file;
  file.catalog.mailboxes = {{"INBOX", true, 0}, {"foo bar", false, 0}, {"foo bar/x", true, 16}};
  file.catalog.subscriptions = {"gone", "with space"};
  file.catalog.uid_validity_next = 4'000'000'000;
  file.renamings = {{"a b", "c d"}};
  const std::string text = text_of(file);
  const auto read = read_catalog(text);
  REQUIRE(read);
  CHECK(text_of(*read) == text);
  CHECK(read->catalog.mailboxes[1].name == "foo bar");
  CHECK(!read->catalog.mailboxes[1].selectable);
  CHECK(read->renamings == file.renamings);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK(!read_catalog(damaged));
    CHECK(!read_catalog(std::string_view(text).substr(0, at)));
  }
}
