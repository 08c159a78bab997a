#include "viz/layout/follow.hpp"

#include <algorithm>

namespace mailscope::viz {
namespace {

Id find_pdu(const TraceIndex& index, const Place& place) {
  if (place.connection >= index.trace().connections.size()) return kNone;
  const auto found = std::ranges::find_if(index.pdus_of(place.connection), [&](Id id) {
    const trace::Pdu& pdu = index.trace().pdus[id];
    return pdu.begin == place.begin && pdu.kind == place.kind && pdu.direction == place.direction;
  });
  return found == index.pdus_of(place.connection).end() ? kNone : *found;
}

}  // namespace

bool at_end(const TraceIndex& index, const Cursor& cursor) {
  const std::size_t pdus = index.trace().pdus.size();
  if (pdus == 0 || cursor.time >= index.duration()) return true;
  return cursor.pdu != kNone && cursor.pdu + 1 == pdus;
}

Place place_of(const TraceIndex& index, const Cursor& cursor) {
  Place place;
  place.at_end = at_end(index, cursor) && !cursor.playing;
  if (cursor.pdu >= index.trace().pdus.size()) return place;
  const trace::Pdu& pdu = index.trace().pdus[cursor.pdu];
  place.connection = pdu.connection;
  place.direction = pdu.direction;
  place.kind = pdu.kind;
  place.begin = pdu.begin;
  return place;
}

void return_to(const TraceIndex& index, Cursor& cursor, const Place& place) {
  const Selection selection = cursor.selection;
  const bool stays = selection.kind == Selected::Host || selection.kind == Selected::Mail;
  if (place.at_end) {
    go_end(index, cursor);
    if (stays) cursor.selection = selection;
    return;
  }
  const Id before = cursor.pdu;
  cursor.pdu = find_pdu(index, place);
  if (selection.kind == Selected::Pdu)
    cursor.selection.id = selection.id == before ? cursor.pdu : kNone;
  if (cursor.selection.id == kNone) cursor.selection = {};
  cursor.time = std::min(cursor.time, index.duration());
}

}  // namespace mailscope::viz
