#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/layout/words.hpp"
#include "viz/window/view.hpp"

namespace mailscope::viz {
namespace {

struct OctetSpan {
  std::uint32_t begin = 0, end = 0;
  bool holds(std::uint32_t octet) const { return octet >= begin && octet < end; }
  bool empty() const { return begin >= end; }
};

class InspectorPanel : public Panel {
 public:
  void draw(View& view, const Canvas& canvas, Rect r) override {
    canvas.panel(r);
    refresh(view);
    const float pad = canvas.px(16);
    ImGui::SetCursorScreenPos({r.x + 1, r.y + canvas.px(10)});
    ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, canvas.px(9));
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, canvas.color(Role::Line));
    ImGui::BeginChild("inspector", {r.w - 2, r.h - canvas.px(20)}, false,
                      ImGuiWindowFlags_NoBackground);
    const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    if (fresh_) ImGui::SetScrollY(0);
    x_ = r.x + pad, w_ = r.w - 2 * pad - canvas.px(4);
    y_ = origin.y + canvas.px(6);
    next_hover_ = {};
    draw_top(c);
    draw_machine(c);
    draw_layers(view, c);
    draw_octets(c);
    for (const Section& section : inspector_.sections) draw_section(view, c, section);
    hover_ = next_hover_;
    ImGui::SetCursorScreenPos(origin);
    ImGui::Dummy({1, y_ - origin.y + canvas.px(8)});
    ImGui::EndChild();
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
  }

 private:
  void refresh(const View& view) {
    const Cursor& cursor = view.cursor;
    const Selected kind = cursor.selection.kind;
    const bool timed = kind != Selected::Nothing && kind != Selected::Mail;  // tells what is so now
    fresh_ = made_ && !(shown_ == cursor.selection);
    const bool same = shown_ == cursor.selection && shown_of_ == view.serial;
    if (made_ && same && (!timed || shown_at_ == cursor.time)) return;
    if (fresh_) open_layer_ = -1;
    inspector_ = inspect(view.index, cursor);
    shown_ = cursor.selection;
    shown_at_ = cursor.time;
    shown_of_ = view.serial;
    made_ = true;
  }

  // Chips in as many rows as they need.
  void draw_chips(const Canvas& c, const std::vector<Chip>& chips) {
    float x = x_;
    bool any = false;
    for (const Chip& chip : chips) {
      const float w = c.chip_width(chip);
      if (any && x + w > x_ + w_) x = x_, y_ += c.px(30);
      x += c.chip({x, y_}, chip) + c.px(8);
      any = true;
    }
    if (any) y_ += c.px(24);
  }

  void draw_top(const Canvas& c) {
    draw_chips(c, inspector_.chips);
    y_ += c.px(14);
    const TextStyle style = inspector_.title_mono ? TextStyle::MonoBig : TextStyle::Headline;
    if (inspector_.title_mono) {
      c.text({x_, y_, w_, c.px(32)}, style, inspector_.title_role, inspector_.title);
      y_ += c.px(40);
    } else {
      y_ += c.paragraph({x_, y_}, w_, style, inspector_.title_role, inspector_.title) + c.px(10);
    }
    if (!inspector_.line.empty())
      y_ += c.paragraph({x_, y_}, w_, TextStyle::Mono, Role::Dim, inspector_.line, 1.4f) + c.px(10);
    for (const std::string& paragraph : inspector_.meaning)
      y_ += c.paragraph({x_, y_}, w_, TextStyle::Body, Role::Text, paragraph) + c.px(8);
    if (!inspector_.syntax.empty()) {
      y_ += c.px(2);
      const float h = c.paragraph({x_ + c.px(12), y_}, w_ - c.px(24), TextStyle::Mono, Role::Dim,
                                  inspector_.syntax, 1.28f, false);
      c.fill({x_, y_, w_, h + c.px(12)}, c.color(Role::Raised), 6);
      c.paragraph({x_ + c.px(12), y_ + c.px(6)}, w_ - c.px(24), TextStyle::Mono, Role::Dim,
                  inspector_.syntax);
      y_ += h + c.px(22);
    } else {
      y_ += c.px(4);
    }
    draw_chips(c, inspector_.references);
    if (!inspector_.references.empty()) y_ += c.px(4);
  }

