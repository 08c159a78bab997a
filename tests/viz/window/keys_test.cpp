#include "viz/window/keys.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"

using namespace mailscope;
using namespace mailscope::viz;

TEST_CASE("Every key does what the help says of it, and only that") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  CHECK_FALSE(handle_key(view, {Key::None, false, false}));
  CHECK(handle_key(view, {Key::Right, false, false}));
  CHECK(view.cursor.pdu == 0);
  handle_key(view, {Key::Right, true, false});
  CHECK(view.cursor.pdu == 1);
  handle_key(view, {Key::Right, false, true});
  CHECK(view.cursor.pdu == 2);
  handle_key(view, {Key::Left, false, true});
  CHECK(view.cursor.pdu == 1);
  handle_key(view, {Key::End, false, false});
  CHECK(view.cursor.pdu == trace.pdus.size() - 1);
  handle_key(view, {Key::Space, false, false});
  CHECK(view.cursor.playing);  // from the end it begins again
  CHECK(view.cursor.time == 0);
  handle_key(view, {Key::Space, false, false});
  CHECK_FALSE(view.cursor.playing);
  handle_key(view, {Key::Plus, false, false});
  CHECK(view.cursor.pace == 1.5);
  handle_key(view, {Key::V, false, false});
  CHECK(view.cursor.mode == PlayMode::Virtual);
  handle_key(view, {Key::Digit3, false, false});
  CHECK(chapter_at(view.index, view.cursor) == 2);
  handle_key(view, {Key::Home, false, false});
  CHECK(view.cursor.pdu == trace::kNone);
  handle_key(view, {Key::Question, false, false});
  CHECK(view.help);
  handle_key(view, {Key::Escape, false, false});
  CHECK_FALSE(view.help);
  handle_key(view, {Key::G, false, false});
  CHECK_FALSE(view.to_gallery);  // there is none to go to
}

TEST_CASE("Enter goes from hit to hit of the filter and stays at the last") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  view.filter = "rcpt";
  view.filtered.set(view.index, "rcpt");
  std::vector<trace::Id> hits;
  for (int i = 0; i < 3; ++i) {
    handle_key(view, {Key::Enter, false, false});
    hits.push_back(view.cursor.pdu);
  }
  CHECK(hits[0] < hits[1]);
  CHECK(hits[1] == hits[2]);
  handle_key(view, {Key::Enter, true, false});
  CHECK(view.cursor.pdu == hits[0]);
}

TEST_CASE("B and the full stop make the screen black, and any key brings back what was there") {
  const trace::Trace trace = sample::maa_trace();
  for (const Key black : {Key::B, Key::Period}) {
    View view(trace);
    handle_key(view, {Key::Right, false, false});
    handle_key(view, {Key::Space, false, false});
    CHECK(handle_key(view, {black, false, false}));
    CHECK(view.black);
    CHECK_FALSE(view.cursor.playing);
    CHECK(handle_key(view, {Key::PageDown, false, false}));
    CHECK_FALSE(view.black);
    CHECK(view.cursor.pdu == 0);  // a presenter's remote has not gone on
    handle_key(view, {black, false, false});
    handle_key(view, {black, false, false});
    CHECK_FALSE(view.black);
  }
}
