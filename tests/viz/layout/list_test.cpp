#include "viz/layout/list.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

std::vector<std::string> heads(const TraceIndex& index, std::string_view filter) {
  FilteredPdus pdus;
  pdus.set(index, filter);
  while (!pdus.work(7)) {
  }
  std::vector<std::string> out;
  for (const ListRow& row : layout_list(index, open_cursor(index), pdus, 0, pdus.size()))
    out.push_back(row.connection + " " + row.head);
  return out;
}

}  // namespace

TEST_CASE("The filter's words pass what they should") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  using V = std::vector<std::string>;
  struct Case {
    std::string_view filter;
    V heads;
  };
  const Case cases[] = {
      {"rcpt", {"1 RCPT", "2 RCPT"}},
      {"conn:2, rcpt", {"2 RCPT"}},
      {"conn:2-3, quit, -dele, from-client", {"2 QUIT", "3 QUIT"}},
      {"354", {"1 354", "2 354"}},
      {"smtp, 3xx", {"1 354", "2 354"}},
      {"pop3, 3xx", {}},
      {"35x, 22x, conn:1", {"1 220", "1 354", "1 221"}},
      {"pop3, +ok, octets", {"3 +OK"}},
      {"5xx", {}},
      {"-err", {}},
      {"host:bob, from-client, -tcp, -quit",
       {"3 USER", "3 PASS", "3 STAT", "3 LIST", "3 RETR", "3 DELE"}},
      {"conn:1, -tcp, -from-server, -ehlo, -message", {"1 MAIL", "1 RCPT", "1 DATA", "1 QUIT"}},
      {"conn:1, tcp", {"1 open", "1 close", "1 close"}},
      {"conn:1, -rcpt, 250", {"1 250", "1 250", "1 250"}},
      {"RETR", {"3 RETR"}},
      {" , -, rcpt ,", {"1 RCPT", "2 RCPT"}},
      {"conn:99999999999", {}},
      {"conn:", {}},
  };
  for (const Case& one : cases) {
    INFO("filter: " << one.filter);
    CHECK(heads(index, one.filter) == one.heads);
  }
}

TEST_CASE("Without a filter every PDU is a row, made only when it is looked at") {
  const Trace trace = sample::synthetic_trace(1'000'000);
  const TraceIndex index(trace);
  FilteredPdus pdus;
  pdus.set(index, "");
  CHECK(pdus.work(1));
  CHECK(pdus.size() == 1'000'000);
  const std::vector<ListRow> rows = layout_list(index, open_cursor(index), pdus, 999'990, 50);
  REQUIRE(rows.size() == 10);
  CHECK(rows.front().number == "999991");
}

TEST_CASE("A large trace is filtered a slice at a time") {
  const Trace trace = sample::synthetic_trace(100'000);
  const TraceIndex index(trace);
  FilteredPdus pdus;
  pdus.set(index, "250");
  CHECK_FALSE(pdus.work(1000));
  CHECK(pdus.size() <= 500);
  CHECK_FALSE(pdus.done());
  while (!pdus.work(20'000)) {
  }
  CHECK(pdus.done());
  CHECK(pdus.size() == 25'000);
  CHECK(pdus.at(pdus.row_of(50'000)) >= 50'000);
}

TEST_CASE("Rows say who to whom, when, and what it means, and a password never") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  FilteredPdus pdus;
  pdus.set(index, "pass, from-client");
  while (!pdus.work(1000)) {
  }
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, pdus.at(0));
  const std::vector<ListRow> rows = layout_list(index, cursor, pdus, 0, 1);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].says == "PASS ********");
  CHECK(rows[0].from_to == "bob-pc → mail.beta");
  CHECK(rows[0].current);
  CHECK_FALSE(rows[0].to_come);
  CHECK_FALSE(rows[0].meaning.empty());
}
