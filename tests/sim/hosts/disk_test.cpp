#include "sim/hosts/disk.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::sim;

TEST_CASE("a spooled mail is settled when every recipient is") {
  SpooledMail mail;
  mail.recipients = {{.address = "a@alpha.example", .fate = Fate::Pending},
                     {.address = "b@alpha.example", .fate = Fate::Done}};
  CHECK_FALSE(mail.settled());
  mail.recipients[0].fate = Fate::Failed;
  CHECK(mail.settled());
}