  void draw_heading(const Canvas& c, std::string_view title, std::string_view right) {
    y_ += c.px(18);
    c.text({x_, y_, w_, c.px(20)}, TextStyle::SmallStrong, Role::Dim, title);
    c.text({x_ + w_ * 0.35f, y_, w_ * 0.65f, c.px(20)}, TextStyle::Small, Role::Faint, right,
           Align::Right);
    y_ += c.px(28);
  }

  void draw_machine(const Canvas& c) {
    if (inspector_.machine.empty()) return;
    draw_heading(c, inspector_.machine_title, "");
    float x = x_;
    for (const StateNode& node : inspector_.machine) {
      const float w = c.width(TextStyle::Mono, node.name) + c.px(18);
      if (x > x_ && x + w > x_ + w_) x = x_, y_ += c.px(32);
      const Rect r{x, y_, w, c.px(26)};
      c.fill(r, c.color(node.current ? Role::Accent : Role::Raised), 13);
      if (!node.current) c.outline(r, c.color(node.passed ? Role::Faint : Role::Line), 13);
      c.text(r, node.current ? TextStyle::MonoStrong : TextStyle::Mono,
             node.current  ? Role::OnAccent
             : node.passed ? Role::Text
                           : Role::Faint,
             node.name, Align::Center);
      x += w + c.px(7);
    }
    y_ += c.px(34);
    if (!inspector_.next.empty())
      y_ += c.paragraph({x_, y_}, w_, TextStyle::Small, Role::Dim, inspector_.next);
  }

  // ---- layers and octets ----

  void draw_layers(View&, const Canvas& c) {
    if (inspector_.layers.empty()) return;
    draw_heading(c, "Layers", "a click opens one");
    float names = 0;
    for (const Layer& layer : inspector_.layers)
      names = std::max(names, c.width(TextStyle::SmallStrong, layer.name));
    for (std::size_t i = 0; i < inspector_.layers.size(); ++i) {
      const Layer& layer = inspector_.layers[i];
      const bool own = layer.role != Role::Faint;
      const Rect r{x_, y_, w_, c.px(30)};
      const bool lit = hovers(layer.begin, layer.end);
      c.fill(r, c.theme().tint(own ? layer.role : Role::Tcp, lit ? 0.26f : own ? 0.16f : 0.07f), 6);
      c.outline(r, c.theme().tint(own ? layer.role : Role::Tcp, own || lit ? 0.9f : 0.45f), 6);
      c.text({r.x + c.px(12), r.y, names + 2, r.h}, TextStyle::SmallStrong, Role::Text, layer.name);
      const float x = r.x + c.px(24) + names;
      c.text({x, r.y, r.right() - x - c.px(10), r.h}, TextStyle::Mono, Role::Dim, layer.summary);
      const Touch t = touch(("layer" + std::to_string(i)).c_str(), r);
      if (t.hovered) next_hover_ = {layer.begin, layer.end};
      if (t.pressed) open_layer_ = open_layer_ == static_cast<int>(i) ? -1 : static_cast<int>(i);
      y_ += c.px(36);
      if (open_layer_ == static_cast<int>(i)) draw_fields(c, layer);
    }
  }

  void draw_fields(const Canvas& c, const Layer& layer) {
    y_ +=
        c.paragraph({x_ + c.px(18), y_}, w_ - c.px(24), TextStyle::Mono, Role::Dim, layer.summary) +
        c.px(6);
    for (std::size_t i = 0; i < layer.fields.size(); ++i) {
      const Field& field = layer.fields[i];
      const Rect r{x_ + c.px(12), y_ - c.px(2), w_ - c.px(12), c.px(22)};
      const Touch t = touch(("field" + std::to_string(i)).c_str(), r);
      if (t.hovered) next_hover_ = {field.begin, field.end};
      const bool lit = !hover_.empty() && hover_.begin >= field.begin && hover_.end <= field.end;
      if (lit) c.fill(r, c.theme().tint(Role::Accent, 0.14f), 4);
      c.text({r.x + c.px(6), r.y, w_ * 0.44f, r.h}, TextStyle::Small, Role::Dim, field.name);
      c.text({r.x + w_ * 0.46f, r.y, w_ * 0.5f, r.h}, TextStyle::Mono, Role::Text, field.value);
      y_ += c.px(23);
    }
    y_ += c.px(6);
  }

