// What the tests over all lessons share: the screens, the window's type, and whom a text names.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "viz/layout/arrangement.hpp"
#include "viz/layout/heading.hpp"
#include "viz/window/canvas.hpp"
#include "viz/window/theme.hpp"

namespace mailscope::viz::stage {

struct Screen {
  float w, h;
  bool lecture;
};
inline constexpr Screen kScreens[] = {{1280, 720, false}, {1366, 768, false}, {1920, 1080, false},
                                      {1280, 720, true},  {1366, 768, true},  {1920, 1080, true}};

// The window's fonts, without a window.
struct Type {
  explicit Type(float scale)
      : context(ImGui::CreateContext()),
        fonts(load_fonts(scale)),
        canvas(nullptr, theme, fonts, scale) {}
  ~Type() { ImGui::DestroyContext(context); }
  ImGuiContext* context;
  Theme theme{false};
  Fonts fonts;
  Canvas canvas;
};

inline Wishes wishes_of(const TraceIndex& index, const HeadingShape& shape, bool lecture) {
  Wishes wishes;
  wishes.narration = shape.height;
  wishes.narrated = !index.narration().empty();
  wishes.pdus = !index.trace().pdus.empty();
  wishes.lecture = lecture;
  return wishes;
}

inline std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

// Whether the text has the word, and not only as a part of a longer name.
inline bool says(const std::string& text, const std::string& word) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (at > 0 && (letter(text[at - 1]) || text[at - 1] == '.')) continue;
    if (end < text.size() && letter(text[end])) continue;
    if (end + 1 < text.size() && text[end] == '.' && letter(text[end + 1])) continue;
    return true;
  }
  return false;
}

// Who acts in an event, and whom a text names.
struct Named {
  std::vector<Id> hosts, agents;

  void add_pdu(const TraceIndex& index, Id id) {
    if (id == kNone) return;
    const trace::Pdu& pdu = index.trace().pdus[id];
    for (const trace::Endpoint* end : {&index.sender(pdu), &index.receiver(pdu)}) {
      hosts.push_back(end->host);
      if (end->agent != kNone) agents.push_back(end->agent);
    }
  }

  void add_change(const TraceIndex& index, Id id) {
    if (id == kNone) return;
    const Trace& trace = index.trace();
    const trace::Variable& variable = trace.variables[trace.changes[id].variable];
    hosts.push_back(variable.host);
    if (variable.agent != kNone) agents.push_back(variable.agent);
  }

  // The hosts by their names; of these and of those that act what belongs to them: "the spool",
  // "the queue", "the MDA".
  void add_text(const TraceIndex& index, const std::string& text) {
    const Trace& trace = index.trace();
    for (Id id = 0; id < trace.agents.size(); ++id) {
      const trace::Agent& agent = trace.agents[id];
      const bool acts = std::find(hosts.begin(), hosts.end(), agent.host) != hosts.end();
      if (acts && (says(text, lower(agent.name)) ||
                   (agent.kind == trace::AgentKind::Spool && says(text, "queue"))))
        agents.push_back(id);
    }
    for (Id id = 0; id < trace.hosts.size(); ++id)
      if (says(text, trace.hosts[id].name) || says(text, index.host_name(id))) {
        hosts.push_back(id);
        for (Id a = 0; a < trace.agents.size(); ++a)  // "the spool of mx2"
          if (trace.agents[a].host == id && trace.agents[a].kind == trace::AgentKind::Spool &&
              says(text, "spool of " + index.host_name(id)))
            agents.push_back(a);
      }
  }
};

}  // namespace mailscope::viz::stage
