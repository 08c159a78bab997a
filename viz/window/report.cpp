#include "viz/window/report.hpp"

#include "captures/export/json_text.hpp"

namespace mailscope::viz {
namespace {

using export_::Object;

std::string number_or_none(Id id) {
  return id == kNone ? "-1" : std::to_string(id);
}

void add_view(Object& out, const View& view) {
  constexpr std::string_view kKinds[] = {"nothing", "pdu",  "frame",       "change",
                                         "host",    "mail", "intervention"};
  const Cursor& cursor = view.cursor;
  const trace::Trace& trace = view.index.trace();  // in order of time, as the list counts
  out.text("source", trace.source.name)
      .raw("time_ns", std::to_string(cursor.time))
      .raw("pdu", cursor.pdu == kNone ? "-1" : std::to_string(trace.place_in_time(cursor.pdu)))
      .text("selected", kKinds[static_cast<int>(cursor.selection.kind)])
      .raw("selected_id", number_or_none(cursor.selection.id))
      .truth("playing", cursor.playing)
      .text("mode", cursor.mode == PlayMode::Reading ? "reading" : "virtual")
      .raw("pace", fmt::format("{}", cursor.pace))
      .raw("speed", fmt::format("{}", cursor.speed))
      .truth("true_time", view.ladder.true_time)
      .raw("zoom", fmt::format("{}", view.ladder.zoom))
      .text("filter", view.filter)
      .truth("help", view.help)
      .truth("black", view.black)
      .number("step", cursor.note == kNone ? 0 : std::uint64_t{cursor.note} + 1);
}

}  // namespace

std::string report_window(const WindowState& state) {
  Object out;
  const Settings& settings = state.view ? state.view->settings : state.gallery.settings;
  out.text("shows", state.view ? "trace" : "gallery")
      .text("theme", settings.light ? "light" : "dark")
      .truth("lecture", settings.lecture)
      .number("frames", state.frames)
      .truth("palette", state.palette.shown());
  if (state.view) {
    add_view(out, *state.view);
  } else {
    out.number("card", state.gallery.selected())
        .text("typed", state.gallery.typed())
        .number("cards", state.gallery.shown());
  }
  export_::List performed;
  for (const std::string_view name : state.performed) performed.add(export_::json_string(name));
  return out.raw("performed", performed.str()).str();
}

}  // namespace mailscope::viz