  bool hovers(std::uint32_t begin, std::uint32_t end) const {
    return !hover_.empty() && hover_.begin >= begin && hover_.end <= end;
  }

  void draw_octets(const Canvas& c) {
    if (inspector_.octets.empty()) return;
    draw_heading(c, "Octets", fmt::format("{} on the wire", inspector_.wire_octets));
    const float pair = c.width(TextStyle::Mono, "00");
    const float offset = c.width(TextStyle::Mono, "0000") + c.px(12);
    const int columns = w_ - offset >= (pair + c.px(4.5f)) * 16 ? 16 : 8;
    const float cell = std::min(pair + c.px(9), (w_ - offset) / static_cast<float>(columns));
    const float row = c.px(22);
    const auto octets = static_cast<std::uint32_t>(inspector_.octets.size());
    const std::uint32_t rows =
        (octets + static_cast<std::uint32_t>(columns) - 1) / static_cast<std::uint32_t>(columns);
    const Rect area{x_ + offset - c.px(3), y_, cell * static_cast<float>(columns),
                    row * static_cast<float>(rows)};
    const Touch t = touch("octets", area);
    if (t.hovered) hover_octet(area, cell, row, columns, octets);
    const ImVec2 clip_min = ImGui::GetWindowPos();
    const float clip_bottom = clip_min.y + ImGui::GetWindowHeight();
    for (std::uint32_t i = 0; i < rows; ++i) {
      const float y = y_ + static_cast<float>(i) * row;
      if (y + row < clip_min.y || y > clip_bottom) continue;
      c.text({x_, y, offset, row}, TextStyle::Mono, Role::Faint,
             fmt::format("{:04x}", i * static_cast<std::uint32_t>(columns)));
      for (int k = 0; k < columns; ++k) {
        const std::uint32_t at =
            i * static_cast<std::uint32_t>(columns) + static_cast<std::uint32_t>(k);
        if (at >= octets) break;
        draw_octet(c, at, {x_ + offset + cell * static_cast<float>(k), y, cell, row});
      }
    }
    y_ += row * static_cast<float>(rows) + c.px(10);
    draw_characters(c);
  }

  void hover_octet(Rect area, float cell, float row, int columns, std::uint32_t octets) {
    const ImVec2 mouse = ImGui::GetMousePos();
    const int column = std::min(static_cast<int>((mouse.x - area.x) / cell), columns - 1);
    const auto at =
        static_cast<std::uint32_t>(static_cast<int>((mouse.y - area.y) / row) * columns + column);
    if (at < octets) next_hover_ = {at, at + 1};
  }

  Role role_of_octets() const {
    return inspector_.layers.empty() ? Role::Accent : inspector_.title_role;
  }

  void draw_octet(const Canvas& c, std::uint32_t at, Rect r) const {
    const bool own = at >= inspector_.hot_begin && at < inspector_.hot_end;
    const bool lit = hover_.holds(at);
    const float margin = (r.w - c.width(TextStyle::Mono, "00")) / 2;
    const Rect ground{r.x - margin, r.y + c.px(1.5f), r.w, r.h - c.px(3)};
    if (own) c.fill(ground, c.theme().tint(role_of_octets(), 0.2f));
    if (lit) c.fill(ground, c.theme().tint(Role::Accent, 0.45f), 3);
    const auto value = static_cast<unsigned char>(inspector_.octets[at]);
    c.text(r, own ? TextStyle::MonoStrong : TextStyle::Mono, own || lit ? Role::Text : Role::Dim,
           fmt::format("{:02x}", value));
  }

