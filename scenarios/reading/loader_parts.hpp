// The parts of the loader, a file each: what a mail host is told, what people do and what goes
// wrong, the checks. Private to the loader; every function throws Mistake.
//
// Each takes the scenario as far as it has been read: hosts, links and users come first.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "scenarios/reading/scenario.hpp"
#include "scenarios/reading/table_reader.hpp"

namespace mailscope::scenarios {

// ---- values that occur everywhere (loader_values.cpp) ----
void require_host(const TableReader& table, std::string_view key, const std::string& name,
                  const Scenario& scenario);
// It has a program of this kind.
void require_agent(const TableReader& table, std::string_view key, const std::string& host,
                   trace::AgentKind kind, const Scenario& scenario);
void require_user(const TableReader& table, std::string_view key, const std::string& name,
                  const Scenario& scenario);
// alice@alpha.example
std::string address(const TableReader& table, std::string_view key, const std::string& text);
std::vector<std::string> addresses(TableReader& table, std::string_view key);
// The left side of an address: "alice".
std::string local_part(TableReader& table, std::string_view key);
// beta.example
std::string domain(const TableReader& table, std::string_view key, const std::string& text);
std::vector<std::string> domains(TableReader& table, std::string_view key);
EventPattern read_event(TableReader& table, std::string_view key, const Scenario& scenario);
// `after`: an inside event, or nothing.
std::optional<InsideEvent> read_after(TableReader& table, const Scenario& scenario);

// "KEY = "TEXT" is unknown; it can be ..."
[[noreturn]] void no_such_choice(const TableReader& table, std::string_view key,
                                 std::string_view text, const std::vector<std::string_view>& known);

template <typename T>
T choice(TableReader& table, std::string_view key, std::string fallback,
         std::initializer_list<std::pair<std::string_view, T>> choices) {
  const std::string text = fallback.empty() ? table.text(key) : table.text_or(key, fallback);
  std::vector<std::string_view> known;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    known.push_back(name);
  }
  no_such_choice(table, key, text, known);
}

// ---- loader_mail.cpp ----
// The keys of [[host]] that are about mail.
void read_mail_keys(TableReader& table, HostSpec& spec, const Scenario& scenario);
// [[alias]], [[list]], [[moved]], [[held]], [[rule]], [[record]].
void read_mail_tables(TableReader& file, Scenario& scenario);

// ---- loader_actions.cpp ----
// [[action]] and [[fault]].
void read_actions(TableReader& file, Scenario& scenario);

// ---- loader_checks.cpp ----
void read_checks(TableReader& file, Scenario& scenario);

}  // namespace mailscope::scenarios
