#include "protocols/imap/view.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::imap;

namespace {

// Of the messages with these UIDs.
View view_of(std::vector<mailbox::Uid> uids) {
  std::vector<mailbox::Message> messages;
  for (const mailbox::Uid uid : uids) messages.push_back({uid, 10, 1, {}, {}});
  return View(messages);
}

std::vector<mailbox::Uid> uids_of(const View& view) {
  return {view.uids().begin(), view.uids().end()};
}

using Indexes = std::vector<std::size_t>;
using Uids = std::vector<mailbox::Uid>;

}  // namespace

TEST_CASE("A view finds UIDs and what is behind them") {
  const View view = view_of({3, 5, 9});
  CHECK(view.find(5) == 1u);
  CHECK(!view.find(4));
  CHECK(view.at_or_after(4) == 1);
  CHECK(view.at_or_after(10) == 3);
  CHECK(!View().find(1));
}

TEST_CASE("What is gone stays in the view until it may be told, and then all at once") {
  View view = view_of({1, 2, 3, 4, 5});
  for (const mailbox::Uid uid : {4, 1, 5}) view.note_expunged(uid);
  CHECK(view.gone_untold());
  CHECK(view.take_news(false).empty());
  CHECK(view.size() == 5);
  const News news = view.take_news(true);
  CHECK(news.expunged == Indexes{0, 3, 4});
  CHECK(news.vanished == Uids{1, 4, 5});
  CHECK(uids_of(view) == Uids{2, 3});
  CHECK(!view.gone_untold());
  CHECK(view.take_news(true).empty());
}

TEST_CASE("What is new is told, unless it is gone again") {
  View view = view_of({1});
  view.note_appended(2);
  view.note_appended(3);
  view.note_expunged(2);
  view.note_expunged(1);
  const News news = view.take_news(false);
  CHECK(news.grew);
  CHECK(uids_of(view) == Uids{1, 3});
  view.note_appended(4);
  view.note_expunged(4);
  CHECK(view.take_news(true).expunged == Indexes{0});
  CHECK(uids_of(view) == Uids{3});
}

TEST_CASE("Flags are told once, by the numbers that hold then, of what is known and not gone") {
  View view = view_of({1, 2, 3, 4});
  view.note_appended(5);
  for (const mailbox::Uid uid : {4, 2, 4, 3, 5}) view.note_flags(uid);
  view.note_expunged(1);
  view.note_expunged(3);
  const News news = view.take_news(true);
  CHECK(news.flags == Indexes{0, 1});
  CHECK(uids_of(view) == Uids{2, 4, 5});
  CHECK(view.take_news(true).flags.empty());

  view.note_flags(2);
  view.note_flags(5);
  view.forget_flags(std::vector<IndexRange>{{0, 2}});
  CHECK(view.take_news(true).flags == Indexes{2});
}

TEST_CASE("Who is recent is kept as ranges, and counted as far as the view has it") {
  View view = view_of({1, 2, 3});
  CHECK(view.recent() == 0);
  view.add_recent(2, 3);
  view.add_recent(4, 6);
  view.add_recent(9, 9);
  CHECK(!view.is_recent(1));
  CHECK(view.is_recent(2));
  CHECK(view.is_recent(6));
  CHECK(!view.is_recent(7));
  CHECK(view.is_recent(9));
  CHECK(view.recent() == 2);
}