  // The PDU's octets as characters: control characters by their names.
  void draw_characters(const Canvas& c) {
    if (inspector_.characters.empty()) return;
    float x = x_;
    const float row = c.px(24);
    for (const CharToken& token : inspector_.characters) {
      const TextStyle style = token.control ? TextStyle::Small : TextStyle::MonoStrong;
      const float w = std::max(c.width(style, token.text) + c.px(token.control ? 8 : 3), c.px(12));
      if (x + w > x_ + w_) x = x_, y_ += row;
      const Rect r{x, y_, w, c.px(21)};
      if (token.control) c.fill(r, c.theme().tint(Role::Tcp, 0.14f), 4);
      if (hover_.holds(token.octet)) c.fill(r, c.theme().tint(Role::Accent, 0.45f), 4);
      if (r.contains(Point{ImGui::GetMousePos().x, ImGui::GetMousePos().y}) &&
          ImGui::IsWindowHovered())
        next_hover_ = {token.octet, token.octet + 1};
      c.text(r, style, token.control ? Role::Dim : role_of_octets(), token.text, Align::Center);
      x += w + c.px(2);
    }
    y_ += row;
    if (inspector_.characters_note.empty()) return;
    c.text({x_, y_, w_, c.px(22)}, TextStyle::Small, Role::Faint, inspector_.characters_note);
    y_ += c.px(22);
  }

  // ---- sections ----

  void draw_section(View& view, const Canvas& c, const Section& section) {
    draw_heading(c, section.title, section.right);
    float labels = 0;
    for (const Fact& fact : section.facts)
      labels = std::max(labels, c.width(TextStyle::Small, fact.label));
    labels = std::min(labels, w_ * 0.42f);
    const float x = x_ + labels + c.px(14), w = w_ - labels - c.px(14);
    for (std::size_t i = 0; i < section.facts.size(); ++i) {
      const Fact& fact = section.facts[i];
      const TextStyle style = fact.mono ? TextStyle::Mono : TextStyle::Small;
      const float h = c.paragraph({x, y_}, w, style, fact.role, fact.value, 1.4f, false);
      const Rect r{x_ - c.px(6), y_ - c.px(2), w_ + c.px(12), h + c.px(4)};
      if (fact.leads_to.kind != Selected::Nothing) follow_link(view, c, section.title, i, fact, r);
      c.text({x_, y_, labels + 1, std::min(h, c.px(20))}, TextStyle::Small, Role::Dim, fact.label);
      c.paragraph({x, y_}, w, style, fact.role, fact.value, 1.4f);
      y_ += h + c.px(4);
    }
    if (section.text.empty()) return;
    const float step = c.px(21);
    const Rect box{x_, y_, w_, step * static_cast<float>(section.text.size()) + c.px(14)};
    c.fill(box, c.color(Role::Raised), 6);
    y_ += c.px(7);
    for (const std::string& line : section.text) {
      c.text({x_ + c.px(12), y_, w_ - c.px(20), step}, TextStyle::Mono, Role::Text, line);
      y_ += step;
    }
    y_ += c.px(7);
  }

  static void follow_link(View& view, const Canvas& c, const std::string& title, std::size_t i,
                          const Fact& fact, Rect r) {
    const Touch t = touch((title + std::to_string(i)).c_str(), r);
    if (t.hovered) c.fill(r, c.color(Role::Raised), 5);
    if (!t.pressed) return;
    view.cursor.playing = false;
    if (fact.leads_to.kind == Selected::Pdu) {
      go_to_pdu(view.index, view.cursor, fact.leads_to.id);
    } else if (fact.leads_to.kind == Selected::Change) {
      go_to_change(view.index, view.cursor, fact.leads_to.id);
    } else {
      view.cursor.selection = fact.leads_to;
    }
  }

  Inspector inspector_;
  Selection shown_;
  Time shown_at_ = 0;
  std::uint64_t shown_of_ = 0;  // which view's
  bool made_ = false, fresh_ = false;
  int open_layer_ = -1;
  float x_ = 0, y_ = 0, w_ = 0;
  OctetSpan hover_, next_hover_;
};

}  // namespace

std::unique_ptr<Panel> make_inspector_panel() {
  return std::make_unique<InspectorPanel>();
}

}  // namespace mailscope::viz
