// SMTP without sockets: command lines parsed a second, messages a second through a server engine
// (whole dialogues, one command at a time and pipelined, by DATA and by BDAT), and client and
// server engines joined in memory.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "protocols/smtp/client.hpp"
#include "protocols/smtp/server.hpp"

namespace mailscope::smtp {
namespace {

const std::string kContent =
    "Received: from alpha.example by beta.example; Thu, 21 May 1998 05:33:29 -0700\r\n"
    "Date: Thu, 21 May 1998 05:33:22 -0700\r\nFrom: Alice <alice@alpha.example>\r\n"
    "Subject: The Next Meeting of the Board\r\nTo: Bob <bob@beta.example>\r\n\r\n"
    "Bill:\r\nThe next meeting of the board of directors will be\r\non Tuesday.\r\nJohn.\r\n";

void parse(benchmark::State& state) {
  const std::vector<std::string> lines = {
      "EHLO mail.alpha.example",
      "MAIL FROM:<alice@alpha.example> SIZE=1234 BODY=8BITMIME",
      "RCPT TO:<bob@beta.example>",
      "RCPT TO:<\"joe smith\"@beta.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;joe@beta.example",
      "DATA",
      "RSET",
      "NOOP",
      "QUIT",
  };
  for (auto _ : state)
    for (const std::string& line : lines) benchmark::DoNotOptimize(parse_command(line));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
}
BENCHMARK(parse);

// Grants everything.
void serve(Server& server) {
  while (const auto event = server.next_event())
    if (is_question(*event)) server.accept();
}

ServerOptions everything() {
  ServerOptions options;
  options.domain = "beta.example";
  options.chunking = options.dsn = options.smtputf8 = options.enhanced_status_codes = true;
  return options;
}

// A session in which message after message comes in; `steps` are the octets of each read.
void dialogue(benchmark::State& state, const std::vector<std::string>& steps) {
  Server server(everything());
  server.greet();
  server.receive("EHLO alpha.example\r\n");
  serve(server);
  std::size_t octets = 0;
  for (auto _ : state) {
    for (const std::string& step : steps) {
      server.receive(step);
      serve(server);
      const std::string output = server.take_output();
      if (output.front() != '2' && output.front() != '3') state.SkipWithError(output.c_str());
      octets += step.size();
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(octets));
}

const std::string kMail = "MAIL FROM:<alice@alpha.example> SIZE=400\r\n";
const std::string kRcpt = "RCPT TO:<bob@beta.example>\r\n";
const std::string kData = "DATA\r\n";

void server_one_by_one(benchmark::State& state) {
  dialogue(state, {kMail, kRcpt, kData, kContent + ".\r\n"});
}
BENCHMARK(server_one_by_one);

void server_pipelined(benchmark::State& state) {
  dialogue(state, {kMail + kRcpt + kData, kContent + ".\r\n"});
}
BENCHMARK(server_pipelined);

void server_chunks(benchmark::State& state) {
  dialogue(state,
           {kMail + kRcpt, "BDAT " + std::to_string(kContent.size()) + " LAST\r\n" + kContent});
}
BENCHMARK(server_chunks);

// A connection for each message.
void server_session(benchmark::State& state) {
  for (auto _ : state) {
    Server server(everything());
    server.greet();
    for (const std::string* step : {&kMail, &kRcpt, &kData}) {
      if (step == &kMail) server.receive("EHLO alpha.example\r\n");
      serve(server);
      server.receive(*step);
      serve(server);
    }
    server.receive(kContent);
    server.receive(".\r\nQUIT\r\n");
    serve(server);
    benchmark::DoNotOptimize(server.take_output());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(server_session);

// Large input in one piece: thousands of commands, or one large message.
void server_long_input(benchmark::State& state) {
  std::string input;
  for (int i = 0; i < 1000; ++i) input += kMail + kRcpt + "RSET\r\n";
  Server server(everything());
  server.greet();
  server.receive("EHLO alpha.example\r\n");
  serve(server);
  for (auto _ : state) {
    server.receive(input);
    serve(server);
    benchmark::DoNotOptimize(server.take_output());
  }
  state.SetItemsProcessed(state.iterations() * 3000);
}
BENCHMARK(server_long_input)->Unit(benchmark::kMicrosecond);

void server_large_message(benchmark::State& state) {
  std::string content;
  while (content.size() < (10u << 20)) content += kContent;
  dialogue(state, {kMail + kRcpt + kData, content + ".\r\n"});
}
BENCHMARK(server_large_message)->Unit(benchmark::kMillisecond);

void client_and_server(benchmark::State& state) {
  Server server(everything());
  Client client({.name = "alpha.example"});
  server.greet();
  Envelope envelope{*parse_reverse_path("<alice@alpha.example>"),
                    {*parse_forward_path("<bob@beta.example>")}};
  for (auto _ : state) {
    client.deliver(envelope, kContent);
    while (true) {
      const std::string to_client = server.take_output();
      client.receive(to_client);
      const std::string to_server = client.take_output();
      server.receive(to_server);
      serve(server);
      while (client.next_event()) {
      }
      if (to_client.empty() && to_server.empty()) break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(client_and_server);

}  // namespace
}  // namespace mailscope::smtp
